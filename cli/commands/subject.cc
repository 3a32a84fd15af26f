// lethe subject create|get|list|lookup; its other verbs are in the files beside this one.
#include "base/status_macros.h"
#include "cli/commands/change_options.h"
#include "cli/commands/command.h"
#include "cli/commands/paging.h"
#include "cli/input/input.h"
#include "cli/input/json_object.h"
#include "cli/input/subject_option.h"

namespace lethe::cli {
namespace {

using Vault = v1::VaultService::StubInterface;

struct CreateOptions {
  std::string file;
  IdentifierOption identifier;
  std::string request_id;
};

void BindCreate(CLI::App& verb, CreateOptions& options) {
  auto* file = verb.add_option("-f,--file", options.file,
                               R"(FILE or - with {"identifiers": [{"type", "value"}, ...]})");
  BindIdentifier(verb, options.identifier);
  verb.get_option("--identifier-file")->excludes(file);
  verb.get_option("--value-file")->excludes(file);
  BindRequestId(verb, options.request_id);
}

absl::Status ReadIdentifiers(Console& console, const CreateOptions& options,
                             v1::CreateSubjectRequest& request) {
  if (options.identifier.given()) {
    LETHE_ASSIGN(*request.add_identifiers(), ReadIdentifier(console, options.identifier));
  }
  if (options.file.empty()) return absl::OkStatus();
  LETHE_ASSIGN(const std::string json, ReadInput(console, options.file));
  const auto members = MembersOf(json);
  if (!members.ok() || members->size() != 1 || !members->contains("identifiers")) {
    return Usage("a subject is one JSON object {\"identifiers\": [{\"type\", \"value\"}, …]}");
  }
  const auto identifiers = ElementsOf(members->at("identifiers"));
  if (!identifiers.ok()) return Usage("identifiers: not an array");
  for (const std::string_view identifier : *identifiers) {
    LETHE_ASSIGN(*request.add_identifiers(), IdentifierFromJson(identifier));
  }
  return absl::OkStatus();
}

absl::StatusOr<ExitCode> Create(const Invocation& invocation, const CreateOptions& options) {
  LETHE_ASSIGN(const Connection connection, Connection::Open(invocation));
  v1::CreateSubjectRequest request;
  LETHE_TRY(ReadIdentifiers(invocation.console(), options, request));
  request.set_parent(connection.tenant_name);
  SetPurposeAndId(connection, options.request_id, request);
  LETHE_ASSIGN(const v1::Subject subject,
               connection.client.Call(connection.client.vault(), &Vault::CreateSubject, request));
  invocation.printer().Print(subject);
  return ExitCode::kOk;
}

absl::StatusOr<ExitCode> Get(const Invocation& invocation, const SubjectOption& options) {
  LETHE_ASSIGN(const Connection connection, Connection::Open(invocation));
  v1::GetSubjectRequest request;
  LETHE_ASSIGN(*request.mutable_subject(),
               ReadSubject(invocation.console(), options, connection.tenant_name));
  request.set_purpose(connection.purpose);
  LETHE_ASSIGN(const v1::Subject subject,
               connection.client.Call(connection.client.vault(), &Vault::GetSubject, request));
  invocation.printer().Print(subject);
  return ExitCode::kOk;
}

absl::StatusOr<ExitCode> Lookup(const Invocation& invocation, const IdentifierOption& options) {
  if (!options.given()) return Usage("give --identifier-file, or --type with --value-file");
  LETHE_ASSIGN(const Connection connection, Connection::Open(invocation));
  LETHE_ASSIGN(const v1::Identifier identifier, ReadIdentifier(invocation.console(), options));
  v1::LookupSubjectRequest request;
  request.mutable_identifier()->set_parent(connection.tenant_name);
  request.mutable_identifier()->set_type(identifier.type());
  request.mutable_identifier()->set_value(identifier.value());
  request.set_purpose(connection.purpose);
  LETHE_ASSIGN(const v1::Subject subject,
               connection.client.Call(connection.client.vault(), &Vault::LookupSubject, request));
  invocation.printer().Print(subject);
  return ExitCode::kOk;
}

TableRow RowOf(const Json& subject) {
  const bool restricted = subject.value("restricted", false);
  std::string state = subject.value("state", "");
  if (state.starts_with("STATE_")) state.erase(0, std::string("STATE_").size());
  return {subject.value("name", ""), state, restricted ? "yes" : "no",
          subject.value("changeCounter", ""), subject.value("createTime", "")};
}

absl::StatusOr<ExitCode> List(const Invocation& invocation, const PagingOption& options) {
  LETHE_ASSIGN(const Connection connection, Connection::Open(invocation));
  v1::ListSubjectsRequest request;
  request.set_parent(connection.tenant_name);
  request.set_purpose(connection.purpose);
  ListPrinter printer(invocation.format(), invocation.console().out, "subjects",
                      {"NAME", "STATE", "RESTRICTED", "CHANGES", "CREATED"}, RowOf);
  const auto fetch = [&](const v1::ListSubjectsRequest& page) {
    return connection.client.Call(connection.client.vault(), &Vault::ListSubjects, page);
  };
  const auto items = [](const auto& response) -> const auto& { return response.subjects(); };
  LETHE_TRY(PrintPages(invocation, options, request, printer, fetch, items));
  return ExitCode::kOk;
}

}  // namespace

void AddSubjectCommands(CLI::App& app, CommandLine& line) {
  CLI::App* subject = app.add_subcommand("subject", "The people whose data the vault keeps");
  subject->require_subcommand(1);
  AddVerb<CreateOptions>(*subject, line, "create", "A new subject", BindCreate, Create);
  AddVerb<SubjectOption>(*subject, line, "get", "One subject's state", BindSubject, Get);
  AddVerb<PagingOption>(*subject, line, "list", "All subjects of the tenant", BindPaging, List);
  AddVerb<IdentifierOption>(*subject, line, "lookup", "Find a subject by an identifier",
                            BindIdentifier, Lookup);
  AddEraseVerbs(*subject, line);
  AddActVerbs(*subject, line);
  AddArtifactVerbs(*subject, line);
  AddIdentifierVerbs(*subject, line);
}

}  // namespace lethe::cli
