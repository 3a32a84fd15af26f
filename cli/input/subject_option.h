// How a command line names a subject: by the vault's random name as an argument, or by an
// identifier out of a file, since an identifier is personal data.
#ifndef LETHE_CLI_INPUT_SUBJECT_OPTION_H_
#define LETHE_CLI_INPUT_SUBJECT_OPTION_H_

#include <CLI/CLI.hpp>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "cli/output/console.h"
#include "lethe/v1/subject.pb.h"

namespace lethe::cli {

// --identifier-file FILE|- with {"type": …, "value": …}, or --type TYPE --value-file FILE|- with
// the bare value (one line break at its end is not part of it).
struct IdentifierOption {
  std::string file;
  std::string type;
  std::string value_file;

  bool given() const { return !file.empty() || !value_file.empty(); }
};

void BindIdentifier(CLI::App& verb, IdentifierOption& option);
absl::StatusOr<v1::Identifier> ReadIdentifier(Console& console, const IdentifierOption& option);

struct SubjectOption {
  std::string name;  // SUBJECT: its whole name or its UUID alone.
  IdentifierOption identifier;
};

void BindSubject(CLI::App& verb, SubjectOption& option);
// USAGE: neither or both ways were used, or the argument is no name; it is not repeated in the
// message, in case it is an identifier.
absl::StatusOr<v1::SubjectRef> ReadSubject(Console& console, const SubjectOption& option,
                                           const std::string& tenant_name);

// Of {"type": …, "value": …}, with no other member.
absl::StatusOr<v1::Identifier> IdentifierFromJson(std::string_view json);

// tenants/{tenant}/subjects/{uuid} for a whole name or a UUID.
absl::StatusOr<std::string> SubjectNameFrom(const std::string& text,
                                            const std::string& tenant_name);

}  // namespace lethe::cli

#endif  // LETHE_CLI_INPUT_SUBJECT_OPTION_H_
