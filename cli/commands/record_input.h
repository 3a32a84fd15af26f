// Where a single record's content comes from: a document (record_document.h), or a file with the
// bare bytes and flags beside it.
#ifndef LETHE_CLI_COMMANDS_RECORD_INPUT_H_
#define LETHE_CLI_COMMANDS_RECORD_INPUT_H_

#include <CLI/CLI.hpp>
#include <string>

#include "absl/status/status.h"
#include "cli/commands/command.h"
#include "lethe/v1/record.pb.h"

namespace lethe::cli {

struct RecordOption {
  std::string file;        // -f: a document.
  std::string value_file;  // --value-file: the bare bytes.
  std::string media_type;
  v1::Source source = v1::SOURCE_UNSPECIFIED;
  std::string category;     // Bound where a record is made, not where it is corrected.
  std::string origin_time;  // Likewise.
};

// -f FILE|-, --value-file FILE|-, --media-type, --source. Flags beat the document.
void BindRecord(CLI::App& verb, RecordOption& option);
// USAGE names the member and the rule.
absl::Status ReadRecordInput(Console& console, const RecordOption& option, v1::Record& record);

// As -o says; a table shows text as text and not in base64.
void PrintRecord(const Invocation& invocation, const v1::Record& record);

}  // namespace lethe::cli

#endif  // LETHE_CLI_COMMANDS_RECORD_INPUT_H_
