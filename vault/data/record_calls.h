// The calls that write, read and list records.
#ifndef LETHE_VAULT_DATA_RECORD_CALLS_H_
#define LETHE_VAULT_DATA_RECORD_CALLS_H_

#include <string>

#include "vault/calls/once_only.h"
#include "vault/vault.h"

namespace lethe::vault::data {

// What a create left: the record, or the mark of an earlier call with the same request id.
struct CreatedRecord {
  Record record;
  bool already_there = false;
  bool gone = false;  // Made by an earlier call and deleted since; only its tag is known.
};

// Does this refusal hide one record from this purpose? Lists and documents leave it out; any other
// ends them.
bool IsHidden(const absl::Status& refusal);

class RecordCalls : public virtual Data {
 public:
  explicit RecordCalls(calls::Desk& desk) : desk_(desk), stores_(desk.stores) {}

  absl::StatusOr<Record> CreateRecord(const Caller& caller, const SubjectRef& subject,
                                      NewRecord record) override;
  absl::StatusOr<Record> GetRecord(const Caller& caller, const SubjectTag& subject,
                                   const RecordTag& record) override;
  absl::StatusOr<Page<Record>> ListRecords(const Caller& caller, const SubjectRef& subject,
                                           const std::string& category,
                                           const PageRequest& page) override;

  // The caller holds the subject's lock, and keeps the data: a record made here is answered
  // without.
  absl::StatusOr<CreatedRecord> CreateOnce(calls::Call& call, const calls::Target& target,
                                           const NewRecord& record, storage::Durability durability);
  // Decides, and opens what was allowed.
  absl::StatusOr<Record> OpenAllowed(const calls::Call& call, const records::OpenSubject& subject,
                                     policy::Action action, const records::FoundRecord& found);

 private:
  absl::StatusOr<CreatedRecord> ReplayCreate(calls::Call& call, const records::OpenSubject& subject,
                                             const records::RequestRow& before);
  absl::StatusOr<CreatedRecord> WriteNew(calls::Call& call, records::OpenSubject& subject,
                                         const policy::Category& category, const NewRecord& record,
                                         const calls::OnceOnly& once,
                                         std::optional<records::Scope> scope,
                                         storage::Durability durability);
  // list_records.cc
  struct Filling;
  absl::StatusOr<std::string> StartOfPage(const records::OpenSubject& subject,
                                          const records::PageScope& scope,
                                          const std::string& token) const;
  absl::StatusOr<Page<Record>> PageFrom(calls::Call& call, const records::OpenSubject& subject,
                                        const records::PageScope& scope, Filling filling);
  absl::Status TakeRow(const calls::Call& call, const records::OpenSubject& subject,
                       const records::PageScope& scope, storage::Row row, Filling& filling);

  calls::Desk& desk_;
  calls::Stores& stores_;
};

}  // namespace lethe::vault::data

#endif  // LETHE_VAULT_DATA_RECORD_CALLS_H_
