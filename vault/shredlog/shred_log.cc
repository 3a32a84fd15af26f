#include "vault/shredlog/shred_log.h"

#include <algorithm>

#include "base/reason.h"
#include "base/status_macros.h"
#include "vault/rows/row_schema.h"

namespace lethe::vault::shredlog {
namespace {

constexpr std::uint8_t kEntryFormat = 1;
constexpr std::uint8_t kStateFormat = 1;
constexpr char kStateRow[] = "keytree.shred_log";
constexpr std::size_t kSignatureBytes = 64;

std::string SignedBytes(const VaultId& vault, Bytes unsigned_row) {
  return ByteWriter().Raw("lethe.shredlog.v1").Raw(vault.bytes()).Raw(unsigned_row).Take();
}

template <std::size_t N>
void ReadInto(ByteReader& in, std::array<std::uint8_t, N>& out) {
  const Bytes bytes = in.Raw(N);
  std::ranges::copy(bytes, out.begin());
}

std::string EncodeUnsigned(const LogEntry& entry) {
  ByteWriter out;
  out.U8(kEntryFormat).U8(static_cast<std::uint8_t>(entry.kind)).U64(entry.sequence);
  out.I64(absl::ToUnixMicros(entry.time)).U64(entry.attempt).U64(entry.base);
  out.U8(static_cast<std::uint8_t>(entry.base_levels)).U8(static_cast<std::uint8_t>(entry.levels));
  out.Raw(entry.root).Raw(entry.nodes);
  out.U32(static_cast<std::uint32_t>(entry.leaves.size()));
  for (const GroupLeaves& group : entry.leaves) out.U64(group.group).U64(group.slots);
  out.U32(static_cast<std::uint32_t>(entry.facts.size()));
  for (const std::string& facts : entry.facts) out.Long(facts);
  out.U8(static_cast<std::uint8_t>(entry.holders.size()));
  for (const std::string& holder : entry.holders) out.Short(holder);
  out.U8(static_cast<std::uint8_t>(entry.assurance)).Raw(entry.previous);
  return out.Take();
}

std::string EncodeState(const LogState& state) {
  return ByteWriter()
      .U8(kStateFormat)
      .U64(state.last_sequence)
      .Raw(state.last_digest)
      .U64(state.highest_attempt)
      .U64(state.head_generation)
      .U8(static_cast<std::uint8_t>(state.head_levels))
      .Raw(state.head_root)
      .U64(state.tail_sequence)
      .Take();
}

void MoveHeadOrTail(const LogEntry& entry, LogState& state) {
  switch (entry.kind) {
    case EntryKind::kPrepared:
      state.tail_sequence = entry.sequence;
      state.highest_attempt = entry.attempt;
      break;
    case EntryKind::kInit:
      state.highest_attempt = entry.attempt;
      [[fallthrough]];
    case EntryKind::kCommitted:
      state.head_generation = entry.attempt;
      state.head_levels = entry.levels;
      state.head_root = entry.root;
      state.tail_sequence = 0;
      break;
    case EntryKind::kAborted:
      state.tail_sequence = 0;
      break;
    case EntryKind::kHolderRetired:
    case EntryKind::kHorizonAttested:
    case EntryKind::kGap:
    case EntryKind::kHorizonStepped:
    case EntryKind::kArchiveRebuilt:
    case EntryKind::kHolderRejoined:
      break;
  }
}

}  // namespace

std::string EncodeLogEntry(const VaultId& vault, const LogEntry& entry,
                           const crypto::SigningKey& key) {
  std::string row = EncodeUnsigned(entry);
  const crypto::Signature signature = key.Sign(AsBytes(SignedBytes(vault, AsBytes(row))));
  row.append(AsText(signature));
  return row;
}

absl::StatusOr<LogEntry> DecodeLogEntry(Bytes row) {
  ByteReader in(row);
  if (in.U8() != kEntryFormat) {
    return Refuse(Reason::kUnsupportedFormat,
                  "a shred log entry has a format this version does not know");
  }
  LogEntry entry;
  entry.kind = in.Named<EntryKind>();
  entry.sequence = in.U64();
  entry.time = absl::FromUnixMicros(in.I64());
  entry.attempt = in.U64();
  entry.base = in.U64();
  entry.base_levels = in.U8();
  entry.levels = in.U8();
  ReadInto(in, entry.root);
  ReadInto(in, entry.nodes);
  for (std::uint32_t left = in.U32(); left > 0 && in.ok(); --left) {
    const std::uint64_t group = in.U64();
    entry.leaves.push_back({group, in.U64()});
  }
  for (std::uint32_t left = in.U32(); left > 0 && in.ok(); --left) {
    entry.facts.emplace_back(in.Long());
  }
  for (std::uint8_t left = in.U8(); left > 0 && in.ok(); --left) {
    entry.holders.emplace_back(in.Short());
  }
  entry.assurance = in.Named<Assurance>();
  ReadInto(in, entry.previous);
  in.Raw(kSignatureBytes);
  LETHE_TRY(in.Finish());
  return entry;
}

bool VerifyLogEntry(const VaultId& vault, Bytes row, const crypto::PublicKey& key) {
  if (row.size() < kSignatureBytes) return false;
  const Bytes body = row.first(row.size() - kSignatureBytes);
  return crypto::Verify(key, AsBytes(SignedBytes(vault, body)), row.last(kSignatureBytes));
}

absl::StatusOr<LogState> LoadLogState(const storage::Engine& engine) {
  LETHE_ASSIGN(const std::string row, engine.Get(table::kMeta, kStateRow));
  ByteReader in(row);
  if (in.U8() != kStateFormat) {
    return Refuse(Reason::kUnsupportedFormat,
                  "the shred log's state has a format this version does not know");
  }
  LogState state;
  state.last_sequence = in.U64();
  ReadInto(in, state.last_digest);
  state.highest_attempt = in.U64();
  state.head_generation = in.U64();
  state.head_levels = in.U8();
  ReadInto(in, state.head_root);
  state.tail_sequence = in.U64();
  LETHE_TRY(in.Finish());
  return state;
}

absl::StatusOr<LogEntry> LoadLogEntry(const storage::Engine& engine, std::uint64_t sequence) {
  LETHE_ASSIGN(const std::string row, engine.Get(table::kShredLog, row_key::Sequence(sequence)));
  return DecodeLogEntry(AsBytes(row));
}

LogState AppendLogEntry(const VaultId& vault, const LogState& state, LogEntry entry,
                        const crypto::SigningKey& key, storage::Batch& change) {
  entry.sequence = state.last_sequence + 1;
  entry.previous = state.last_digest;
  std::string row = EncodeLogEntry(vault, entry, key);
  LogState next = state;
  next.last_sequence = entry.sequence;
  next.last_digest = crypto::Sha256(AsBytes(row));
  MoveHeadOrTail(entry, next);
  change.Put(table::kShredLog, row_key::Sequence(entry.sequence), std::move(row));
  change.Put(table::kMeta, kStateRow, EncodeState(next));
  return next;
}

}  // namespace lethe::vault::shredlog
