#include "vault/journal/journal_level.h"

#include <cstdint>
#include <utility>

#include "base/reason.h"
#include "base/status_macros.h"
#include "storage/batch.h"
#include "vault/archive/segment_list.h"
#include "vault/journal/unsynced_frames.h"

namespace lethe::vault {
namespace {

absl::Status Gap() {
  return Refuse(Reason::kChainBroken, "the archive does not go on where the database ends");
}

// Frames are whole groups, so the engine always ends where one does.
absl::Status ApplySurplus(storage::Engine& engine, archive::Archive& archive,
                          const std::function<void(std::uint64_t)>& progress) {
  const std::uint64_t target = archive.last_sequence();
  std::uint64_t reached = engine.Position();
  bool archive_synced = false;
  return archive.Replay(reached, [&](const archive::Frame& frame) -> absl::Status {
    if (frame.first_sequence != reached + 1) return Gap();
    LETHE_ASSIGN(const storage::Batch batch, storage::Batch::Decode(AsBytes(frame.batch)));
    // The engine must not hold synced what the archive may still lose.
    if (!archive_synced) LETHE_TRY(archive.Sync());
    archive_synced = true;
    reached = frame.last_sequence;
    LETHE_TRY(engine.Write(
        batch, reached,
        reached == target ? storage::Durability::kSynced : storage::Durability::kWritten));
    progress(reached);
    return absl::OkStatus();
  });
}

absl::Status EngineBehind() {
  return Refuse(Reason::kChainBroken,
                "what is left of the archive goes beyond the database, and does not follow it: the "
                "database is not this vault's newest");
}

}  // namespace

absl::Status BringInTheRest(storage::Engine& engine, const archive::AppendFolder& rest,
                            const VaultId& vault) {
  std::uint64_t reached = engine.Position();
  LETHE_ASSIGN(const auto run, archive::NewestRun(rest, vault, reached));
  if (!run.empty() && run.front().first_sequence > reached + 1) return EngineBehind();
  return archive::ReplayRun(rest, run, reached, [&](const archive::Frame& frame) -> absl::Status {
    if (frame.first_sequence != reached + 1) return EngineBehind();
    LETHE_ASSIGN(const storage::Batch batch, storage::Batch::Decode(AsBytes(frame.batch)));
    reached = frame.last_sequence;
    return engine.Write(batch, reached, storage::Durability::kSynced);
  });
}

absl::Status LevelEngineAndArchive(storage::Engine& engine, archive::Archive& archive,
                                   const std::function<void(std::uint64_t)>& progress) {
  const std::uint64_t position = engine.Position();
  if (archive.last_sequence() > position) return ApplySurplus(engine, archive, progress);
  if (archive.last_sequence() < position) {
    return UnsyncedFrames::AppendMissing(engine, position, archive);
  }
  // Level, but after a crash of the process perhaps only in the page cache.
  return archive.Sync();
}

}  // namespace lethe::vault
