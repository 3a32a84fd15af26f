// A JournalGroup is what one pass of the thread that writes takes: the commits that waited, as one
// batch and one archive frame. Building it decides which of them take part; nothing is written
// here.
#ifndef LETHE_VAULT_JOURNAL_JOURNAL_GROUP_H_
#define LETHE_VAULT_JOURNAL_JOURNAL_GROUP_H_

#include <cstdint>
#include <span>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/synchronization/notification.h"
#include "absl/time/time.h"
#include "base/random.h"
#include "storage/batch.h"
#include "storage/engine.h"
#include "vault/audit/event.h"
#include "vault/journal/journal.h"

namespace lethe::vault {

// One call of Journal::Commit while it waits. Lives on its caller's stack until `done`.
struct PendingCommit {
  std::vector<audit::Event> events;
  storage::Batch change;
  storage::Durability durability = storage::Durability::kSynced;
  storage::Room room = storage::Room::kSpare;
  std::size_t bytes = 0;  // FrameBytesOf(events, change)

  absl::StatusOr<Journal::Committed> result = absl::UnknownError("not committed yet");
  absl::Notification done;

  void Finish(absl::StatusOr<Journal::Committed> with) {
    result = std::move(with);
    done.Notify();
  }
};

// At most what a commit adds to its group's frame.
std::size_t FrameBytesOf(std::span<const audit::Event> events, const storage::Batch& change);

struct JournalGroup {
  // What a pass takes from the queue: more commits than this gain nothing from sharing a sync, and
  // more bytes would keep everybody else waiting for the disk.
  static constexpr std::size_t kCommitsMax = 1'024;
  static constexpr std::size_t kBytesMax = 1u << 20;
  // A commit of so much is written apart from what is smaller.
  static constexpr std::size_t kLargeBytes = 256u << 10;

  std::vector<PendingCommit*> members;  // Each with its Committed::sequence set.
  storage::Batch batch;                 // Their changes and events, without preconditions.
  std::uint64_t first_sequence = 0;
  std::uint64_t last_sequence = 0;  // first_sequence - 1: no member.
  bool synced = false;              // A member wants it.

  storage::Durability durability() const {
    return synced ? storage::Durability::kSynced : storage::Durability::kWritten;
  }
};

// Numbers the events of `commits` from `first_sequence`. A commit whose preconditions fail, over
// the engine and the commits before it, is finished ABORTED, takes no number and leaves no trace.
JournalGroup BuildJournalGroup(std::span<PendingCommit* const> commits,
                               const storage::Engine& engine, std::uint64_t first_sequence,
                               absl::Time now, Random& random);

}  // namespace lethe::vault

#endif  // LETHE_VAULT_JOURNAL_JOURNAL_GROUP_H_
