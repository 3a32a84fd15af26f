#include "server/methods/admin_service.h"

#include <utility>

#include "base/bytes.h"
#include "server/calls/artifact_call.h"
#include "server/calls/unary_call.h"
#include "server/convert/chores.h"
#include "server/convert/convert.h"
#include "server/methods/key_calls.h"
#include "server/telling/version.h"

namespace lethe::server {
namespace {

absl::Status Get(CallDesk& desk, const vault::Caller&, const v1::GetStatusRequest&,
                 v1::GetStatusResponse& response) {
  const vault::VaultStatus status = desk.vault.operations().Status();
  response.set_version(kVersion);
  Fill(desk.start_time, response.mutable_start_time());
  response.set_identifiers_loaded(status.identifiers_loaded);
  response.set_sealed(status.sealed);
  response.set_generation(status.generation);
  response.set_journal_sequence(status.journal_sequence);
  response.set_category_unwraps(status.category_unwraps);
  response.set_assurance(AssuranceOf(status.assurance));
  response.set_has_archive(status.has_archive);
  response.set_public_key(status.public_key);
  for (const vault::ChoreStatus& chore : status.chores) Fill(chore, response.add_chores());
  return absl::OkStatus();
}

// A text of another length names no content, so its file is sent.
vault::BackupRequest BackupRequestFrom(const v1::CreateBackupRequest& request) {
  vault::BackupRequest backup{.dies_with_next_shred = request.dies_with_next_shred()};
  for (const std::string& text : request.present_sha256()) {
    const auto digest = ArrayFrom<sizeof(crypto::Digest)>(AsBytes(text));
    if (digest.has_value()) backup.there.insert(*digest);
  }
  return backup;
}

}  // namespace

grpc::ServerUnaryReactor* AdminService::GetStatus(grpc::CallbackServerContext* context,
                                                  const v1::GetStatusRequest* request,
                                                  v1::GetStatusResponse* response) {
  return StartUnary(desk_, desk_.data, "lethe.v1.AdminService/GetStatus", context, request,
                    response, &Get);
}

grpc::ServerWriteReactor<v1::ArtifactChunk>* AdminService::CreateBackup(
    grpc::CallbackServerContext* context, const v1::CreateBackupRequest* request) {
  static constexpr ArtifactKind kBackup{"lethe.v1.AdminService/CreateBackup",
                                        "application/octet-stream", "lethe.backup"};
  auto* call = new ArtifactCall(desk_, kBackup, context);
  Admission admission = call->Admit(*request);
  const vault::Caller caller = admission.caller;
  // By value: the request belongs to gRPC.
  call->Start(std::move(admission), [this, caller, wanted = BackupRequestFrom(*request)] {
    return desk_.vault.operations().CreateBackup(caller, wanted);
  });
  return call;
}

grpc::ServerUnaryReactor* AdminService::GetKeyStatus(grpc::CallbackServerContext* context,
                                                     const v1::GetKeyStatusRequest* request,
                                                     v1::KeyStatus* response) {
  return StartUnary(desk_, desk_.data, "lethe.v1.AdminService/GetKeyStatus", context, request,
                    response, &server::GetKeyStatus);
}

grpc::ServerUnaryReactor* AdminService::RotateRoot(grpc::CallbackServerContext* context,
                                                   const v1::RotateRootRequest* request,
                                                   v1::KeyStatus* response) {
  return StartUnary(desk_, desk_.rights, "lethe.v1.AdminService/RotateRoot", context, request,
                    response, &server::RotateRoot);
}

grpc::ServerUnaryReactor* AdminService::StepHorizon(grpc::CallbackServerContext* context,
                                                    const v1::StepHorizonRequest* request,
                                                    v1::KeyStatus* response) {
  return StartUnary(desk_, desk_.rights, "lethe.v1.AdminService/StepHorizon", context, request,
                    response, &server::StepHorizon);
}

grpc::ServerUnaryReactor* AdminService::AttestHorizon(grpc::CallbackServerContext* context,
                                                      const v1::AttestHorizonRequest* request,
                                                      v1::KeyStatus* response) {
  return StartUnary(desk_, desk_.rights, "lethe.v1.AdminService/AttestHorizon", context, request,
                    response, &server::AttestHorizon);
}

grpc::ServerUnaryReactor* AdminService::RetireHolder(grpc::CallbackServerContext* context,
                                                     const v1::RetireHolderRequest* request,
                                                     v1::KeyStatus* response) {
  return StartUnary(desk_, desk_.rights, "lethe.v1.AdminService/RetireHolder", context, request,
                    response, &server::RetireHolder);
}

}  // namespace lethe::server
