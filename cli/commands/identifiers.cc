// lethe subject add-identifier|remove-identifier.
#include <ostream>

#include "base/status_macros.h"
#include "cli/commands/change_options.h"
#include "cli/commands/command.h"
#include "cli/input/confirm.h"
#include "cli/input/subject_option.h"

namespace lethe::cli {
namespace {

using Vault = v1::VaultService::StubInterface;

// The subject is given by its name here, so that the one identifier in a file is the one to add or
// to remove.
struct IdentifierOptions {
  std::string name;
  IdentifierOption identifier;
  bool dry_run = false;
  std::string confirm;
  std::string request_id;
};

void BindAdd(CLI::App& verb, IdentifierOptions& options) {
  verb.add_option("SUBJECT", options.name, "Name (tenants/T/subjects/UUID) or UUID")->required();
  BindIdentifier(verb, options.identifier);
  BindRequestId(verb, options.request_id);
}

void BindRemove(CLI::App& verb, IdentifierOptions& options) {
  BindAdd(verb, options);
  verb.add_flag("--dry-run", options.dry_run, "Only see whether it is this subject's");
  verb.add_option("--confirm", options.confirm, "The subject's whole name: remove without asking");
}

template <typename Request>
absl::StatusOr<Request> RequestFrom(const Invocation& invocation, const Connection& connection,
                                    const IdentifierOptions& options) {
  if (!options.identifier.given()) {
    return Usage("give --identifier-file, or --type with --value-file");
  }
  Request request;
  LETHE_ASSIGN(*request.mutable_subject()->mutable_name(),
               SubjectNameFrom(options.name, connection.tenant_name));
  LETHE_ASSIGN(*request.mutable_identifier(),
               ReadIdentifier(invocation.console(), options.identifier));
  SetPurposeAndId(connection, options.request_id, request);
  return request;
}

absl::StatusOr<ExitCode> Add(const Invocation& invocation, const IdentifierOptions& options) {
  LETHE_ASSIGN(const Connection connection, Connection::Open(invocation));
  LETHE_ASSIGN(const auto request,
               RequestFrom<v1::AddIdentifierRequest>(invocation, connection, options));
  LETHE_ASSIGN(const v1::Subject subject,
               connection.client.Call(connection.client.vault(), &Vault::AddIdentifier, request));
  invocation.printer().Print(subject);
  return ExitCode::kOk;
}

// What a dry run of a removal shows: whose it is.
absl::StatusOr<v1::Subject> OwnerOf(const Connection& connection,
                                    const v1::RemoveIdentifierRequest& removal) {
  v1::LookupSubjectRequest request;
  request.mutable_identifier()->set_parent(connection.tenant_name);
  request.mutable_identifier()->set_type(removal.identifier().type());
  request.mutable_identifier()->set_value(removal.identifier().value());
  request.set_purpose(connection.purpose);
  LETHE_ASSIGN(const v1::Subject owner,
               connection.client.Call(connection.client.vault(), &Vault::LookupSubject, request));
  if (owner.name() != removal.subject().name()) {
    return Usage("this identifier belongs to another subject");
  }
  return owner;
}

absl::StatusOr<ExitCode> Remove(const Invocation& invocation, const IdentifierOptions& options) {
  LETHE_ASSIGN(const Connection connection, Connection::Open(invocation));
  LETHE_ASSIGN(const auto request,
               RequestFrom<v1::RemoveIdentifierRequest>(invocation, connection, options));
  if (options.dry_run) {
    LETHE_ASSIGN(const v1::Subject owner, OwnerOf(connection, request));
    invocation.printer().Print(owner);
    return ExitCode::kOk;
  }
  LETHE_TRY(ConfirmDestruction(invocation.console(), request.subject().name(), options.confirm));
  LETHE_ASSIGN(
      const v1::Subject subject,
      connection.client.Call(connection.client.vault(), &Vault::RemoveIdentifier, request));
  invocation.printer().Print(subject);
  return ExitCode::kOk;
}

}  // namespace

void AddIdentifierVerbs(CLI::App& subject, CommandLine& line) {
  AddVerb<IdentifierOptions>(subject, line, "add-identifier", "Give a subject one more identifier",
                             BindAdd, Add);
  AddVerb<IdentifierOptions>(subject, line, "remove-identifier",
                             "Destroy the key of one identifier", BindRemove, Remove);
}

}  // namespace lethe::cli
