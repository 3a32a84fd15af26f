// All holders of a vault together: the same root must stand in each of them, and an old root in
// none. Used by one thread at a time (open, then the committer).
#ifndef LETHE_VAULT_HOLDERS_HOLDER_SET_H_
#define LETHE_VAULT_HOLDERS_HOLDER_SET_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "vault/holders/holder.h"

namespace lethe::vault::holders {

inline constexpr std::size_t kHoldersMax = 3;

class HolderSet {
 public:
  using Slots = std::array<Slot, kSlotsPerHolder>;

  explicit HolderSet(std::vector<std::unique_ptr<Holder>> holders);

  std::vector<std::string> names() const;
  // One result a holder. UNAVAILABLE: silent.
  std::vector<absl::StatusOr<Slots>> ReadAll();

  // Every holder answers and none shows a higher owner epoch of this vault than `ours`.
  // UNAVAILABLE: one is silent, or (kSealed) another server took the vault over.
  absl::Status CheckEpoch(const SlotContent& ours);
  // CheckEpoch, and every holder holds the root of now. A stale one, that came back without the
  // root of now, or with an older epoch, is given `current`, and what else it holds is destroyed.
  // UNAVAILABLE: one is silent, or (kSealed) another server took the vault over. An older root of
  // our own epoch in a holder, or no root of now in any, is an overwritten file and no other server
  // (kHolderUnreachable): nothing was written.
  absl::Status Join(const SlotContent& current);

  enum class Silent { kRefuse, kPass };

  // Puts `next` into a slot of every holder that does not hold `keep`. A holder that has it already
  // is left alone, so that a step cut off can be repeated. kPass: a silent holder is passed over;
  // UNAVAILABLE if none has it then.
  absl::Status WriteBeside(const crypto::Commitment& keep, const SlotContent& next,
                           Silent silent = Silent::kRefuse);

  // Destroys every slot that is not exactly `kept` (root, generation and epoch), whatever its
  // checksum says: a torn slot can hold a whole old root. Nothing is destroyed in a holder that
  // does not have `kept`: it counts as silent.
  absl::Status DestroyAllBut(const SlotContent& kept, Silent silent = Silent::kRefuse);

  // The root of `wanted` as one of the holders gives it back. DATA_LOSS: none has it.
  absl::StatusOr<SlotContent> ReadBack(const crypto::Commitment& wanted);

  // One lacks the outer part that it could have.
  bool AnyLacksOuter() const;
  // Draws fresh outer parts, in all holders or where there is none yet; returns the key versions
  // that sealed the old ones. FAILED_PRECONDITION (kKeyNotRotated): no holder needs one.
  absl::StatusOr<std::vector<ServiceKey>> RenewOuter(bool missing_only, Random& random);
  void DropRenewedOuter();

  // What is seen of all of them.
  struct Look {
    // Of each whose file is not where the next start will look, or does not have the root any more:
    // which, how, what to do.
    std::vector<std::string> lost;
    bool stranded = false;  // One is, and no other has the root.
    bool behind = false;    // One lacks the root that another has; Join mends that.
    // Of those that have the root; where nobody can tell, of those that are in their place.
    std::vector<PlaceProbe> standing;
  };
  Look LookAt(const SlotContent& current);
  // UNAVAILABLE (kHolderUnreachable): a holder's file is not where the next start will look.
  absl::Status CheckPlaces();
  // Holder::Rejoin of the holder `name`. (kResourceNotFound)
  Rejoined Rejoin(const std::string& name, const SlotContent& current);

  // No slot is sealed with `key`. UNAVAILABLE: a holder is silent. (kHolderNeeded): one is.
  absl::Status CheckUnused(const ServiceKey& key);
  // A holder other than `name` (empty: any) answers and has the root of now. (kHolderNeeded)
  absl::Status CheckSpare(const std::string& name, const SlotContent& current);
  // From here on it is not read, waited for, or written.
  void Retire(const std::string& name);

  // Each as an operator sees it.
  std::vector<HolderStatus> Statuses(const SlotContent& current);

  // Of the weakest holder.
  Assurance CheckAssurance(std::string* why);

 private:
  bool IsOverwritten(const Slots& slots, const SlotContent& current) const;

  std::vector<std::unique_ptr<Holder>> holders_;
};

// Does this slot hold the root that `commitment` names?
bool Holds(const Slot& slot, const crypto::Commitment& commitment);

// UNAVAILABLE (kHolderUnreachable): what an operator is told of a holder whose bytes are not ours.
absl::Status Overwritten(const std::string& holder);

}  // namespace lethe::vault::holders

#endif  // LETHE_VAULT_HOLDERS_HOLDER_SET_H_
