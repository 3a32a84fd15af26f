#include "server/admin_service.h"

#include "server/convert.h"
#include "server/unary_call.h"
#include "server/version.h"

namespace lethe::server {
namespace {

absl::Status Get(CallDesk& desk, const vault::Caller&, const v1::GetStatusRequest&,
                 v1::GetStatusResponse& response) {
  const vault::VaultStatus status = desk.vault.Status();
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
  return absl::OkStatus();
}

}  // namespace

grpc::ServerUnaryReactor* AdminService::GetStatus(grpc::CallbackServerContext* context,
                                                  const v1::GetStatusRequest* request,
                                                  v1::GetStatusResponse* response) {
  return StartUnary(desk_, desk_.data, "lethe.v1.AdminService/GetStatus", context, request,
                    response, &Get);
}

}  // namespace lethe::server
