// What every verb that changes something says of itself: for what it is done, and the id that makes
// a repetition harmless.
#ifndef LETHE_CLI_COMMANDS_CHANGE_OPTIONS_H_
#define LETHE_CLI_COMMANDS_CHANGE_OPTIONS_H_

#include <CLI/CLI.hpp>
#include <string>

#include "cli/commands/command.h"
#include "cli/connect/request_id.h"

namespace lethe::cli {

inline void BindRequestId(CLI::App& verb, std::string& request_id) {
  verb.add_option("--request-id", request_id, "UUID; the same again changes nothing more");
}

// As typed; empty: a fresh one.
inline std::string IdOrNew(const std::string& typed) {
  return typed.empty() ? NewRequestId() : typed;
}

// `Request` has the fields `purpose` and `request_id`.
template <typename Request>
void SetPurposeAndId(const Connection& connection, const std::string& typed_id, Request& request) {
  request.set_purpose(connection.purpose);
  request.set_request_id(IdOrNew(typed_id));
}

}  // namespace lethe::cli

#endif  // LETHE_CLI_COMMANDS_CHANGE_OPTIONS_H_
