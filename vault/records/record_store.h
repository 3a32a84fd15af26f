// Records: finding one, saying what is known of it before any category's secret is touched, opening
// it, and writing a new version.
#ifndef LETHE_VAULT_RECORDS_RECORD_STORE_H_
#define LETHE_VAULT_RECORDS_RECORD_STORE_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "base/random.h"
#include "storage/engine.h"
#include "storage/scan.h"
#include "vault/keytree/key_tree.h"
#include "vault/policy/decision.h"
#include "vault/records/change.h"
#include "vault/records/envelope.h"
#include "vault/records/hold_store.h"
#include "vault/records/period_store.h"
#include "vault/records/scope_store.h"
#include "vault/records/subject_store.h"

namespace lethe::vault::records {

// A record as it can be described without its category's secret.
struct FoundRecord {
  RecordTag tag;
  std::string row_key;
  std::string row;  // Owns what `parsed` points into; moving it keeps that valid.
  RecordRow parsed;
  Scope scope;
  const policy::Category* category = nullptr;
  std::optional<Period> period;
  std::optional<absl::Time> end;

  FoundRecord() = default;
  FoundRecord(FoundRecord&&) = default;
  FoundRecord& operator=(FoundRecord&&) = default;
};

policy::RecordFacts FactsOf(const FoundRecord& record, const SubjectHeader& subject);

// A new version, ready to be put.
struct RecordDraft {
  RecordHeader header;
  RecordMeta meta;
  std::optional<absl::Time> end;
};

class RecordStore {
 public:
  RecordStore(const storage::Engine& engine, keytree::KeyTree& tree, ScopeStore& scopes,
              PeriodStore& periods)
      : engine_(engine), tree_(tree), scopes_(scopes), periods_(periods), holds_(engine) {}

  // NOT_FOUND (kResourceNotFound): absent, or dead (its scope is gone).
  absl::StatusOr<FoundRecord> Find(const OpenSubject& subject, const RecordTag& tag) const;
  // The same for a row that a scan has read. nullopt: dead.
  absl::StatusOr<std::optional<FoundRecord>> Describe(const OpenSubject& subject,
                                                      storage::Row row) const;
  // The next rows of a subject in the order of their tags, at most `limit`, behind `after`, which
  // moves on to the last of them (a row key).
  absl::StatusOr<storage::PageOfRows> NextPage(const OpenSubject& subject, std::string& after,
                                               std::size_t limit) const;

  // Opens it. Whoever calls this has been allowed to. NOT_FOUND (kResourceNotFound): its period is
  // shredded, and no restriction holds it.
  absl::StatusOr<Record> Open(const OpenSubject& subject, const FoundRecord& found);
  // Lets the subject's first restriction, which must be in force, keep the record beyond its
  // period, which must still live.
  absl::Status Hold(const OpenSubject& subject, const FoundRecord& found, storage::Batch& change);

  // Seals `data` as `tag`'s version in `draft` and puts the row; draws its leaf, and its period
  // where the category counts from creation. `draft.header` and `draft.end` are filled in.
  absl::Status Put(const OpenSubject& subject, const policy::Category& category, const Scope& scope,
                   const Secret& category_key, const RecordTag& tag, std::string_view data,
                   RecordDraft& draft, Change& change) const;
  // A later version of a record keeps its period, whatever the policy says by now.
  absl::Status PutNext(const OpenSubject& subject, const FoundRecord& old,
                       const Secret& category_key, std::string_view data, RecordDraft& draft,
                       Change& change) const;

 private:
  // The key its row is sealed under.
  absl::StatusOr<Secret> KeyOf(const OpenSubject& subject, const FoundRecord& found,
                               const Secret& category_key, const Secret& record_secret) const;
  absl::Status Seal(const OpenSubject& subject, const Secret& category_key,
                    const Secret* period_secret, const RecordTag& tag, std::string_view data,
                    RecordDraft& draft, Change& change) const;

  const storage::Engine& engine_;
  keytree::KeyTree& tree_;
  ScopeStore& scopes_;
  PeriodStore& periods_;
  const HoldStore holds_;
};

// What a caller gets to see.
Record ToRecord(const OpenSubject& subject, const RecordTag& tag, const policy::Category& category,
                const RecordHeader& header, std::optional<absl::Time> end, RecordBody body);

}  // namespace lethe::vault::records

#endif  // LETHE_VAULT_RECORDS_RECORD_STORE_H_
