// What stands in the two slots of one holder, opened and sealed. A root is the XOR of a factor's
// share, new with every root, and of an outer share where a key service seals it.
#ifndef LETHE_VAULT_HOLDERS_SLOT_ROOTS_H_
#define LETHE_VAULT_HOLDERS_SLOT_ROOTS_H_

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "base/ids.h"
#include "base/random.h"
#include "vault/holders/factor.h"
#include "vault/holders/holder.h"
#include "vault/holders/key_service.h"
#include "vault/holders/outer_seal.h"
#include "vault/holders/slot.h"

namespace lethe::vault::holders {

// Not thread-safe: a holder's own.
class SlotRoots {
 public:
  // `services` seal the outer part (the first) and open it (all); they outlive this.
  SlotRoots(std::unique_ptr<Factor> factor, std::vector<KeyService*> services)
      : factor_(std::move(factor)), outer_seal_(std::move(services)) {}

  // `slot` as it was read. One whose factors will never open it again is as good as torn.
  // UNAVAILABLE: a factor is silent, and the slot could hold the root.
  absl::StatusOr<Slot> Open(int slot, const SealedSlot& sealed);
  // Both slots were read.
  void ForgetUnused() { outer_seal_.ForgetUnused(); }

  // The bytes of `content` for `slot`. A root that moves keeps its outer part, and so does a fresh
  // one but in a step of the horizon. UNAVAILABLE: the factor is silent.
  absl::Status Seal(int slot, const SlotContent& content, MutableBytes out);
  // With an outer part that may be null.
  absl::Status SealWith(const OuterSharePtr& outer, const SlotContent& content, MutableBytes out);
  // What seals `current` here, whatever was read since from a file that somebody overwrote.
  OuterSharePtr OuterOf(const SlotContent& current) const;

  // Destroys what the factor keeps outside the slots for others than these.
  absl::Status DestroyStrays(std::vector<SealedSlot> slots);
  // A copy of the slots is worth nothing once DestroyStrays was there.
  bool kept_outside() const { return factor_->type() == PartType::kToken; }

  // As in holder.h.
  std::vector<std::string> factors() const;
  std::optional<ServiceKey> outer_key() const;
  bool lacks_outer() const { return outer_seal_.available() && !outer_key().has_value(); }
  absl::StatusOr<bool> RenewOuter(Random& random);
  void DropRenewedOuter() { renewed_.reset(); }
  // Nothing where that depends on the file of the slots.
  std::optional<Assurance> CheckAssurance(std::string* why) { return factor_->CheckAssurance(why); }

 private:
  // The root that was sealed last, and its outer part. Slots as read may be somebody else's.
  struct Sealed {
    std::array<std::uint8_t, 32> root_commitment{};
    OuterSharePtr outer;
  };

  OuterSharePtr OuterFor(int slot, const SlotContent& content) const;

  const std::unique_ptr<Factor> factor_;
  OuterSeal outer_seal_;
  VaultId vault_;  // Of the slots as last read or sealed.
  // As last read; the commitment also of a slot that did not open.
  std::array<OuterSharePtr, kSlotsPerHolder> outer_;
  std::array<std::array<std::uint8_t, 32>, kSlotsPerHolder> shown_{};
  std::optional<Sealed> last_sealed_;
  OuterSharePtr renewed_;
};

}  // namespace lethe::vault::holders

#endif  // LETHE_VAULT_HOLDERS_SLOT_ROOTS_H_
