// The shred log: the permanent, signed record of every attempt to shred. It tells a restart what
// was going on, and an auditor what died when. It holds places, generations and digests, never a
// name.
//
// Row in table kShredLog, key sequence64: U8 format | body | Ed25519 signature 64 over
// "lethe.shredlog.v1" | vault | U8 format | body. Each body holds the SHA-256 of the row before it.
#ifndef LETHE_VAULT_SHREDLOG_SHRED_LOG_H_
#define LETHE_VAULT_SHREDLOG_SHRED_LOG_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "base/enum_names.h"
#include "base/ids.h"
#include "crypto/hash.h"
#include "crypto/kdf.h"
#include "crypto/signing.h"
#include "storage/engine.h"
#include "vault/model/keys.h"
#include "vault/rows/place.h"

namespace lethe::vault::shredlog {

// On disk; never reuse. 7 is kept for gaps.
enum class EntryKind : std::uint8_t {
  kInit = 1,
  kPrepared = 2,
  kCommitted = 3,
  kAborted = 4,
  kHolderRetired = 5,    // facts: Short holder, 16 who asked, 16 who did it (MACs of principals).
  kHorizonAttested = 6,  // facts: Short service, Short key id, 16 who says so.
  kGap = 7,              // facts: U64 journal sequence behind which all is gone, 2 * 16 approver.
  kHorizonStepped = 8,   // Before its PREPARED. facts, one a key left: Short service, Short key id.
  kArchiveRebuilt = 9,   // facts: U64 sequence up to which the archive is gone, 2 * 16 approver.
  // facts: Short holder, U8 its former file may keep a root, Short what is given up by that (empty:
  // nothing, or it was before), 16 who did it.
  kHolderRejoined = 10,
};

inline constexpr EnumName<EntryKind> kEntryKindNames[] = {
    {EntryKind::kInit, "init"},
    {EntryKind::kPrepared, "prepared"},
    {EntryKind::kCommitted, "committed"},
    {EntryKind::kAborted, "aborted"},
    {EntryKind::kHolderRetired, "holder_retired"},
    {EntryKind::kHorizonAttested, "horizon_attested"},
    {EntryKind::kGap, "gap"},
    {EntryKind::kHorizonStepped, "horizon_stepped"},
    {EntryKind::kArchiveRebuilt, "archive_rebuilt"},
    {EntryKind::kHolderRejoined, "holder_rejoined"},
};
constexpr std::string_view NameOf(EntryKind value) {
  return FindName<EntryKind>(kEntryKindNames, value);
}

// The shredded leaves of one group: bit i = slot i.
struct GroupLeaves {
  std::uint64_t group = 0;
  std::uint64_t slots = 0;
  friend bool operator==(const GroupLeaves&, const GroupLeaves&) = default;
};

struct LogEntry {
  EntryKind kind = EntryKind::kPrepared;
  std::uint64_t sequence = 0;
  absl::Time time;
  std::uint64_t attempt = 0;  // The generation it makes; each number is used once.
  std::uint64_t base = 0;     // The generation it replaces.
  int base_levels = 0;
  int levels = 0;
  crypto::Commitment root{};  // Of the attempt's root.
  crypto::Digest nodes{};     // SHA-256 over the attempt's node rows, in the order of PathOf.
  std::vector<GroupLeaves> leaves;
  std::vector<std::string> facts;    // One a request.
  std::vector<std::string> holders;  // Their names: every one must be reached before ABORTED.
  Assurance assurance = Assurance::kNone;
  crypto::Digest previous{};
};

// Where the log stands; a row of its own (kMeta), so that no start has to read the log.
struct LogState {
  std::uint64_t last_sequence = 0;
  crypto::Digest last_digest{};
  std::uint64_t highest_attempt = 0;
  // The last COMMITTED or INIT.
  std::uint64_t head_generation = 0;
  int head_levels = 0;
  crypto::Commitment head_root{};
  // The PREPARED after it that is neither COMMITTED nor ABORTED; 0: none.
  std::uint64_t tail_sequence = 0;
};

std::string EncodeLogEntry(const VaultId& vault, const LogEntry& entry,
                           const crypto::SigningKey& key);
// DATA_LOSS: malformed. Does not check the signature.
absl::StatusOr<LogEntry> DecodeLogEntry(Bytes row);
bool VerifyLogEntry(const VaultId& vault, Bytes row, const crypto::PublicKey& key);

absl::StatusOr<LogState> LoadLogState(const storage::Engine& engine);
absl::StatusOr<LogEntry> LoadLogEntry(const storage::Engine& engine, std::uint64_t sequence);

// Numbers `entry`, chains it to `state`, signs it, and puts it and the new state into `change`.
// Returns the state after it.
LogState AppendLogEntry(const VaultId& vault, const LogState& state, LogEntry entry,
                        const crypto::SigningKey& key, storage::Batch& change);

}  // namespace lethe::vault::shredlog

#endif  // LETHE_VAULT_SHREDLOG_SHRED_LOG_H_
