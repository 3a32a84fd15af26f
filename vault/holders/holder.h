// A Holder keeps one independent copy of the root where it can really be destroyed. Several holders
// are alternatives: any one opens the vault, and an erase must destroy the old root in all of them.
//
// Each has two slots. The active one is never written: a new root goes to the other, is read back,
// and only then the old one is destroyed.
#ifndef LETHE_VAULT_HOLDERS_HOLDER_H_
#define LETHE_VAULT_HOLDERS_HOLDER_H_

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "base/ids.h"
#include "base/memory/secret.h"
#include "base/random.h"
#include "crypto/kdf.h"
#include "vault/model/keys.h"

namespace lethe::vault::holders {

// What a slot shows in clear beside the root, and the root itself once its factors opened it.
struct SlotContent {
  VaultId vault;
  std::uint64_t generation = 0;
  std::uint64_t owner_epoch = 0;
  crypto::Commitment root_commitment{};  // Of the root.
  Secret root;

  SlotContent Clone() const;
};

// One of the two slots as found: empty (destroyed), torn (no checksum fits), or whole.
struct Slot {
  enum class State : std::uint8_t { kEmpty, kTorn, kWhole };
  State state = State::kEmpty;
  std::optional<SlotContent> content;  // Iff kWhole. Its root matches its commitment.
};

inline constexpr int kSlotsPerHolder = 2;

// What the slots of a holder have, seen from the root of now.
enum class Standing : std::uint8_t {
  kCurrent,   // The root of now, or the one that an attempt on its way replaces it by.
  kBehind,    // None, or one of an earlier owner epoch: as a holder that was away.
  kReplaced,  // A root that was ours, or a later owner's. Somebody overwrote the slots.
};
Standing StandingOf(const std::array<Slot, kSlotsPerHolder>& slots, const SlotContent& current);
// The same of one root that stands somewhere; neither of them is looked into.
bool IsCurrent(const SlotContent& found, const SlotContent& current);

// What came of telling a holder to use the file at its path.
struct Rejoined {
  absl::Status status;
  // A file that did not have the root of now was to get it, even if something failed on the way.
  bool took_over = false;
  // What had it until then may keep it: it could not be overwritten, or not where it was.
  bool left_root = false;
};

// Answers from any thread, in two calls of the system: what CheckPlace said is still so.
using PlaceProbe = std::function<bool()>;

// A version of a key service's key.
struct ServiceKey {
  std::string service;
  std::string key_id;  // Unique within the service only.
  std::string ToString() const { return service + "/" + key_id; }
  friend bool operator==(const ServiceKey&, const ServiceKey&) = default;
};

// Not thread-safe: the committer alone talks to holders.
class Holder {
 public:
  virtual ~Holder() = default;

  // Public, stable, without a path: "file-1". Goes into shred-log entries and receipts.
  virtual std::string name() const = 0;
  // UNAVAILABLE: silent now. FAILED_PRECONDITION (kUnsupportedFormat): a later version's slot.
  virtual absl::StatusOr<std::array<Slot, kSlotsPerHolder>> ReadSlots() = 0;
  // Writes `slot`, syncs, reads it back past the page cache and compares.
  virtual absl::Status WriteSlot(int slot, const SlotContent& content) = 0;
  // Overwrites `slot` so that its root cannot be read again, and syncs. Whatever stood there.
  virtual absl::Status DestroySlot(int slot) = 0;
  // Destroys whatever a factor keeps outside the slots that no whole slot names: the token keys of
  // slots destroyed, torn, or never written.
  virtual absl::Status DestroyStrays() = 0;

  // What is open here is what the next start will open. UNAVAILABLE (kHolderUnreachable): it is
  // not, how, and what to do; ReadSlots and the others answer the same then. OK where nothing is
  // open.
  virtual absl::Status CheckPlace() = 0;
  virtual PlaceProbe NewPlaceProbe() const = 0;
  // What stands in what is open here. The slots are read only where somebody changed the file since
  // they were read last, so that no token is asked twice a second. UNAVAILABLE: silent, or the file
  // does not say when it was changed.
  virtual absl::StatusOr<Standing> Find(const SlotContent& current) = 0;
  // Moves to the file that now stands at the holder's path, or to a new one: it gets `current` and
  // loses whatever else it holds, and what was open until now is overwritten. The very file gets
  // `current` where it lies. Nothing is done where CheckPlace is OK and the root of now is there.
  // FAILED_PRECONDITION (kHolderNeeded): what stands there cannot be a holder of this vault;
  // nothing was changed.
  virtual Rejoined Rejoin(const SlotContent& current) = 0;

  // "file", "pkcs11", "kmsv2": what must come together to give the root.
  virtual std::vector<std::string> factors() const = 0;
  // Which key version sealed the outer part of the slots as last read; absent: they have none.
  virtual std::optional<ServiceKey> outer_key() const = 0;
  // There is a key service, and the slots as last read have no outer part.
  virtual bool lacks_outer() const = 0;
  // Draws a fresh outer part under the key service's key of now, and opens it again for proof; the
  // next fresh root is written with it. False: there is no service, or the part of now is under
  // that key already. UNAVAILABLE: the service is silent; nothing changed.
  virtual absl::StatusOr<bool> RenewOuter(Random& random) = 0;
  // Forgets a renewed part: it stands in a slot, or never will.
  virtual void DropRenewedOuter() = 0;

  // What the holder's own tests say right now; checked at start and after every commit. A holder
  // whose bytes moved or are shared answers kNone and says why through `why` (a literal).
  virtual Assurance CheckAssurance(std::string* why) = 0;
};

}  // namespace lethe::vault::holders

#endif  // LETHE_VAULT_HOLDERS_HOLDER_H_
