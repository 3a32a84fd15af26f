// What the subject methods of VaultService do once they are admitted: convert, call, convert.
#ifndef LETHE_SERVER_METHODS_SUBJECT_CALLS_H_
#define LETHE_SERVER_METHODS_SUBJECT_CALLS_H_

#include "absl/status/status.h"
#include "lethe/v1/vault_service.pb.h"
#include "server/calls/call_desk.h"

namespace lethe::server {

absl::Status CreateSubject(CallDesk& desk, const vault::Caller& caller,
                           const v1::CreateSubjectRequest& request, v1::Subject& response);
absl::Status GetSubject(CallDesk& desk, const vault::Caller& caller,
                        const v1::GetSubjectRequest& request, v1::Subject& response);
absl::Status ListSubjects(CallDesk& desk, const vault::Caller& caller,
                          const v1::ListSubjectsRequest& request,
                          v1::ListSubjectsResponse& response);
absl::Status LookupSubject(CallDesk& desk, const vault::Caller& caller,
                           const v1::LookupSubjectRequest& request, v1::Subject& response);
absl::Status AddIdentifier(CallDesk& desk, const vault::Caller& caller,
                           const v1::AddIdentifierRequest& request, v1::Subject& response);
absl::Status RemoveIdentifier(CallDesk& desk, const vault::Caller& caller,
                              const v1::RemoveIdentifierRequest& request, v1::Subject& response);

}  // namespace lethe::server

#endif  // LETHE_SERVER_METHODS_SUBJECT_CALLS_H_
