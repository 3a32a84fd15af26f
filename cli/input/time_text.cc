#include "cli/input/time_text.h"

#include <google/protobuf/util/time_util.h>

#include "cli/output/failure.h"

namespace lethe::cli {

absl::StatusOr<google::protobuf::Timestamp> TimestampFrom(const std::string& text) {
  google::protobuf::Timestamp time;
  if (!google::protobuf::util::TimeUtil::FromString(text, &time)) {
    return Usage("a time looks like 2026-01-31T10:00:00Z (RFC 3339)");
  }
  return time;
}

}  // namespace lethe::cli
