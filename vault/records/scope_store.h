// Scopes: what a subject has in one category. Each has a leaf of its own, the category secret,
// which an erase, a withdrawal or an expiry destroys.
//
// Row in table kScope, key tenant | subject | selector:   U8 format | place 9 | sealed
//   sealed = AES-256-GCM(ScopeRowKey, U32 category id | clock 16 (zeros) | U64 records
//            | U64 without end | first end | last end)
//   selector = first 8 bytes of MAC(ScopeSelectorKey, U32 category id | clock 16)
//
// The counts say what an erase would destroy or must withhold without reading a record.
#ifndef LETHE_VAULT_RECORDS_SCOPE_STORE_H_
#define LETHE_VAULT_RECORDS_SCOPE_STORE_H_

#include <atomic>
#include <cstdint>
#include <optional>
#include <vector>

#include "absl/status/statusor.h"
#include "storage/engine.h"
#include "vault/keytree/key_tree.h"
#include "vault/memory/key_cache.h"
#include "vault/records/change.h"
#include "vault/records/subject_store.h"
#include "vault/rows/row_schema.h"

namespace lethe::vault::records {

struct Scope {
  Selector selector{};
  Place leaf;
  std::uint32_t category_id = 0;
  std::uint64_t records = 0;
  std::uint64_t without_end = 0;        // Of them: their clock has not started.
  std::optional<absl::Time> first_end;  // Of those that have one, deleted ones included.
  std::optional<absl::Time> last_end;
};

// Counts one more or one less.
void CountIn(Scope& scope, std::optional<absl::Time> end);
void CountOut(Scope& scope, std::optional<absl::Time> end);

class ScopeStore {
 public:
  ScopeStore(const storage::Engine& engine, keytree::KeyTree& tree, memory::KeyCache& cache)
      : engine_(engine), tree_(tree), cache_(cache) {}

  // nullopt: nothing of the subject is held there.
  absl::StatusOr<std::optional<Scope>> Find(const OpenSubject& subject,
                                            std::uint32_t category_id) const;
  absl::StatusOr<std::optional<Scope>> Find(const OpenSubject& subject,
                                            const Selector& selector) const;
  absl::StatusOr<std::vector<Scope>> All(const OpenSubject& subject) const;

  // A new scope with its leaf in the person's spot; the header must be put in the same change. Its
  // category key is in the cache only once KeyOf has read it back.
  absl::StatusOr<Scope> Draft(OpenSubject& subject, std::uint32_t category_id, Change& change,
                              Secret& category_key) const;
  void Put(const OpenSubject& subject, const Scope& scope, storage::Batch& change) const;

  // The one way to a category's key, and counted: whoever calls it has been allowed to (P4).
  absl::StatusOr<Secret> KeyOf(const OpenSubject& subject, const Scope& scope);
  std::uint64_t keys_given() const { return keys_given_.load(std::memory_order_relaxed); }

 private:
  absl::StatusOr<Scope> Open(const OpenSubject& subject, const Selector& selector, Bytes row) const;

  const storage::Engine& engine_;
  keytree::KeyTree& tree_;
  memory::KeyCache& cache_;
  std::atomic<std::uint64_t> keys_given_{0};
};

}  // namespace lethe::vault::records

#endif  // LETHE_VAULT_RECORDS_SCOPE_STORE_H_
