// Frames that are in the archive but were not synced there, or that came while the archive was not
// at its path: the engine keeps a copy of each in table::kUnsynced until a later sync of the
// archive covers it, so that whatever a power cut takes from the archive's end stands in the
// engine, or is in neither.
//
//   row = 32 chain before, U64 first sequence, Long batch      under its frame's last sequence
#ifndef LETHE_VAULT_JOURNAL_UNSYNCED_FRAMES_H_
#define LETHE_VAULT_JOURNAL_UNSYNCED_FRAMES_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/status/statusor.h"
#include "crypto/hash.h"
#include "storage/batch.h"
#include "storage/engine.h"
#include "vault/archive/archive.h"

namespace lethe::vault {

// Not thread-safe: the writing thread's own.
class UnsyncedFrames {
 public:
  // How far a run of unsynced commits may grow before the journal syncs unasked: it bounds what a
  // power cut may take and what Open must read.
  static constexpr std::size_t kFramesMax = 256;
  static constexpr std::size_t kBytesMax = 1u << 20;
  // How far it may grow while the archive is not at its path and reads go on: a million events.
  static constexpr std::size_t kBytesWithoutArchiveMax = 256u << 20;

  // The rows a former process left.
  static absl::StatusOr<UnsyncedFrames> Load(const storage::Reader& engine);

  // Adds the row that keeps `frame` to the batch that applies it.
  void Keep(const archive::Frame& frame, const crypto::Digest& chain_before, storage::Batch& batch);
  // Adds the removal of all rows: the archive was synced.
  void Drop(storage::Batch& batch);

  // What an archive that ends with `sequence` grows by when it gets the frames behind that.
  std::uint64_t ArchiveBytesBehind(std::uint64_t sequence) const;

  bool full_without_archive() const { return bytes_ >= kBytesWithoutArchiveMax; }
  bool full() const { return rows_.size() >= kFramesMax || bytes_ >= kBytesMax; }
  bool empty() const { return rows_.empty(); }

  // Appends to the archive what it lost of the frames up to `position`, and syncs it. DATA_LOSS
  // (kChainBroken), and nothing is changed: the rows do not lead from the archive's end there.
  // RESOURCE_EXHAUSTED (kDescriptorReserve): it has some of them, and nothing failed.
  static absl::Status AppendMissing(const storage::Reader& engine, std::uint64_t position,
                                    archive::Archive& archive);

 private:
  struct Row {
    std::uint64_t last_sequence = 0;
    std::uint64_t bytes = 0;
  };
  void Count(std::uint64_t last_sequence, std::size_t bytes);

  std::vector<Row> rows_;  // In the order of their sequences.
  std::size_t bytes_ = 0;  // Of all rows.
};

}  // namespace lethe::vault

#endif  // LETHE_VAULT_JOURNAL_UNSYNCED_FRAMES_H_
