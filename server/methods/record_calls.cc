#include "server/methods/record_calls.h"

#include "base/status_macros.h"
#include "server/convert/convert.h"
#include "server/convert/record_patch.h"
#include "server/door/names.h"

namespace lethe::server {

absl::Status CreateRecord(CallDesk& desk, const vault::Caller& caller,
                          v1::CreateRecordRequest& request, v1::Record& response) {
  LETHE_ASSIGN(const vault::SubjectRef ref, SubjectRefFrom(request.subject()));
  LETHE_ASSIGN(vault::Record record,
               desk.vault.data().CreateRecord(caller, ref,
                                              NewRecordFrom(std::move(*request.mutable_record()))));
  Fill(std::move(record), caller.tenant, &response);
  return absl::OkStatus();
}

absl::Status GetRecord(CallDesk& desk, const vault::Caller& caller,
                       const v1::GetRecordRequest& request, v1::Record& response) {
  LETHE_ASSIGN(const RecordName name, ParseRecordName(request.name()));
  LETHE_ASSIGN(vault::Record record,
               desk.vault.data().GetRecord(caller, name.subject, name.record));
  Fill(std::move(record), caller.tenant, &response);
  return absl::OkStatus();
}

absl::Status ListRecords(CallDesk& desk, const vault::Caller& caller,
                         const v1::ListRecordsRequest& request, v1::ListRecordsResponse& response) {
  LETHE_ASSIGN(const vault::SubjectRef ref, SubjectRefFrom(request.subject()));
  LETHE_ASSIGN(auto page,
               desk.vault.data().ListRecords(caller, ref, request.category(),
                                             {request.page_size(), request.page_token()}));
  for (vault::Record& record : page.items) {
    Fill(std::move(record), caller.tenant, response.add_records());
  }
  response.set_next_page_token(std::move(page.next_page_token));
  return absl::OkStatus();
}

absl::Status UpdateRecord(CallDesk& desk, const vault::Caller& caller,
                          v1::UpdateRecordRequest& request, v1::UpdateRecordResponse& response) {
  LETHE_ASSIGN(const RecordName name, ParseRecordName(request.record().name()));
  const std::string etag = EtagFrom(request.record().etag());
  LETHE_ASSIGN(vault::RecordPatch patch, RecordPatchFrom(std::move(request)));
  LETHE_ASSIGN(auto updated, desk.vault.data().UpdateRecord(caller, name.subject, name.record, etag,
                                                            std::move(patch)));
  Fill(std::move(updated.first), caller.tenant, response.mutable_record());
  Fill(updated.second.no_later_than, response.mutable_key_death_time());
  return absl::OkStatus();
}

absl::Status DeleteRecord(CallDesk& desk, const vault::Caller& caller,
                          const v1::DeleteRecordRequest& request,
                          v1::DeleteRecordResponse& response) {
  LETHE_ASSIGN(const RecordName name, ParseRecordName(request.name()));
  LETHE_ASSIGN(
      const vault::KeyDeath death,
      desk.vault.data().DeleteRecord(caller, name.subject, name.record, EtagFrom(request.etag())));
  Fill(death.no_later_than, response.mutable_key_death_time());
  return absl::OkStatus();
}

}  // namespace lethe::server
