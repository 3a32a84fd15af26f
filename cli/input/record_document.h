// A record as it stands in a file: the JSON of `lethe record create -f` and of an import's lines.
//
//   {"category": "account", "data": {…}, "source": "provided", "origin_time":
//   "2026-01-31T10:00:00Z"}
//
// The content is one of: "data", a JSON object stored byte by byte as it stands; "text", stored as
// UTF-8 (text/plain); "data_base64", any bytes, with their "media_type".
#ifndef LETHE_CLI_INPUT_RECORD_DOCUMENT_H_
#define LETHE_CLI_INPUT_RECORD_DOCUMENT_H_

#include <map>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "cli/input/json_object.h"
#include "lethe/v1/record.pb.h"

namespace lethe::cli {

// What is wrong with a document: a member and a rule, never a value.
struct Fault {
  std::string field;
  std::string rule;

  std::string ToString() const { return field + ": " + rule; }
};

inline const std::map<std::string, v1::Source> kSources = {
    {"provided", v1::SOURCE_PROVIDED},
    {"observed", v1::SOURCE_OBSERVED},
    {"derived", v1::SOURCE_DERIVED},
    {"third-party", v1::SOURCE_THIRD_PARTY},
};

// Fills `record` from `members`; none may be unknown, and there is at most one kind of content.
// What must be there, and how large it may be, is for the server to say.
std::optional<Fault> ReadRecord(const JsonMembers& members, v1::Record& record);

}  // namespace lethe::cli

#endif  // LETHE_CLI_INPUT_RECORD_DOCUMENT_H_
