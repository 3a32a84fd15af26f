// lethe.v1.RightsService.
#ifndef LETHE_SERVER_METHODS_RIGHTS_SERVICE_H_
#define LETHE_SERVER_METHODS_RIGHTS_SERVICE_H_

#include "lethe/v1/rights_service.grpc.pb.h"
#include "server/calls/call_desk.h"

namespace lethe::server {

class RightsService final : public v1::RightsService::CallbackService {
 public:
  explicit RightsService(CallDesk& desk) : desk_(desk) {}

  using Context = grpc::CallbackServerContext;
  using Unary = grpc::ServerUnaryReactor;
  using Artifact = grpc::ServerWriteReactor<v1::ArtifactChunk>;

  Unary* EraseSubject(Context* context, const v1::EraseSubjectRequest* request,
                      v1::Erasure* response) override;
  Unary* UndoErasure(Context* context, const v1::UndoErasureRequest* request,
                     v1::Subject* response) override;
  Unary* OffboardTenant(Context* context, const v1::OffboardTenantRequest* request,
                        v1::Erasure* response) override;
  Unary* GetErasure(Context* context, const v1::GetErasureRequest* request,
                    v1::Erasure* response) override;
  Unary* RestrictSubject(Context* context, const v1::RestrictSubjectRequest* request,
                         v1::Subject* response) override;
  Unary* UnrestrictSubject(Context* context, const v1::UnrestrictSubjectRequest* request,
                           v1::Subject* response) override;
  Artifact* GenerateAccessReport(Context* context,
                                 const v1::GenerateAccessReportRequest* request) override;
  Artifact* ExportSubject(Context* context, const v1::ExportSubjectRequest* request) override;

 private:
  CallDesk& desk_;
};

}  // namespace lethe::server

#endif  // LETHE_SERVER_METHODS_RIGHTS_SERVICE_H_
