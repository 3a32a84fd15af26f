// Times as people type them: RFC 3339, "2026-01-31T10:00:00Z".
#ifndef LETHE_CLI_INPUT_TIME_TEXT_H_
#define LETHE_CLI_INPUT_TIME_TEXT_H_

#include <google/protobuf/timestamp.pb.h>

#include <string>

#include "absl/status/statusor.h"

namespace lethe::cli {

// USAGE unless `text` is an RFC 3339 time with its zone.
absl::StatusOr<google::protobuf::Timestamp> TimestampFrom(const std::string& text);

}  // namespace lethe::cli

#endif  // LETHE_CLI_INPUT_TIME_TEXT_H_
