#include "cli/input/confirm.h"

#include <algorithm>
#include <iostream>

#include "cli/output/failure.h"

namespace lethe::cli {
namespace {

// `how`: what a script should have given.
absl::Status Confirm(Console& console, const std::string& name, const std::string& confirm,
                     const char* how) {
  if (!confirm.empty()) {
    if (confirm == name) return absl::OkStatus();
    return Declined("--confirm names something else; nothing was changed");
  }
  if (!console.in_is_terminal) return Usage(how);
  const std::string end = name.substr(name.size() - std::min(name.size(), kTypedCharacters));
  console.err << "This cannot be undone: " << name << "\nType its last " << end.size()
              << " characters to go on: " << std::flush;
  std::string typed;
  std::getline(console.in, typed);
  if (typed == end) return absl::OkStatus();
  return Declined("not confirmed; nothing was changed");
}

}  // namespace

absl::Status ConfirmDestruction(Console& console, const std::string& name,
                                const std::string& confirm) {
  return Confirm(console, name, confirm,
                 "this destroys data: look with --dry-run, then give --confirm=NAME (no terminal "
                 "to ask at)");
}

absl::Status ConfirmForGood(Console& console, const std::string& name, const std::string& confirm) {
  return Confirm(console, name, confirm,
                 "this is for good: give the name again as --confirm=NAME (no terminal to ask at)");
}

}  // namespace lethe::cli
