// A gRPC server over real mutual TLS whose answers a test writes, so that the client's side of
// every conversation can be shown: refusals, streams that break, acknowledgements.
#ifndef LETHE_TESTS_CLI_SUPPORT_SCRIPTED_SERVER_H_
#define LETHE_TESTS_CLI_SUPPORT_SCRIPTED_SERVER_H_

#include <grpcpp/grpcpp.h>

#include <atomic>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "lethe/v1/admin_service.grpc.pb.h"
#include "lethe/v1/rights_service.grpc.pb.h"
#include "lethe/v1/vault_service.grpc.pb.h"
#include "tests/cli/support/cli_runner.h"

namespace lethe::test {

// grpc::Status as lethed sends it, with an ErrorInfo.
grpc::Status Refusal(grpc::StatusCode code, const std::string& reason,
                     const std::map<std::string, std::string>& metadata = {});

class ScriptedVault final : public v1::VaultService::Service {
 public:
  // Each call takes the next of these; none left: OK.
  std::deque<grpc::Status> statuses;
  v1::Subject subject;
  std::vector<v1::ListSubjectsResponse> pages;  // By page token: "" is 0, "1" is 1.
  v1::Record record;
  std::vector<std::string> request_ids;  // Of every change, as they came.
  v1::UpdateRecordRequest update;        // The last one.
  v1::CreateRecordRequest creation;      // The last one.

  // The import acknowledges so many chunks, then ends one stream with `break_status`.
  std::atomic<int> chunks_until_break = 1'000'000;
  grpc::Status break_status = Refusal(grpc::StatusCode::UNAVAILABLE, "SHUTTING_DOWN");
  std::vector<v1::ImportItem> imported;
  std::int64_t failing_line = 0;

  grpc::Status GetSubject(grpc::ServerContext*, const v1::GetSubjectRequest* request,
                          v1::Subject* response) override;
  grpc::Status CreateSubject(grpc::ServerContext*, const v1::CreateSubjectRequest* request,
                             v1::Subject* response) override;
  grpc::Status ListSubjects(grpc::ServerContext*, const v1::ListSubjectsRequest* request,
                            v1::ListSubjectsResponse* response) override;
  grpc::Status CreateRecord(grpc::ServerContext*, const v1::CreateRecordRequest* request,
                            v1::Record* response) override;
  grpc::Status GetRecord(grpc::ServerContext*, const v1::GetRecordRequest*,
                         v1::Record* response) override;
  grpc::Status UpdateRecord(grpc::ServerContext*, const v1::UpdateRecordRequest* request,
                            v1::UpdateRecordResponse* response) override;
  grpc::Status ImportRecords(grpc::ServerContext*,
                             grpc::ServerReaderWriter<v1::ImportRecordsResponse,
                                                      v1::ImportRecordsRequest>* stream) override;

 private:
  grpc::Status Next();
};

class ScriptedRights final : public v1::RightsService::Service {
 public:
  v1::Erasure erasure;
  int erased = 0;  // Calls that were no dry run.
  v1::EraseSubjectRequest last;
  int offboarded = 0;  // Likewise.
  std::string undone;  // The last subject's name.
  std::vector<v1::ArtifactChunk> artifact;
  grpc::Status artifact_status;

  grpc::Status EraseSubject(grpc::ServerContext*, const v1::EraseSubjectRequest* request,
                            v1::Erasure* response) override;
  grpc::Status UndoErasure(grpc::ServerContext*, const v1::UndoErasureRequest* request,
                           v1::Subject* response) override;
  grpc::Status OffboardTenant(grpc::ServerContext*, const v1::OffboardTenantRequest* request,
                              v1::Erasure* response) override;
  grpc::Status GenerateAccessReport(grpc::ServerContext*, const v1::GenerateAccessReportRequest*,
                                    grpc::ServerWriter<v1::ArtifactChunk>* writer) override;
};

class ScriptedAdmin final : public v1::AdminService::Service {
 public:
  std::deque<grpc::Status> statuses;  // Each call takes the next of these; none left: OK.
  v1::KeyStatus keys;                 // What every key call answers.
  std::vector<std::string> calls;     // "RotateRoot", "AttestHorizon root-1", as they came.
  std::vector<std::string> request_ids;
  v1::GetStatusResponse status;  // What GetStatus answers.

  grpc::Status GetStatus(grpc::ServerContext*, const v1::GetStatusRequest*,
                         v1::GetStatusResponse* response) override {
    *response = status;
    return grpc::Status::OK;
  }
  grpc::Status GetKeyStatus(grpc::ServerContext*, const v1::GetKeyStatusRequest*,
                            v1::KeyStatus* response) override;
  grpc::Status RotateRoot(grpc::ServerContext*, const v1::RotateRootRequest* request,
                          v1::KeyStatus* response) override;
  grpc::Status StepHorizon(grpc::ServerContext*, const v1::StepHorizonRequest* request,
                           v1::KeyStatus* response) override;
  grpc::Status AttestHorizon(grpc::ServerContext*, const v1::AttestHorizonRequest* request,
                             v1::KeyStatus* response) override;
  grpc::Status RetireHolder(grpc::ServerContext*, const v1::RetireHolderRequest* request,
                            v1::KeyStatus* response) override;
  grpc::Status RejoinHolder(grpc::ServerContext*, const v1::RejoinHolderRequest* request,
                            v1::KeyStatus* response) override;

 private:
  grpc::Status Answer(std::string call, const std::string& request_id, v1::KeyStatus* response);
};

class ScriptedServer {
 public:
  // Listens on a free port of the loopback; `runner` gets a context that reaches it as tenant acme
  // for the purpose "service".
  explicit ScriptedServer(CliRunner& runner);
  ~ScriptedServer();

  ScriptedVault vault;
  ScriptedRights rights;
  ScriptedAdmin admin;
  std::string address;

 private:
  std::unique_ptr<grpc::Server> server_;
};

}  // namespace lethe::test

#endif  // LETHE_TESTS_CLI_SUPPORT_SCRIPTED_SERVER_H_
