// lethe.v1.AdminService.
#ifndef LETHE_SERVER_METHODS_ADMIN_SERVICE_H_
#define LETHE_SERVER_METHODS_ADMIN_SERVICE_H_

#include "lethe/v1/admin_service.grpc.pb.h"
#include "server/calls/call_desk.h"

namespace lethe::server {

class AdminService final : public v1::AdminService::CallbackService {
 public:
  explicit AdminService(CallDesk& desk) : desk_(desk) {}

  grpc::ServerUnaryReactor* GetStatus(grpc::CallbackServerContext* context,
                                      const v1::GetStatusRequest* request,
                                      v1::GetStatusResponse* response) override;

  grpc::ServerWriteReactor<v1::ArtifactChunk>* CreateBackup(
      grpc::CallbackServerContext* context, const v1::CreateBackupRequest* request) override;

  grpc::ServerUnaryReactor* GetKeyStatus(grpc::CallbackServerContext* context,
                                         const v1::GetKeyStatusRequest* request,
                                         v1::KeyStatus* response) override;

  grpc::ServerUnaryReactor* RotateRoot(grpc::CallbackServerContext* context,
                                       const v1::RotateRootRequest* request,
                                       v1::KeyStatus* response) override;

  grpc::ServerUnaryReactor* StepHorizon(grpc::CallbackServerContext* context,
                                        const v1::StepHorizonRequest* request,
                                        v1::KeyStatus* response) override;

  grpc::ServerUnaryReactor* AttestHorizon(grpc::CallbackServerContext* context,
                                          const v1::AttestHorizonRequest* request,
                                          v1::KeyStatus* response) override;

  grpc::ServerUnaryReactor* RetireHolder(grpc::CallbackServerContext* context,
                                         const v1::RetireHolderRequest* request,
                                         v1::KeyStatus* response) override;

 private:
  CallDesk& desk_;
};

}  // namespace lethe::server

#endif  // LETHE_SERVER_METHODS_ADMIN_SERVICE_H_
