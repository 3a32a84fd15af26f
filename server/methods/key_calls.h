// What the key methods of AdminService do once they are admitted: convert, call, convert.
#ifndef LETHE_SERVER_METHODS_KEY_CALLS_H_
#define LETHE_SERVER_METHODS_KEY_CALLS_H_

#include "absl/status/status.h"
#include "lethe/v1/admin_service.pb.h"
#include "server/calls/call_desk.h"

namespace lethe::server {

absl::Status GetKeyStatus(CallDesk& desk, const vault::Caller& caller,
                          const v1::GetKeyStatusRequest& request, v1::KeyStatus& response);
absl::Status RotateRoot(CallDesk& desk, const vault::Caller& caller,
                        const v1::RotateRootRequest& request, v1::KeyStatus& response);
absl::Status StepHorizon(CallDesk& desk, const vault::Caller& caller,
                         const v1::StepHorizonRequest& request, v1::KeyStatus& response);
absl::Status AttestHorizon(CallDesk& desk, const vault::Caller& caller,
                           const v1::AttestHorizonRequest& request, v1::KeyStatus& response);
absl::Status RetireHolder(CallDesk& desk, const vault::Caller& caller,
                          const v1::RetireHolderRequest& request, v1::KeyStatus& response);
absl::Status RejoinHolder(CallDesk& desk, const vault::Caller& caller,
                          const v1::RejoinHolderRequest& request, v1::KeyStatus& response);

}  // namespace lethe::server

#endif  // LETHE_SERVER_METHODS_KEY_CALLS_H_
