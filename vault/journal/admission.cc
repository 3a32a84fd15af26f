#include "vault/journal/admission.h"

#include <algorithm>
#include <functional>

#include "base/status_macros.h"

namespace lethe::vault {
namespace {

// The position's own row and the engine's header around a batch, with room to spare.
constexpr std::size_t kWriteOverheadBytes = 4096;

// What only tells (of reads and refusals), and the end of what cannot be taken back: its frame
// waits in the engine. Everything else promises the archive.
bool GoesWithoutArchive(const PendingCommit& commit, const AdmissionParts& parts) {
  if (commit.room == storage::Room::kLast) return true;
  return commit.change.operations().empty() && parts.engine_keeps_events;
}

absl::Status CheckRoom(std::size_t bytes, storage::Room room, const AdmissionParts& parts) {
  // Twice: an unsynced frame stands in the engine beside what it changes.
  LETHE_TRY(parts.engine.CheckRoom(2 * bytes + kWriteOverheadBytes, room));
  if (parts.archive == nullptr || !parts.archive_there.ok()) return absl::OkStatus();
  return parts.archive->CheckRoom(bytes + kWriteOverheadBytes, room);
}

// Those for whom `is_refused` stands behind the others: finishes and drops them.
void TurnAway(std::vector<PendingCommit*>& commits,
              const std::function<bool(const PendingCommit*)>& is_refused,
              const absl::Status& why) {
  const auto refused =
      std::stable_partition(commits.begin(), commits.end(), std::not_fn(is_refused));
  std::for_each(refused, commits.end(), [&](PendingCommit* commit) { commit->Finish(why); });
  commits.erase(refused, commits.end());
}

}  // namespace

std::vector<PendingCommit*> Admit(std::vector<PendingCommit*> commits,
                                  const AdmissionParts& parts) {
  if (!parts.archive_there.ok()) {
    const auto promises = [&](const PendingCommit* commit) {
      return !GoesWithoutArchive(*commit, parts);
    };
    TurnAway(commits, promises, parts.archive_there);
  }
  for (const storage::Room room :
       {storage::Room::kSpare, storage::Room::kReserve, storage::Room::kLast}) {
    const auto asks = [room](const PendingCommit* commit) { return commit->room == room; };
    if (std::ranges::none_of(commits, asks)) continue;
    std::size_t bytes = 0;
    for (const PendingCommit* const commit : commits) bytes += commit->bytes;
    const absl::Status enough = CheckRoom(bytes, room, parts);
    if (!enough.ok()) TurnAway(commits, asks, enough);
  }
  return commits;
}

}  // namespace lethe::vault
