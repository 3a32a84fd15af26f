// What went wrong, in the words the person at the terminal gets. Inside the client a failure
// travels as an absl::Status; its payload carries what a status has no place for.
#ifndef LETHE_CLI_OUTPUT_FAILURE_H_
#define LETHE_CLI_OUTPUT_FAILURE_H_

#include <map>
#include <string>

#include "absl/status/status.h"
#include "cli/output/exit_code.h"

namespace grpc {
class Status;
}

namespace lethe::cli {

struct Failure {
  ExitCode exit = ExitCode::kLocal;
  std::string code;    // A status code's name ("NOT_FOUND"), "USAGE", "DECLINED" or "INTERRUPTED".
  std::string reason;  // As in google.rpc.ErrorInfo; empty for what happened on this machine.
  std::string message;
  std::map<std::string, std::string> metadata;
  std::string request_id;  // Empty where the call changes nothing.
};

// The command line asks for something that cannot be: exit 1.
absl::Status Usage(const std::string& message);
// Somebody said no: exit 3.
absl::Status Declined(const std::string& message);
// Ctrl-C: exit 130.
absl::Status Interrupted(const std::string& message);
// What the server answered; `request_id` is the call's. OK stays OK.
absl::Status FromRpc(const grpc::Status& status, const std::string& request_id);

// Any status of this process in those words. One that none of the functions above made happened
// on this machine: exit 1.
Failure Describe(const absl::Status& status);
ExitCode ExitCodeOf(absl::StatusCode code);

// One JSON object {code, reason, message, metadata, request_id} on one line.
std::string ToJson(const Failure& failure);
// For people: "lethe: message (REASON)", then what else is known, a line each.
std::string ToText(const Failure& failure);

}  // namespace lethe::cli

#endif  // LETHE_CLI_OUTPUT_FAILURE_H_
