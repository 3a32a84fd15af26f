#include "server/methods/rights_service.h"

#include "base/status_macros.h"
#include "server/calls/artifact_call.h"
#include "server/calls/unary_call.h"
#include "server/convert/convert.h"
#include "server/door/names.h"

namespace lethe::server {
namespace {

using Unary = grpc::ServerUnaryReactor;

absl::Status Erase(CallDesk& desk, const vault::Caller& caller,
                   const v1::EraseSubjectRequest& request, v1::Erasure& response) {
  LETHE_ASSIGN(const vault::EraseRequest erase, EraseRequestFrom(request));
  LETHE_ASSIGN(const vault::Erasure erasure, desk.vault.rights().EraseSubject(caller, erase));
  Fill(erasure, caller.tenant, &response);
  return absl::OkStatus();
}

absl::Status Undo(CallDesk& desk, const vault::Caller& caller,
                  const v1::UndoErasureRequest& request, v1::Subject& response) {
  LETHE_ASSIGN(const SubjectName name, ParseSubjectName(request.name()));
  LETHE_ASSIGN(const vault::Subject subject, desk.vault.rights().UndoErasure(caller, name.subject));
  Fill(subject, caller.tenant, &response);
  return absl::OkStatus();
}

absl::Status Offboard(CallDesk& desk, const vault::Caller& caller,
                      const v1::OffboardTenantRequest& request, v1::Erasure& response) {
  LETHE_ASSIGN(const vault::Erasure erasure,
               desk.vault.rights().OffboardTenant(caller, request.validate_only()));
  Fill(erasure, caller.tenant, &response);
  return absl::OkStatus();
}

absl::Status Get(CallDesk& desk, const vault::Caller& caller, const v1::GetErasureRequest& request,
                 v1::Erasure& response) {
  LETHE_ASSIGN(const ErasureName name, ParseErasureName(request.name()));
  LETHE_ASSIGN(const vault::Erasure erasure, desk.vault.rights().GetErasure(caller, name.receipt));
  Fill(erasure, caller.tenant, &response);
  return absl::OkStatus();
}

absl::Status Restrict(CallDesk& desk, const vault::Caller& caller,
                      const v1::RestrictSubjectRequest& request, v1::Subject& response) {
  LETHE_ASSIGN(const vault::SubjectRef ref, SubjectRefFrom(request.subject()));
  LETHE_ASSIGN(const vault::Subject subject,
               desk.vault.rights().RestrictSubject(caller, ref, RestrictionFrom(request)));
  Fill(subject, caller.tenant, &response);
  return absl::OkStatus();
}

absl::Status Unrestrict(CallDesk& desk, const vault::Caller& caller,
                        const v1::UnrestrictSubjectRequest& request, v1::Subject& response) {
  LETHE_ASSIGN(const vault::SubjectRef ref, SubjectRefFrom(request.subject()));
  LETHE_ASSIGN(const vault::Subject subject,
               desk.vault.rights().UnrestrictSubject(caller, ref,
                                                     TimeFrom(request.subject_informed_time())));
  Fill(subject, caller.tenant, &response);
  return absl::OkStatus();
}

using OpenArtifact = absl::StatusOr<std::unique_ptr<vault::Artifact>> (vault::Rights::*)(
    const vault::Caller&, const vault::SubjectRef&);

template <typename Request>
ArtifactCall* StartArtifact(CallDesk& desk, const ArtifactKind& kind,
                            grpc::CallbackServerContext* context, const Request& request,
                            OpenArtifact open) {
  auto* call = new ArtifactCall(desk, kind, context);
  Admission admission = call->Admit(request);
  const vault::Caller caller = admission.caller;
  // By value: the request belongs to gRPC.
  call->Start(std::move(admission),
              [&desk, caller, open,
               subject = request.subject()]() -> absl::StatusOr<std::unique_ptr<vault::Artifact>> {
                LETHE_ASSIGN(const vault::SubjectRef ref, SubjectRefFrom(subject));
                return (desk.vault.rights().*open)(caller, ref);
              });
  return call;
}

}  // namespace

Unary* RightsService::EraseSubject(Context* context, const v1::EraseSubjectRequest* request,
                                   v1::Erasure* response) {
  return StartUnary(desk_, desk_.rights, "lethe.v1.RightsService/EraseSubject", context, request,
                    response, &Erase);
}

Unary* RightsService::UndoErasure(Context* context, const v1::UndoErasureRequest* request,
                                  v1::Subject* response) {
  return StartUnary(desk_, desk_.rights, "lethe.v1.RightsService/UndoErasure", context, request,
                    response, &Undo);
}

Unary* RightsService::OffboardTenant(Context* context, const v1::OffboardTenantRequest* request,
                                     v1::Erasure* response) {
  return StartUnary(desk_, desk_.rights, "lethe.v1.RightsService/OffboardTenant", context, request,
                    response, &Offboard);
}

Unary* RightsService::GetErasure(Context* context, const v1::GetErasureRequest* request,
                                 v1::Erasure* response) {
  return StartUnary(desk_, desk_.data, "lethe.v1.RightsService/GetErasure", context, request,
                    response, &Get);
}

Unary* RightsService::RestrictSubject(Context* context, const v1::RestrictSubjectRequest* request,
                                      v1::Subject* response) {
  return StartUnary(desk_, desk_.rights, "lethe.v1.RightsService/RestrictSubject", context, request,
                    response, &Restrict);
}

Unary* RightsService::UnrestrictSubject(Context* context,
                                        const v1::UnrestrictSubjectRequest* request,
                                        v1::Subject* response) {
  return StartUnary(desk_, desk_.rights, "lethe.v1.RightsService/UnrestrictSubject", context,
                    request, response, &Unrestrict);
}

RightsService::Artifact* RightsService::GenerateAccessReport(
    Context* context, const v1::GenerateAccessReportRequest* request) {
  static constexpr ArtifactKind kReport{"lethe.v1.RightsService/GenerateAccessReport",
                                        "application/json", "access-report.json"};
  return StartArtifact(desk_, kReport, context, *request, &vault::Rights::AccessReport);
}

RightsService::Artifact* RightsService::ExportSubject(Context* context,
                                                      const v1::ExportSubjectRequest* request) {
  static constexpr ArtifactKind kExport{"lethe.v1.RightsService/ExportSubject", "application/json",
                                        "export.json"};
  return StartArtifact(desk_, kExport, context, *request, &vault::Rights::ExportSubject);
}

}  // namespace lethe::server
