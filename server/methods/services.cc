#include "server/methods/services.h"

#include "base/check.h"
#include "lethe/v1/admin_service.grpc.pb.h"
#include "lethe/v1/rights_service.grpc.pb.h"
#include "lethe/v1/vault_service.grpc.pb.h"
#include "server/calls/service_table.h"
#include "server/methods/admin_calls.h"
#include "server/methods/import_call.h"
#include "server/methods/key_calls.h"
#include "server/methods/record_calls.h"
#include "server/methods/rights_calls.h"
#include "server/methods/subject_calls.h"

namespace lethe::server {
namespace {

std::unique_ptr<grpc::Service> MakeVaultService(CallDesk& desk) {
  auto service = std::make_unique<ServiceTable<v1::VaultService>>(desk);
  service->AddUnary(desk.data, CreateSubject);
  service->AddUnary(desk.data, GetSubject);
  service->AddUnary(desk.data, ListSubjects);
  service->AddUnary(desk.data, LookupSubject);
  service->AddUnary(desk.data, AddIdentifier);
  // Waits for the destruction of a key, as the rights do.
  service->AddUnary(desk.rights, RemoveIdentifier);
  service->AddUnary(desk.data, CreateRecord);
  service->AddUnary(desk.data, GetRecord);
  service->AddUnary(desk.data, ListRecords);
  service->AddUnary(desk.data, UpdateRecord);
  service->AddUnary(desk.data, DeleteRecord);
  service->AddStream<ImportCall>();
  return service;
}

std::unique_ptr<grpc::Service> MakeRightsService(CallDesk& desk) {
  auto service = std::make_unique<ServiceTable<v1::RightsService>>(desk);
  service->AddUnary(desk.rights, EraseSubject);
  service->AddUnary(desk.rights, UndoErasure);
  service->AddUnary(desk.rights, OffboardTenant);
  service->AddUnary(desk.data, GetErasure);
  service->AddUnary(desk.rights, RestrictSubject);
  service->AddUnary(desk.rights, UnrestrictSubject);
  service->AddArtifact({"application/json", "access-report.json"}, GenerateAccessReport);
  service->AddArtifact({"application/json", "export.json"}, ExportSubject);
  return service;
}

std::unique_ptr<grpc::Service> MakeAdminService(CallDesk& desk) {
  auto service = std::make_unique<ServiceTable<v1::AdminService>>(desk);
  service->AddUnary(desk.data, GetStatus);
  // It names what the caller has already: as much as a message holds.
  service->AddArtifact({"application/octet-stream", "lethe.backup", kMessageBytesMax},
                       CreateBackup);
  service->AddUnary(desk.data, GetKeyStatus);
  service->AddUnary(desk.rights, RotateRoot);
  service->AddUnary(desk.rights, StepHorizon);
  service->AddUnary(desk.rights, AttestHorizon);
  service->AddUnary(desk.rights, RetireHolder);
  service->AddUnary(desk.rights, RejoinHolder);
  return service;
}

}  // namespace

std::vector<std::unique_ptr<grpc::Service>> MakeServices(CallDesk& desk) {
  std::vector<std::unique_ptr<grpc::Service>> services;
  services.push_back(MakeVaultService(desk));
  services.push_back(MakeRightsService(desk));
  services.push_back(MakeAdminService(desk));
  for (const auto& service : services) LETHE_CHECK(!service->has_synchronous_methods());
  return services;
}

}  // namespace lethe::server
