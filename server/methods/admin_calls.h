// What the methods of AdminService do that are not about keys (key_calls.h), once they are
// admitted.
#ifndef LETHE_SERVER_METHODS_ADMIN_CALLS_H_
#define LETHE_SERVER_METHODS_ADMIN_CALLS_H_

#include <memory>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "lethe/v1/admin_service.pb.h"
#include "server/calls/call_desk.h"

namespace lethe::server {

absl::Status GetStatus(CallDesk& desk, const vault::Caller& caller,
                       const v1::GetStatusRequest& request, v1::GetStatusResponse& response);
absl::StatusOr<std::unique_ptr<vault::Artifact>> CreateBackup(
    CallDesk& desk, const vault::Caller& caller, const v1::CreateBackupRequest& request);

}  // namespace lethe::server

#endif  // LETHE_SERVER_METHODS_ADMIN_CALLS_H_
