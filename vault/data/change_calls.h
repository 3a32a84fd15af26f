// The calls that replace or remove a record: rectification (Art. 16) and deletion. What they
// replace is doomed in the same batch and dead no later than the answer says.
#ifndef LETHE_VAULT_DATA_CHANGE_CALLS_H_
#define LETHE_VAULT_DATA_CHANGE_CALLS_H_

#include <string>
#include <utility>

#include "vault/data/record_calls.h"
#include "vault/vault.h"

namespace lethe::vault::data {

class ChangeCalls : public virtual Data {
 public:
  ChangeCalls(calls::Desk& desk, RecordCalls& records)
      : desk_(desk), stores_(desk.stores), records_(records) {}

  absl::StatusOr<std::pair<Record, KeyDeath>> UpdateRecord(const Caller& caller,
                                                           const SubjectTag& subject,
                                                           const RecordTag& record,
                                                           const std::string& etag,
                                                           RecordPatch patch) override;
  absl::StatusOr<KeyDeath> DeleteRecord(const Caller& caller, const SubjectTag& subject,
                                        const RecordTag& record, const std::string& etag) override;

 private:
  // What a change did: the record as it is now, and the leaf it doomed. No leaf: an earlier call
  // with the same request id did it, and it is dead.
  struct Replaced {
    Record record;
    std::optional<Place> old_leaf;
    KeyDeath death;
  };
  absl::StatusOr<Replaced> UpdateOnce(calls::Call& call, const RecordTag& record,
                                      const calls::Target& target, const std::string& etag,
                                      RecordPatch& patch);
  absl::StatusOr<Replaced> WriteNext(calls::Call& call, records::OpenSubject& subject,
                                     const records::FoundRecord& old, Record record,
                                     RecordPatch& patch, const calls::OnceOnly& once,
                                     const records::BodyMac& body, const Secret& category_key);
  absl::StatusOr<Replaced> DeleteOnce(calls::Call& call, const RecordTag& record,
                                      const calls::Target& target, const std::string& etag);
  // What a repetition finds of it.
  absl::StatusOr<Replaced> ReplacedBefore(const records::RequestRow& before) const;
  // Shreds at once where nothing may be answered before.
  absl::StatusOr<KeyDeath> DeathOf(const Replaced& replaced) const;

  calls::Desk& desk_;
  calls::Stores& stores_;
  RecordCalls& records_;
};

}  // namespace lethe::vault::data

#endif  // LETHE_VAULT_DATA_CHANGE_CALLS_H_
