// What the record methods of VaultService do once they are admitted: convert, call, convert. A
// value is moved from the request into the vault, never copied.
#ifndef LETHE_SERVER_METHODS_RECORD_CALLS_H_
#define LETHE_SERVER_METHODS_RECORD_CALLS_H_

#include "absl/status/status.h"
#include "lethe/v1/vault_service.pb.h"
#include "server/calls/call_desk.h"

namespace lethe::server {

absl::Status CreateRecord(CallDesk& desk, const vault::Caller& caller,
                          v1::CreateRecordRequest& request, v1::Record& response);
absl::Status GetRecord(CallDesk& desk, const vault::Caller& caller,
                       const v1::GetRecordRequest& request, v1::Record& response);
absl::Status ListRecords(CallDesk& desk, const vault::Caller& caller,
                         const v1::ListRecordsRequest& request, v1::ListRecordsResponse& response);
absl::Status UpdateRecord(CallDesk& desk, const vault::Caller& caller,
                          v1::UpdateRecordRequest& request, v1::UpdateRecordResponse& response);
absl::Status DeleteRecord(CallDesk& desk, const vault::Caller& caller,
                          const v1::DeleteRecordRequest& request,
                          v1::DeleteRecordResponse& response);

}  // namespace lethe::server

#endif  // LETHE_SERVER_METHODS_RECORD_CALLS_H_
