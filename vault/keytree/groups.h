// Which group gets the next leaf, and which groups are closed because a shred re-keys them.
//
// Groups are taken in chunks of kChunkGroups. Opening a chunk commits, ahead of any leaf in it, the
// pages it needs (a page is born with all its keys) and how far the tree is given out; after a
// restart leaves go to a new chunk, so no slot is ever used twice.
#ifndef LETHE_VAULT_KEYTREE_GROUPS_H_
#define LETHE_VAULT_KEYTREE_GROUPS_H_

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/synchronization/mutex.h"
#include "base/random.h"
#include "vault/journal/journal.h"
#include "vault/keytree/node_keys.h"
#include "vault/rows/place.h"

namespace lethe::vault::keytree {

class Groups;

// While it lives, its group stays open: a leaf batch is in flight.
class GroupHold {
 public:
  GroupHold(Groups& groups, std::uint64_t group) : groups_(groups), group_(group) {}
  ~GroupHold();
  GroupHold(const GroupHold&) = delete;
  GroupHold& operator=(const GroupHold&) = delete;

 private:
  Groups& groups_;
  const std::uint64_t group_;
};

// A slot nobody used before, with the group held open.
struct FreeSlot {
  Place place;
  std::shared_ptr<GroupHold> hold;
};

// Thread-safe.
class Groups {
 public:
  // 1,024 leaves, so that one small commit and one restart's waste are spread over many leaves.
  static constexpr std::uint64_t kChunkGroups = 16;
  static_assert(kFanOut % kChunkGroups == 0, "a chunk lies in one page");

  // `first_free` is the first group never given out (LoadFirstFree). `want_growth` is called, once
  // per level until it is refused, when three quarters of the tree are given out; it must not
  // block.
  Groups(const VaultId& vault, Journal& journal, const NodeKeys& keys, Random& random,
         std::uint64_t first_free, std::function<void()> want_growth);

  // DATA_LOSS (kLeafLost): there is no such row.
  static absl::StatusOr<std::uint64_t> LoadFirstFree(const storage::Engine& engine);
  static void StoreFirstFree(std::uint64_t group, storage::Batch& change);

  // The next slot in order of arrival. ABORTED (kConcurrentChange): the tree is full and growing.
  absl::StatusOr<FreeSlot> NextSlot();
  absl::StatusOr<PersonSpot> NextSpot();
  // Null: the group is closed.
  std::shared_ptr<GroupHold> TryHold(std::uint64_t group);

  // Closes `groups` and waits until no batch is in flight to them. Only the committer calls it.
  void Close(const std::vector<std::uint64_t>& groups);
  void Reopen(const std::vector<std::uint64_t>& groups);

  // The growth that was wanted did not come about: whoever needs it next asks for it again.
  void RefuseGrowth() { growth_wanted_at_levels_ = 0; }

 private:
  friend class GroupHold;
  struct Cursor {  // A chunk being filled.
    std::uint64_t group = 0;
    std::uint64_t end = 0;  // Of the chunk; group == end: none.
    std::uint8_t slot = 0;
  };

  void Release(std::uint64_t group);
  std::shared_ptr<GroupHold> HoldLocked(std::uint64_t group) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  bool CloseDrained(const std::vector<std::uint64_t>& groups) const
      ABSL_SHARED_LOCKS_REQUIRED(mutex_);
  // Moves `cursor` to an open group with `run` free slots.
  absl::Status Advance(Cursor& cursor, std::uint8_t run) ABSL_EXCLUSIVE_LOCKS_REQUIRED(chunk_mutex_)
      ABSL_LOCKS_EXCLUDED(mutex_);
  absl::Status OpenChunk(Cursor& cursor) ABSL_EXCLUSIVE_LOCKS_REQUIRED(chunk_mutex_);
  absl::Status AppendBirths(std::uint64_t page, storage::Batch& change) const;
  bool IsClosed(std::uint64_t group) const ABSL_LOCKS_EXCLUDED(mutex_);

  const VaultId vault_;
  Journal& journal_;
  const NodeKeys& keys_;
  Random& random_;
  const std::function<void()> want_growth_;

  absl::Mutex chunk_mutex_;  // Before mutex_. Held while a chunk is committed.
  std::uint64_t first_free_ ABSL_GUARDED_BY(chunk_mutex_);
  Cursor arrivals_ ABSL_GUARDED_BY(chunk_mutex_);
  Cursor persons_ ABSL_GUARDED_BY(chunk_mutex_);
  std::atomic<int> growth_wanted_at_levels_ = 0;

  mutable absl::Mutex mutex_;
  absl::flat_hash_map<std::uint64_t, int> in_flight_ ABSL_GUARDED_BY(mutex_);
  absl::flat_hash_set<std::uint64_t> closed_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace lethe::vault::keytree

#endif  // LETHE_VAULT_KEYTREE_GROUPS_H_
