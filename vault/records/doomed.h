// Doomed leaves: what an update, a delete or a removal has replaced and a shred must still destroy.
// Their rows stand in the batch that replaced them, so no crash forgets one.
//
// Row in table kDoomed, key place (U64 group | U8 slot):   U8 format | deadline
#ifndef LETHE_VAULT_RECORDS_DOOMED_H_
#define LETHE_VAULT_RECORDS_DOOMED_H_

#include <optional>
#include <span>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "storage/engine.h"
#include "vault/chores/chore.h"
#include "vault/keytree/key_tree.h"
#include "vault/model/record.h"

namespace lethe::vault::records {

class Doomed {
 public:
  // `delay` is how long a doomed leaf may live.
  Doomed(const storage::Engine& engine, keytree::KeyTree& tree, absl::Duration delay)
      : engine_(engine), tree_(tree), delay_(delay) {}

  // Dooms `leaf` in `change`. The answer is when it is dead at the latest.
  KeyDeath Mark(const Place& leaf, absl::Time now, storage::Batch& change) const;
  // Without a delay nothing is answered before the leaf is dead.
  bool at_once() const { return delay_ <= absl::ZeroDuration(); }

  // Shreds these now and deletes their rows.
  absl::StatusOr<KeyDeath> Shred(std::span<const Place> leaves) const;
  // For a repeated call, which may have been cut off between its commit and its shred: the leaf
  // whose Place::Key() its request row has in the memo, if it is doomed still.
  absl::StatusOr<std::optional<Place>> StillDoomed(const std::string& memo) const;
  // Shreds everything doomed as soon as one leaf has used half of its time: the other half is for a
  // shred that meets an obstacle.
  chores::Chore ShredChore() const;

 private:
  // One page of the table, from where `range` stands. True: there are more.
  absl::StatusOr<bool> ShredPage(chores::Round& round, storage::Range& range) const;
  absl::Status ShredOthers(std::span<const Place> leaves, chores::Round& round) const;

  const storage::Engine& engine_;
  keytree::KeyTree& tree_;
  const absl::Duration delay_;
};

}  // namespace lethe::vault::records

#endif  // LETHE_VAULT_RECORDS_DOOMED_H_
