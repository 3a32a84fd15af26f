#include "server/methods/rights_calls.h"

#include "base/status_macros.h"
#include "server/convert/convert.h"
#include "server/door/names.h"

namespace lethe::server {

absl::Status EraseSubject(CallDesk& desk, const vault::Caller& caller,
                          const v1::EraseSubjectRequest& request, v1::Erasure& response) {
  LETHE_ASSIGN(const vault::EraseRequest erase, EraseRequestFrom(request));
  LETHE_ASSIGN(const vault::Erasure erasure, desk.vault.rights().EraseSubject(caller, erase));
  Fill(erasure, caller.tenant, &response);
  return absl::OkStatus();
}

absl::Status UndoErasure(CallDesk& desk, const vault::Caller& caller,
                         const v1::UndoErasureRequest& request, v1::Subject& response) {
  LETHE_ASSIGN(const SubjectName name, ParseSubjectName(request.name()));
  LETHE_ASSIGN(const vault::Subject subject, desk.vault.rights().UndoErasure(caller, name.subject));
  Fill(subject, caller.tenant, &response);
  return absl::OkStatus();
}

absl::Status OffboardTenant(CallDesk& desk, const vault::Caller& caller,
                            const v1::OffboardTenantRequest& request, v1::Erasure& response) {
  LETHE_ASSIGN(const vault::Erasure erasure,
               desk.vault.rights().OffboardTenant(caller, request.validate_only()));
  Fill(erasure, caller.tenant, &response);
  return absl::OkStatus();
}

absl::Status GetErasure(CallDesk& desk, const vault::Caller& caller,
                        const v1::GetErasureRequest& request, v1::Erasure& response) {
  LETHE_ASSIGN(const ErasureName name, ParseErasureName(request.name()));
  LETHE_ASSIGN(const vault::Erasure erasure, desk.vault.rights().GetErasure(caller, name.receipt));
  Fill(erasure, caller.tenant, &response);
  return absl::OkStatus();
}

absl::Status RestrictSubject(CallDesk& desk, const vault::Caller& caller,
                             const v1::RestrictSubjectRequest& request, v1::Subject& response) {
  LETHE_ASSIGN(const vault::SubjectRef ref, SubjectRefFrom(request.subject()));
  LETHE_ASSIGN(const vault::Restriction restriction, RestrictionFrom(request));
  LETHE_ASSIGN(const vault::Subject subject,
               desk.vault.rights().BeginAct(caller, ref, restriction));
  Fill(subject, caller.tenant, &response);
  return absl::OkStatus();
}

absl::Status UnrestrictSubject(CallDesk& desk, const vault::Caller& caller,
                               const v1::UnrestrictSubjectRequest& request, v1::Subject& response) {
  LETHE_ASSIGN(const vault::SubjectRef ref, SubjectRefFrom(request.subject()));
  LETHE_ASSIGN(
      const vault::Subject subject,
      desk.vault.rights().EndAct(
          caller, ref, {vault::ActKind::kRestriction, TimeFrom(request.subject_informed_time())}));
  Fill(subject, caller.tenant, &response);
  return absl::OkStatus();
}

absl::StatusOr<std::unique_ptr<vault::Artifact>> GenerateAccessReport(
    CallDesk& desk, const vault::Caller& caller, const v1::GenerateAccessReportRequest& request) {
  LETHE_ASSIGN(const vault::SubjectRef ref, SubjectRefFrom(request.subject()));
  return desk.vault.rights().AccessReport(caller, ref);
}

absl::StatusOr<std::unique_ptr<vault::Artifact>> ExportSubject(
    CallDesk& desk, const vault::Caller& caller, const v1::ExportSubjectRequest& request) {
  LETHE_ASSIGN(const vault::SubjectRef ref, SubjectRefFrom(request.subject()));
  return desk.vault.rights().ExportSubject(caller, ref);
}

}  // namespace lethe::server
