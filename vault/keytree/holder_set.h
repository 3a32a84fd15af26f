// All holders of a vault together: the same root must stand in each of them, and an old root in
// none. Used by one thread at a time (open, then the committer).
#ifndef LETHE_VAULT_KEYTREE_HOLDER_SET_H_
#define LETHE_VAULT_KEYTREE_HOLDER_SET_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "vault/keytree/holder.h"
#include "vault/keytree/key_tree.h"

namespace lethe::vault::keytree {

inline constexpr std::size_t kHoldersMax = 3;

class HolderSet {
 public:
  using Slots = std::array<Slot, kSlotsPerHolder>;

  explicit HolderSet(std::vector<std::unique_ptr<Holder>> holders);

  std::vector<std::string> names() const;
  // One result a holder. UNAVAILABLE: silent.
  std::vector<absl::StatusOr<Slots>> ReadAll();

  // Every holder answers and none shows a higher owner epoch than `epoch`.
  // UNAVAILABLE: one is silent, or (kSealed) another server took the vault over.
  absl::Status CheckEpoch(std::uint64_t epoch);
  // The same, and every holder holds `root`.
  absl::Status CheckOwned(const Commitment& root, std::uint64_t epoch);

  // Puts `next` into a slot of every holder that does not hold `keep`. A holder that has it already
  // is left alone, so that a step cut off can be repeated.
  absl::Status WriteBeside(const Commitment& keep, const SlotContent& next);

  // Destroys every slot that is not exactly `kept` (root, generation and epoch), whatever its
  // checksum says: a torn slot can hold a whole old root.
  absl::Status DestroyAllBut(const SlotContent& kept);

  // The root of `wanted` as one of the holders gives it back. DATA_LOSS: none has it.
  absl::StatusOr<SlotContent> ReadBack(const Commitment& wanted);

  // Each as an operator sees it; `root` is the root of now.
  std::vector<HolderStatus> Statuses(const Commitment& root);

  // Of the weakest holder.
  Assurance CheckAssurance(std::string* why);

 private:
  std::vector<std::unique_ptr<Holder>> holders_;
};

// Does this slot hold the root that `commitment` names?
bool Holds(const Slot& slot, const Commitment& commitment);

}  // namespace lethe::vault::keytree

#endif  // LETHE_VAULT_KEYTREE_HOLDER_SET_H_
