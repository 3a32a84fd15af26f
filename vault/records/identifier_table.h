// Who has which identifier, in memory only: a keyed fingerprint under a key of this process leads
// to a subject, whose rows are then opened and compared. Filled by a scan at start; until that is
// complete nobody can look up or take an identifier.
//
// Uniqueness: reserve here, commit the row, publish. A reservation that is dropped frees it again.
// What a legal obligation keeps after an erase stands in a second list: the same identifier may
// belong to a new subject that nothing links to the old one.
#ifndef LETHE_VAULT_RECORDS_IDENTIFIER_TABLE_H_
#define LETHE_VAULT_RECORDS_IDENTIFIER_TABLE_H_

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "base/ids.h"
#include "base/memory/secret.h"
#include "base/random.h"
#include "vault/model/subject.h"

namespace lethe::vault::records {

// Thread-safe. Subject locks come before its mutex.
class IdentifierTable {
 public:
  using Fingerprint = std::array<std::uint8_t, 16>;

  // Identifiers on their way to a subject. Publish makes them findable; dropping frees them.
  class Reservation {
   public:
    Reservation() = default;
    ~Reservation();
    Reservation(Reservation&& other) noexcept;
    Reservation& operator=(Reservation&&) = delete;
    void Publish(const SubjectTag& subject) &&;

   private:
    friend class IdentifierTable;
    Reservation(IdentifierTable& table, std::vector<Fingerprint> held)
        : table_(&table), held_(std::move(held)) {}
    IdentifierTable* table_ = nullptr;
    std::vector<Fingerprint> held_;
  };

  explicit IdentifierTable(Random& random) : key_(Secret::Draw(random)) {}

  Fingerprint Of(const TenantTag& tenant, const Identifier& identifier) const;

  // UNAVAILABLE (kIndexLoading) until the scan is complete.
  absl::Status CheckComplete() const;
  void MarkComplete();
  bool complete() const;
  // For the scan: somebody's identifiers cannot be read. What is found is still found, but that
  // nobody of this tenant has an identifier cannot be said any more, nor may one be given away: one
  // person would become two, and an erase by identifier would find only the later.
  void MarkGap(const TenantTag& tenant);
  // DATA_LOSS (kDecryptFailed): there is a gap.
  absl::Status CheckWhole(const TenantTag& tenant) const;

  // nullopt: nobody has it. `withheld_too`: also those kept after an erase, the living first.
  std::optional<SubjectTag> Find(const Fingerprint& fingerprint, bool withheld_too) const;

  // kIdentifierTaken; ABORTED (kConcurrentChange): somebody else is taking it right now.
  absl::StatusOr<Reservation> Reserve(std::vector<Fingerprint> fingerprints);

  // For the scan. Two subjects with one identifier cannot be; the first stays.
  void Load(const Fingerprint& fingerprint, const SubjectTag& subject, bool withheld);
  // Removes them where they lead to `subject`, and keeps `withheld` for the duty's purposes.
  void Erase(const SubjectTag& subject, std::span<const Fingerprint> gone,
             std::span<const Fingerprint> withheld);

  // Removes all that lead to one of `subjects`.
  void EraseAll(const absl::flat_hash_set<SubjectTag>& subjects);

  std::size_t size() const;

 private:
  const Secret key_;
  mutable absl::Mutex mutex_;
  bool complete_ ABSL_GUARDED_BY(mutex_) = false;
  absl::flat_hash_set<TenantTag> gaps_ ABSL_GUARDED_BY(mutex_);
  absl::flat_hash_map<Fingerprint, SubjectTag> living_ ABSL_GUARDED_BY(mutex_);
  absl::flat_hash_map<Fingerprint, std::vector<SubjectTag>> withheld_ ABSL_GUARDED_BY(mutex_);
  absl::flat_hash_set<Fingerprint> reserved_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace lethe::vault::records

#endif  // LETHE_VAULT_RECORDS_IDENTIFIER_TABLE_H_
