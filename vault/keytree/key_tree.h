// A KeyTree holds every secret that can be shredded. Adding one is a small row in the batch of what
// it guards; shredding re-keys the path from the leaf's group to the root and destroys the old
// root, so that no copy of any file of any age opens with the root that is left.
//
// The protocol, the row formats and the crash table: docs/architecture.md and docs/formats.md.
#ifndef LETHE_VAULT_KEYTREE_KEY_TREE_H_
#define LETHE_VAULT_KEYTREE_KEY_TREE_H_

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "base/clock.h"
#include "base/memory/secret.h"
#include "base/random.h"
#include "crypto/signing.h"
#include "storage/batch.h"
#include "vault/audit/event.h"
#include "vault/holders/holder.h"
#include "vault/journal/journal.h"
#include "vault/keytree/leaf.h"
#include "vault/keytree/shred.h"
#include "vault/model/erasure.h"
#include "vault/model/keys.h"
#include "vault/rows/place.h"
#include "vault/shredlog/shred_log.h"

namespace lethe::vault::keytree {

struct TreeStatus {
  std::uint64_t generation = 0;
  std::uint64_t owner_epoch = 0;
  int levels = 0;
  Assurance assurance = Assurance::kNone;
  bool sealed = false;              // A step of a shred failed: restart decides.
  bool attempt_unresolved = false;  // A holder fell silent in the middle: erases wait.
  std::string unresolved_why;
  // A line for every holder whose file is not where the next start will look, or was overwritten.
  std::vector<std::string> lost_places;
};

// Thread-safe. Reads never wait for a shred; concurrent shreds share one attempt.
class KeyTree {
 public:
  // Fits an archive's frame where the leaves share groups; where they do not, a shred of more than
  // some 13,000 is refused (kTooMany) before anything is written.
  static constexpr std::size_t kLeavesPerShredMax = 100'000;

  // Makes a tree of one page in a new vault: generation 1, root in every holder, INIT in the log.
  static absl::Status Create(const VaultId& vault, Journal& journal,
                             std::vector<std::unique_ptr<holders::Holder>>& holders, Clock& clock,
                             Random& random);

  // Opens the tree and resolves what a crash left, by the table in docs/architecture.md. Raises the
  // owner epoch. UNAVAILABLE (kHolderUnreachable): a holder that could decide is silent; nothing
  // was written. DATA_LOSS (kLeafLost): no slot opens the head or the tail.
  static absl::StatusOr<std::unique_ptr<KeyTree>> Open(
      const VaultId& vault, Journal& journal, std::vector<std::unique_ptr<holders::Holder>> holders,
      Clock& clock, Random& random);
  ~KeyTree();

  // Gives out eight slots for one person. Nothing is written: the spot lives in the header.
  absl::StatusOr<PersonSpot> ReserveSpot();
  // Draws a leaf in the person's spot (marking it used there), or in a shared group when the spot
  // is full or its group is being shredded; appends its row and preconditions to `change`.
  absl::StatusOr<LeafDraft> DraftPersonal(PersonSpot& spot, storage::Batch& change);
  // Draws a leaf in order of arrival: records, tenants, periods.
  absl::StatusOr<LeafDraft> Draft(storage::Batch& change);

  // NOT_FOUND (kResourceNotFound): never existed, or shredded, or dying. DATA_LOSS: a node is
  // broken.
  absl::StatusOr<Secret> Unwrap(const Place& place) const;
  // The same, trying `carried` first.
  absl::StatusOr<Secret> Unwrap(const Place& place, const WrappedLeaf& carried) const;

  // When this returns OK, nothing ever written to storage opens `leaves` with the root that is
  // left. On error they are still whole, or the work is finished later (as soon as a holder that
  // fell silent answers or is retired, or by the next open): there is no third outcome.
  // UNAVAILABLE (kHolderUnreachable, kArchiveMissing, kDatabaseMissing), RESOURCE_EXHAUSTED: a
  // holder is silent, the archive or room is wanting; try again, either way. DATA_LOSS (kLeafLost):
  // a place that the tree does not have; nothing changed. INTERNAL: from now on the vault is sealed
  // and restart decides.
  absl::StatusOr<ShredOutcome> Shred(ShredRequest request);

  // The root's own affairs, for operators; each commits `event` with its change. -----------------
  // Asks the holders; while an attempt waits for one of them it tells what was last seen.
  absl::StatusOr<KeyStatus> Keys();
  // A shred of no leaf: a fresh root, and the old one destroyed. Shred's errors.
  absl::Status Rotate(audit::Event event);
  // The same with a fresh outer part in every holder. FAILED_PRECONDITION (kKeyNotRotated): the
  // service would use the key version that sealed the old parts, or there is no service.
  absl::Status StepHorizon(audit::Event event);
  // The operator says that `key_id` ("service/id", or the id where only one service has it) is
  // destroyed. NOT_FOUND: no open horizon. FAILED_PRECONDITION: a holder still needs it.
  absl::Status AttestHorizon(const std::string& key_id, audit::Event event);
  // Gives a holder up for good: the first principal asks, another one within kRetireWithin does
  // it. NOT_FOUND: no such holder. FAILED_PRECONDITION (kHolderNeeded): it is the last one.
  absl::Status RetireHolder(const std::string& name, audit::Event event);
  // The holder's file is not at its path any more, or was overwritten: the holder moves to the one
  // that is there, or to a new one, with the root of now. Where what it had may keep the root,
  // every receipt from then on says so. NOT_FOUND. FAILED_PRECONDITION (kHolderNeeded): what stands
  // there cannot be a holder of this vault; nothing was changed.
  absl::Status RejoinHolder(const std::string& name, audit::Event event);
  // A gap of `kind`, kGap or kArchiveRebuilt, that these two answer for. The log knows them by
  // MACs.
  absl::Status RecordGap(shredlog::EntryKind kind, std::uint64_t position,
                         const std::array<std::string, 2>& approvers, audit::Event event);
  static constexpr absl::Duration kRetireWithin = absl::Hours(24);

  // New data may be written. UNAVAILABLE (kHolderUnreachable): what holds the root is not what the
  // next start will find; which, and what to do. Costs two calls of the system; where it refuses, a
  // look by the committer.
  absl::Status CheckWritable() const;

  // Signs receipts and log entries; its seed is sealed under a leaf of this tree.
  const crypto::SigningKey& signing_key() const;
  // A secret of the vault itself, for MACs in the audit log; derive from it, never use it bare.
  const Secret& vault_secret() const;
  TreeStatus Status() const;

 private:
  struct Rep;
  explicit KeyTree(std::unique_ptr<Rep> rep);
  const std::unique_ptr<Rep> rep_;
};

}  // namespace lethe::vault::keytree

#endif  // LETHE_VAULT_KEYTREE_KEY_TREE_H_
