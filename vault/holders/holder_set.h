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

  // Every holder answers and none shows a higher owner epoch than `epoch`.
  // UNAVAILABLE: one is silent, or (kSealed) another server took the vault over.
  absl::Status CheckEpoch(std::uint64_t epoch);
  // CheckEpoch, and every holder holds the root of now. A stale one, that came back without the
  // root of now, or with an older epoch, is given `current`, and what else it holds is destroyed.
  // UNAVAILABLE: one is silent, or (kSealed) another server took the vault over, or no holder has
  // the root any more.
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

  // Of every holder whose file is not where the next start will look: which, how, what to do.
  std::vector<std::string> LostPlaces();
  // UNAVAILABLE (kHolderUnreachable): there is one.
  absl::Status CheckPlaces();
  // Holder::Rejoin of the holder `name`. (kResourceNotFound)
  absl::Status Rejoin(const std::string& name, const SlotContent& current);

  // No slot is sealed with `key`. UNAVAILABLE: a holder is silent. (kHolderNeeded): one is.
  absl::Status CheckUnused(const ServiceKey& key);
  // A holder other than `name` (empty: any) answers and has a root of `epoch`. (kHolderNeeded)
  absl::Status CheckSpare(const std::string& name, std::uint64_t epoch);
  // From here on it is not read, waited for, or written.
  void Retire(const std::string& name);

  // Each as an operator sees it; `root` is the root of now.
  std::vector<HolderStatus> Statuses(const crypto::Commitment& root);

  // Of the weakest holder.
  Assurance CheckAssurance(std::string* why);

 private:
  std::vector<std::unique_ptr<Holder>> holders_;
};

// Does this slot hold the root that `commitment` names?
bool Holds(const Slot& slot, const crypto::Commitment& commitment);

}  // namespace lethe::vault::holders

#endif  // LETHE_VAULT_HOLDERS_HOLDER_SET_H_
