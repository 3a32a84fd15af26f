// The calls of a Client about records, one at a time.
#include "tests/system/client.h"
#include "tests/system/client_stubs.h"

namespace lethe::test {
namespace {

RecordView ViewOf(const v1::Record& record) {
  return {record.name(), record.category(), record.data(), record.version()};
}

}  // namespace

Answer<std::string> Client::CreateRecord(const std::string& subject, const std::string& category,
                                         const std::string& data,
                                         const std::string& request_id) const {
  v1::CreateRecordRequest request;
  request.mutable_subject()->set_name(subject);
  request.mutable_record()->set_category(category);
  request.mutable_record()->set_data(data);
  request.set_purpose(kService);
  request.set_request_id(request_id);
  v1::Record record;
  const auto error =
      stubs_->Call(*stubs_->vault, &v1::VaultService::Stub::CreateRecord, request, record);
  if (error.outcome() != Outcome::kDone) return error;
  return record.name();
}

Answer<RecordView> Client::GetRecord(const std::string& name, const std::string& purpose) const {
  v1::GetRecordRequest request;
  request.set_name(name);
  request.set_purpose(purpose);
  v1::Record record;
  const auto error =
      stubs_->Call(*stubs_->vault, &v1::VaultService::Stub::GetRecord, request, record);
  if (error.outcome() != Outcome::kDone) return error;
  return ViewOf(record);
}

Answer<std::vector<RecordView>> Client::ListRecords(const std::string& subject,
                                                    const std::string& purpose,
                                                    int page_size) const {
  v1::ListRecordsRequest request;
  request.mutable_subject()->set_name(subject);
  request.set_page_size(page_size);
  request.set_purpose(purpose);
  std::vector<RecordView> all;
  while (true) {
    v1::ListRecordsResponse page;
    const auto error =
        stubs_->Call(*stubs_->vault, &v1::VaultService::Stub::ListRecords, request, page);
    if (error.outcome() != Outcome::kDone) return error;
    for (const v1::Record& record : page.records()) all.push_back(ViewOf(record));
    if (page.next_page_token().empty()) return all;
    request.set_page_token(page.next_page_token());
  }
}

Answer<Nothing> Client::UpdateRecord(const std::string& name, const std::string& data,
                                     const std::string& request_id) const {
  v1::UpdateRecordRequest request;
  request.mutable_record()->set_name(name);
  request.mutable_record()->set_data(data);
  request.set_purpose(kService);
  request.set_request_id(request_id);
  v1::UpdateRecordResponse response;
  return stubs_->Call(*stubs_->vault, &v1::VaultService::Stub::UpdateRecord, request, response);
}

Answer<Nothing> Client::DeleteRecord(const std::string& name, const std::string& request_id) const {
  v1::DeleteRecordRequest request;
  request.set_name(name);
  request.set_purpose(kService);
  request.set_request_id(request_id);
  v1::DeleteRecordResponse response;
  return stubs_->Call(*stubs_->vault, &v1::VaultService::Stub::DeleteRecord, request, response);
}

}  // namespace lethe::test
