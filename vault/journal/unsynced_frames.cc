#include "vault/journal/unsynced_frames.h"

#include <algorithm>
#include <functional>
#include <numeric>
#include <string>
#include <utility>

#include "base/codec.h"
#include "base/reason.h"
#include "base/status_macros.h"
#include "storage/scan.h"
#include "vault/archive/frame.h"
#include "vault/rows/row_schema.h"

namespace lethe::vault {
namespace {

// A few rows at a time: each may hold a whole group.
constexpr std::size_t kScanRows = 16;
// By what a frame is larger than its row, which has a chain, a sequence and a length.
constexpr std::size_t kAddedInArchive =
    archive::kFrameOverheadBytes - (sizeof(crypto::Digest) + 8 + 4);

struct KeptFrame {
  crypto::Digest chain_before{};
  archive::Frame frame;
};

absl::Status Gap() {
  return Refuse(
      Reason::kChainBroken,
      "the archive ends before the database does, and what lies between is nowhere: bring "
      "the whole archive, or go on without it: lethe archive rebuild");
}

absl::StatusOr<std::uint64_t> DecodeKey(const std::string& key) {
  ByteReader reader(key);
  const std::uint64_t sequence = reader.U64();
  LETHE_TRY(reader.Finish());
  return sequence;
}

absl::StatusOr<KeptFrame> DecodeRow(const storage::Row& row) {
  KeptFrame kept;
  LETHE_ASSIGN(kept.frame.last_sequence, DecodeKey(row.key));
  ByteReader reader(row.value);
  const Bytes chain = reader.Raw(kept.chain_before.size());
  std::copy(chain.begin(), chain.end(), kept.chain_before.begin());
  kept.frame.first_sequence = reader.U64();
  kept.frame.batch = std::string(reader.Long());
  LETHE_TRY(reader.Finish());
  return kept;
}

absl::Status ForEachRow(const storage::Reader& engine, std::uint64_t after,
                        const std::function<absl::Status(const storage::Row&)>& each) {
  const storage::Range range{.prefix = {}, .after = after == 0 ? "" : row_key::Sequence(after)};
  return storage::ForEachRow(engine, table::kUnsynced, range, kScanRows, each);
}

// The rows lead from the archive's end to `position`, without a hole.
absl::Status CheckLeads(const storage::Reader& engine, const archive::Archive& archive,
                        std::uint64_t position) {
  std::uint64_t reached = archive.last_sequence();
  crypto::Digest chain = archive.chain();
  LETHE_TRY(ForEachRow(engine, reached, [&](const storage::Row& row) {
    LETHE_ASSIGN(const KeptFrame kept, DecodeRow(row));
    if (kept.chain_before != chain || kept.frame.first_sequence != reached + 1) return Gap();
    chain = archive::ChainOver(chain, kept.frame);
    reached = kept.frame.last_sequence;
    return absl::OkStatus();
  }));
  return reached == position ? absl::OkStatus() : Gap();
}

}  // namespace

absl::StatusOr<UnsyncedFrames> UnsyncedFrames::Load(const storage::Reader& engine) {
  UnsyncedFrames frames;
  LETHE_TRY(ForEachRow(engine, 0, [&](const storage::Row& row) {
    LETHE_ASSIGN(const std::uint64_t sequence, DecodeKey(row.key));
    frames.Count(sequence, row.value.size());
    return absl::OkStatus();
  }));
  return frames;
}

void UnsyncedFrames::Keep(const archive::Frame& frame, const crypto::Digest& chain_before,
                          storage::Batch& batch) {
  ByteWriter writer;
  writer.Raw(chain_before).U64(frame.first_sequence).Long(frame.batch);
  Count(frame.last_sequence, writer.str().size());
  batch.Put(table::kUnsynced, row_key::Sequence(frame.last_sequence), writer.Take());
}

void UnsyncedFrames::Drop(storage::Batch& batch) {
  for (const Row& row : rows_) {
    batch.Delete(table::kUnsynced, row_key::Sequence(row.last_sequence));
  }
  rows_.clear();
  bytes_ = 0;
}

void UnsyncedFrames::Count(std::uint64_t last_sequence, std::size_t bytes) {
  rows_.push_back({last_sequence, bytes});
  bytes_ += bytes;
}

std::uint64_t UnsyncedFrames::ArchiveBytesBehind(std::uint64_t sequence) const {
  const auto behind = std::ranges::upper_bound(rows_, sequence, {}, &Row::last_sequence);
  return std::accumulate(
      behind, rows_.end(), std::uint64_t{0},
      [](std::uint64_t sum, const Row& row) { return sum + row.bytes + kAddedInArchive; });
}

absl::Status UnsyncedFrames::AppendMissing(const storage::Reader& engine, std::uint64_t position,
                                           archive::Archive& archive) {
  LETHE_TRY(CheckLeads(engine, archive, position));
  LETHE_TRY(ForEachRow(engine, archive.last_sequence(), [&archive](const storage::Row& row) {
    LETHE_ASSIGN(const KeptFrame kept, DecodeRow(row));
    return archive.Append(kept.frame).status();
  }));
  return archive.Sync();
}

}  // namespace lethe::vault
