// Start-up: which root opens the vault, and what to do about an attempt that a crash cut off. The
// table in docs/architecture.md, "Start-up", line by line.
#ifndef LETHE_VAULT_KEYTREE_START_UP_H_
#define LETHE_VAULT_KEYTREE_START_UP_H_

#include <optional>

#include "absl/status/statusor.h"
#include "storage/engine.h"
#include "vault/holders/holder_set.h"
#include "vault/keytree/node_keys.h"
#include "vault/shredlog/shred_log.h"

namespace lethe::vault::keytree {

// What the slots and the log say together.
struct StartUp {
  enum class Tail { kNone, kFinish, kAbort };
  Tail tail = Tail::kNone;
  std::optional<shredlog::LogEntry> tail_entry;  // Iff not kNone.
  Root root;                                     // The one that opens the vault from here on.
  std::uint64_t highest_epoch = 0;               // Seen in any slot.
  std::uint64_t highest_generation = 0;
  bool someone_silent = false;  // Then there is no tail, and erases wait for it.
};

// Decides; writes nothing. UNAVAILABLE (kHolderUnreachable): a holder that could decide is silent.
// DATA_LOSS (kLeafLost): no slot opens as tail or head; the message says what to fetch.
absl::StatusOr<StartUp> DecideStartUp(const VaultId& vault, const storage::Engine& engine,
                                      const shredlog::LogState& log, holders::HolderSet& holders);

// Carries the decision out in the holders: the root moves, with the next owner epoch, beside itself
// in every holder; then every other slot is destroyed. This finishes steps 3 and 4 of a tail,
// undoes one that is aborted, and raises the epoch, in one movement. Returns the new epoch.
absl::StatusOr<std::uint64_t> SettleHolders(const VaultId& vault, const StartUp& start,
                                            holders::HolderSet& holders);

// The changes due once the holders are settled: COMMITTED with what the attempt left pending, or
// ABORTED with its nodes deleted. Empty where there is no tail.
absl::StatusOr<storage::Batch> SettleLog(const VaultId& vault, const storage::Engine& engine,
                                         const StartUp& start, absl::Time now,
                                         const crypto::SigningKey& key, shredlog::LogState& log);

}  // namespace lethe::vault::keytree

#endif  // LETHE_VAULT_KEYTREE_START_UP_H_
