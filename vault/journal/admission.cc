#include "vault/journal/admission.h"

#include <algorithm>
#include <cstddef>
#include <functional>

#include "absl/strings/str_format.h"
#include "base/descriptors.h"
#include "base/reason.h"
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

// What no start would find: a change, and without the archive what only tells as well.
bool NeedsTheEngine(const PendingCommit& commit, const AdmissionParts& parts) {
  if (commit.room == storage::Room::kLast) return false;  // Refused, it would be a failed write.
  const bool archived = parts.archive != nullptr && parts.archive_there.ok();
  return !archived || !commit.change.operations().empty();
}

// What the engine may open while it carries out one write: a WAL, the tables of a flush and of a
// compaction, a manifest, its log; and an erase reads its nodes back. Met at the end of the table,
// any of it would seal the vault. New data leaves some of it to what must go on.
constexpr int kDescriptorsForNew = 32;
constexpr int kDescriptorsForTheRest = 16;

// Asked of the table itself, before anything is written.
absl::Status CheckDescriptorsFor(storage::Room room) {
  switch (room) {
    case storage::Room::kSpare:
      return CheckDescriptors(kDescriptorsForNew);
    case storage::Room::kReserve:
      return CheckDescriptors(kDescriptorsForTheRest);
    case storage::Room::kLast:
      return absl::OkStatus();  // Refused, it would be a failed write.
  }
  return absl::OkStatus();
}

absl::Status CheckRoom(std::size_t bytes, storage::Room room, const AdmissionParts& parts) {
  LETHE_TRY(CheckDescriptorsFor(room));
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

absl::Status CheckEngineThere(const storage::Engine& engine) {
  const absl::Status there = engine.CheckThere();
  if (there.ok()) return there;
  return Refuse(
      Reason::kDatabaseMissing,
      absl::StrFormat("the database's folder is not at its path (%s): put the very folder "
                      "back; if it is lost, end the server and run lethe backup restore, or, "
                      "without a backup, lethe archive restore",
                      there.message()));
}

std::vector<PendingCommit*> Admit(std::vector<PendingCommit*> commits,
                                  const AdmissionParts& parts) {
  if (!parts.archive_there.ok()) {
    const auto promises = [&](const PendingCommit* commit) {
      return !GoesWithoutArchive(*commit, parts);
    };
    TurnAway(commits, promises, parts.archive_there);
  }
  if (!parts.engine_there.ok()) {
    const auto needs = [&](const PendingCommit* commit) { return NeedsTheEngine(*commit, parts); };
    TurnAway(commits, needs, parts.engine_there);
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
