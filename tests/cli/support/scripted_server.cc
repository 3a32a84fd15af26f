#include "tests/cli/support/scripted_server.h"

#include "base/check.h"
#include "cli/connect/contexts.h"
#include "cli/init/dev_certificates.h"
#include "lethe/rpc/v1/error.pb.h"

namespace lethe::test {

grpc::Status Refusal(grpc::StatusCode code, const std::string& reason,
                     const std::map<std::string, std::string>& metadata) {
  lethe::rpc::v1::ErrorInfo info;
  info.set_reason(reason);
  info.set_domain("lethe.vault");
  for (const auto& [key, value] : metadata) (*info.mutable_metadata())[key] = value;
  lethe::rpc::v1::Status details;
  details.set_code(code);
  auto& any = *details.add_details();
  any.set_type_url("type.googleapis.com/google.rpc.ErrorInfo");
  any.set_value(info.SerializeAsString());
  return {code, "refused", details.SerializeAsString()};
}

grpc::Status ScriptedVault::Next() {
  if (statuses.empty()) return grpc::Status::OK;
  grpc::Status status = statuses.front();
  statuses.pop_front();
  return status;
}

grpc::Status ScriptedVault::GetSubject(grpc::ServerContext*, const v1::GetSubjectRequest*,
                                       v1::Subject* response) {
  *response = subject;
  return Next();
}

grpc::Status ScriptedVault::CreateSubject(grpc::ServerContext*,
                                          const v1::CreateSubjectRequest* request,
                                          v1::Subject* response) {
  request_ids.push_back(request->request_id());
  *response = subject;
  return Next();
}

grpc::Status ScriptedVault::ListSubjects(grpc::ServerContext*,
                                         const v1::ListSubjectsRequest* request,
                                         v1::ListSubjectsResponse* response) {
  const std::string& token = request->page_token();
  *response = pages.at(token.empty() ? 0 : std::stoul(token));
  return Next();
}

grpc::Status ScriptedVault::CreateRecord(grpc::ServerContext*,
                                         const v1::CreateRecordRequest* request,
                                         v1::Record* response) {
  creation = *request;
  *response = request->record();
  return Next();
}

grpc::Status ScriptedVault::GetRecord(grpc::ServerContext*, const v1::GetRecordRequest*,
                                      v1::Record* response) {
  *response = record;
  return Next();
}

grpc::Status ScriptedVault::UpdateRecord(grpc::ServerContext*,
                                         const v1::UpdateRecordRequest* request,
                                         v1::UpdateRecordResponse* response) {
  update = *request;
  *response->mutable_record() = request->record();
  return Next();
}

grpc::Status ScriptedVault::ImportRecords(
    grpc::ServerContext*,
    grpc::ServerReaderWriter<v1::ImportRecordsResponse, v1::ImportRecordsRequest>* stream) {
  for (v1::ImportRecordsRequest chunk; stream->Read(&chunk);) {
    if (chunks_until_break-- == 0) return break_status;
    v1::ImportRecordsResponse answer;
    for (const v1::ImportItem& item : chunk.items()) {
      answer.set_last_line(item.line());
      if (item.line() == failing_line) {
        auto& failure = *answer.add_failures();
        failure.set_line(item.line());
        failure.set_reason("CATEGORY_UNKNOWN");
        failure.set_field("record.category");
        failure.set_rule("category_of_policy");
        continue;
      }
      imported.push_back(item);
      answer.set_imported_count(answer.imported_count() + 1);
    }
    stream->Write(answer);
  }
  return Next();
}

grpc::Status ScriptedRights::EraseSubject(grpc::ServerContext*,
                                          const v1::EraseSubjectRequest* request,
                                          v1::Erasure* response) {
  last = *request;
  if (!request->validate_only()) ++erased;
  *response = erasure;
  return grpc::Status::OK;
}

grpc::Status ScriptedRights::UndoErasure(grpc::ServerContext*,
                                         const v1::UndoErasureRequest* request,
                                         v1::Subject* response) {
  undone = request->name();
  response->set_name(request->name());
  return grpc::Status::OK;
}

grpc::Status ScriptedRights::OffboardTenant(grpc::ServerContext*,
                                            const v1::OffboardTenantRequest* request,
                                            v1::Erasure* response) {
  if (!request->validate_only()) ++offboarded;
  *response = erasure;
  return grpc::Status::OK;
}

grpc::Status ScriptedRights::GenerateAccessReport(grpc::ServerContext*,
                                                  const v1::GenerateAccessReportRequest*,
                                                  grpc::ServerWriter<v1::ArtifactChunk>* writer) {
  for (const auto& chunk : artifact) writer->Write(chunk);
  return artifact_status;
}

grpc::Status ScriptedAdmin::Answer(std::string call, const std::string& request_id,
                                   v1::KeyStatus* response) {
  calls.push_back(std::move(call));
  request_ids.push_back(request_id);
  *response = keys;
  if (statuses.empty()) return grpc::Status::OK;
  grpc::Status status = statuses.front();
  statuses.pop_front();
  return status;
}

grpc::Status ScriptedAdmin::GetKeyStatus(grpc::ServerContext*, const v1::GetKeyStatusRequest*,
                                         v1::KeyStatus* response) {
  return Answer("GetKeyStatus", "", response);
}

grpc::Status ScriptedAdmin::RotateRoot(grpc::ServerContext*, const v1::RotateRootRequest* request,
                                       v1::KeyStatus* response) {
  return Answer("RotateRoot", request->request_id(), response);
}

grpc::Status ScriptedAdmin::StepHorizon(grpc::ServerContext*, const v1::StepHorizonRequest* request,
                                        v1::KeyStatus* response) {
  return Answer("StepHorizon", request->request_id(), response);
}

grpc::Status ScriptedAdmin::AttestHorizon(grpc::ServerContext*,
                                          const v1::AttestHorizonRequest* request,
                                          v1::KeyStatus* response) {
  return Answer("AttestHorizon " + request->key_id(), request->request_id(), response);
}

grpc::Status ScriptedAdmin::RetireHolder(grpc::ServerContext*,
                                         const v1::RetireHolderRequest* request,
                                         v1::KeyStatus* response) {
  return Answer("RetireHolder " + request->holder(), request->request_id(), response);
}

grpc::Status ScriptedAdmin::RejoinHolder(grpc::ServerContext*,
                                         const v1::RejoinHolderRequest* request,
                                         v1::KeyStatus* response) {
  return Answer("RejoinHolder " + request->holder(), request->request_id(), response);
}

ScriptedServer::ScriptedServer(CliRunner& runner) {
  const std::string certificates = runner.folder / "tls";
  LETHE_CHECK(cli::WriteDevCertificates(certificates, {"acme"}, SystemClock()).ok());
  grpc::SslServerCredentialsOptions options(
      GRPC_SSL_REQUEST_AND_REQUIRE_CLIENT_CERTIFICATE_AND_VERIFY);
  options.pem_root_certs = ReadFile(certificates + "/ca.crt");
  options.pem_key_cert_pairs = {
      {ReadFile(certificates + "/server.key"), ReadFile(certificates + "/server.crt")}};
  grpc::ServerBuilder builder;
  int port = 0;
  builder.AddListeningPort("127.0.0.1:0", grpc::SslServerCredentials(options), &port);
  builder.RegisterService(&vault);
  builder.RegisterService(&rights);
  builder.RegisterService(&admin);
  server_ = builder.BuildAndStart();
  LETHE_CHECK(server_ != nullptr);
  address = "127.0.0.1:" + std::to_string(port);
  cli::Contexts contexts;
  contexts.Put({.name = "test",
                .address = address,
                .tenant = "acme",
                .ca = certificates + "/ca.crt",
                .cert = certificates + "/acme.crt",
                .key = certificates + "/acme.key",
                .purpose = "service"});
  LETHE_CHECK(contexts.Use("test").ok());
  LETHE_CHECK(contexts.Save(runner.environment.at("LETHE_CONTEXTS")).ok());
}

ScriptedServer::~ScriptedServer() { server_->Shutdown(); }

}  // namespace lethe::test
