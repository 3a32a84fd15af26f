// lethe record create|get|list|update|delete; import is in the file beside this one.
#include <ostream>

#include "base/status_macros.h"
#include "cli/commands/change_options.h"
#include "cli/commands/command.h"
#include "cli/commands/paging.h"
#include "cli/commands/record_input.h"
#include "cli/input/confirm.h"
#include "cli/input/subject_option.h"

namespace lethe::cli {
namespace {

using Vault = v1::VaultService::StubInterface;

struct CreateOptions {
  SubjectOption subject;
  RecordOption record;
  std::string request_id;
};

void BindCreate(CLI::App& verb, CreateOptions& options) {
  verb.add_option("SUBJECT", options.subject.name, "Name (tenants/T/subjects/UUID) or UUID");
  verb.add_option("--identifier-file", options.subject.identifier.file,
                  R"(FILE or - with {"type": "...", "value": "..."} instead of SUBJECT)");
  BindRecord(verb, options.record);
  verb.add_option("--category", options.record.category, "One of the tenant's policy");
  verb.add_option("--origin-time", options.record.origin_time,
                  "RFC 3339: when the data came to be, if not now");
  BindRequestId(verb, options.request_id);
}

absl::StatusOr<ExitCode> Create(const Invocation& invocation, const CreateOptions& options) {
  LETHE_ASSIGN(const Connection connection, Connection::Open(invocation));
  v1::CreateRecordRequest request;
  LETHE_ASSIGN(*request.mutable_subject(),
               ReadSubject(invocation.console(), options.subject, connection.tenant_name));
  LETHE_TRY(ReadRecordInput(invocation.console(), options.record, *request.mutable_record()));
  SetPurposeAndId(connection, options.request_id, request);
  LETHE_ASSIGN(const v1::Record record,
               connection.client.Call(connection.client.vault(), &Vault::CreateRecord, request));
  PrintRecord(invocation, record);
  return ExitCode::kOk;
}

struct GetOptions {
  std::string name;
  bool data_only = false;
};

void BindName(CLI::App& verb, std::string& name) {
  verb.add_option("RECORD", name, "Name (tenants/T/subjects/UUID/records/UUID)")->required();
}

void BindGet(CLI::App& verb, GetOptions& options) {
  BindName(verb, options.name);
  verb.add_flag("--data", options.data_only, "Its content alone, byte by byte");
}

absl::StatusOr<v1::Record> Fetch(const Connection& connection, const std::string& name) {
  v1::GetRecordRequest request;
  request.set_name(name);
  request.set_purpose(connection.purpose);
  return connection.client.Call(connection.client.vault(), &Vault::GetRecord, request);
}

absl::StatusOr<ExitCode> Get(const Invocation& invocation, const GetOptions& options) {
  LETHE_ASSIGN(const Connection connection, Connection::Open(invocation));
  LETHE_ASSIGN(const v1::Record record, Fetch(connection, options.name));
  if (options.data_only) {
    invocation.console().out << record.data();
  } else {
    PrintRecord(invocation, record);
  }
  return ExitCode::kOk;
}

struct ListOptions {
  SubjectOption subject;
  std::string category;
  PagingOption paging;
};

void BindList(CLI::App& verb, ListOptions& options) {
  BindSubject(verb, options.subject);
  verb.add_option("--category", options.category, "Only this one");
  BindPaging(verb, options.paging);
}

TableRow RowOf(const Json& record) {
  return {record.value("name", ""), record.value("category", ""),
          std::to_string(record.value("version", 0)), record.value("originTime", ""),
          record.value("expireTime", "-")};
}

absl::StatusOr<ExitCode> List(const Invocation& invocation, const ListOptions& options) {
  LETHE_ASSIGN(const Connection connection, Connection::Open(invocation));
  v1::ListRecordsRequest request;
  LETHE_ASSIGN(*request.mutable_subject(),
               ReadSubject(invocation.console(), options.subject, connection.tenant_name));
  request.set_category(options.category);
  request.set_purpose(connection.purpose);
  ListPrinter printer(invocation.format(), invocation.console().out, "records",
                      {"NAME", "CATEGORY", "VERSION", "ORIGIN", "EXPIRES"}, RowOf);
  const auto fetch = [&](const v1::ListRecordsRequest& page) {
    return connection.client.Call(connection.client.vault(), &Vault::ListRecords, page);
  };
  const auto items = [](const auto& response) -> const auto& { return response.records(); };
  LETHE_TRY(PrintPages(invocation, options.paging, request, printer, fetch, items));
  return ExitCode::kOk;
}

struct UpdateOptions {
  std::string name;
  RecordOption record;
  std::string etag;
  std::string request_id;
};

void BindUpdate(CLI::App& verb, UpdateOptions& options) {
  BindName(verb, options.name);
  BindRecord(verb, options.record);
  verb.add_option("--etag", options.etag, "Update only if the record is still as it was read");
  BindRequestId(verb, options.request_id);
}

absl::StatusOr<ExitCode> Update(const Invocation& invocation, const UpdateOptions& options) {
  LETHE_ASSIGN(const Connection connection, Connection::Open(invocation));
  v1::UpdateRecordRequest request;
  LETHE_TRY(ReadRecordInput(invocation.console(), options.record, *request.mutable_record()));
  request.mutable_record()->set_name(options.name);
  request.mutable_record()->set_etag(options.etag);
  SetPurposeAndId(connection, options.request_id, request);
  LETHE_ASSIGN(const auto response,
               connection.client.Call(connection.client.vault(), &Vault::UpdateRecord, request));
  PrintRecord(invocation, response.record());
  const Json json = ToJson(response);
  invocation.console().err << "the old bytes are dead by " << json.value("keyDeathTime", "?")
                           << "\n";
  return ExitCode::kOk;
}

struct DeleteOptions {
  std::string name;
  bool dry_run = false;
  std::string confirm;
  std::string etag;
  std::string request_id;
};

void BindDelete(CLI::App& verb, DeleteOptions& options) {
  BindName(verb, options.name);
  verb.add_flag("--dry-run", options.dry_run, "Only see whether it is there");
  verb.add_option("--confirm", options.confirm, "The record's whole name: delete without asking");
  verb.add_option("--etag", options.etag, "Delete only if the record is still as it was read");
  BindRequestId(verb, options.request_id);
}

absl::StatusOr<ExitCode> Delete(const Invocation& invocation, const DeleteOptions& options) {
  LETHE_ASSIGN(const Connection connection, Connection::Open(invocation));
  if (options.dry_run) {
    LETHE_ASSIGN(v1::Record record, Fetch(connection, options.name));
    // Whoever looks before a delete needs the record's frame, not what it says of a person.
    record.clear_data();
    record.clear_source_detail();
    invocation.printer().Print(record);
    return ExitCode::kOk;
  }
  LETHE_TRY(ConfirmDestruction(invocation.console(), options.name, options.confirm));
  v1::DeleteRecordRequest request;
  request.set_name(options.name);
  request.set_purpose(connection.purpose);
  request.set_etag(options.etag);
  request.set_request_id(IdOrNew(options.request_id));
  LETHE_ASSIGN(const auto response,
               connection.client.Call(connection.client.vault(), &Vault::DeleteRecord, request));
  invocation.printer().Print(response);
  return ExitCode::kOk;
}

}  // namespace

void AddRecordCommands(CLI::App& app, CommandLine& line) {
  CLI::App* record = app.add_subcommand("record", "Pieces of personal data");
  record->require_subcommand(1);
  AddVerb<CreateOptions>(*record, line, "create", "A new record", BindCreate, Create);
  AddVerb<GetOptions>(*record, line, "get", "Read one record", BindGet, Get);
  AddVerb<ListOptions>(*record, line, "list", "Records of one subject", BindList, List);
  AddVerb<UpdateOptions>(*record, line, "update", "Correct a record (Art. 16)", BindUpdate, Update);
  AddVerb<DeleteOptions>(*record, line, "delete", "Destroy the key of one record", BindDelete,
                         Delete);
  AddImportVerb(*record, line);
}

}  // namespace lethe::cli
