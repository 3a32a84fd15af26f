// What the methods of RightsService do once they are admitted: convert, call, convert.
#ifndef LETHE_SERVER_METHODS_RIGHTS_CALLS_H_
#define LETHE_SERVER_METHODS_RIGHTS_CALLS_H_

#include <memory>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "lethe/v1/rights_service.pb.h"
#include "server/calls/call_desk.h"

namespace lethe::server {

absl::Status EraseSubject(CallDesk& desk, const vault::Caller& caller,
                          const v1::EraseSubjectRequest& request, v1::Erasure& response);
absl::Status UndoErasure(CallDesk& desk, const vault::Caller& caller,
                         const v1::UndoErasureRequest& request, v1::Subject& response);
absl::Status OffboardTenant(CallDesk& desk, const vault::Caller& caller,
                            const v1::OffboardTenantRequest& request, v1::Erasure& response);
absl::Status GetErasure(CallDesk& desk, const vault::Caller& caller,
                        const v1::GetErasureRequest& request, v1::Erasure& response);
absl::Status RestrictSubject(CallDesk& desk, const vault::Caller& caller,
                             const v1::RestrictSubjectRequest& request, v1::Subject& response);
absl::Status UnrestrictSubject(CallDesk& desk, const vault::Caller& caller,
                               const v1::UnrestrictSubjectRequest& request, v1::Subject& response);
absl::StatusOr<std::unique_ptr<vault::Artifact>> GenerateAccessReport(
    CallDesk& desk, const vault::Caller& caller, const v1::GenerateAccessReportRequest& request);
absl::StatusOr<std::unique_ptr<vault::Artifact>> ExportSubject(
    CallDesk& desk, const vault::Caller& caller, const v1::ExportSubjectRequest& request);

}  // namespace lethe::server

#endif  // LETHE_SERVER_METHODS_RIGHTS_CALLS_H_
