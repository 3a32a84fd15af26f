// The thread that writes the journal: takes what waits as a group, asks whether it may be written,
// and writes it, the archive first.
#ifndef LETHE_VAULT_JOURNAL_JOURNAL_WRITER_H_
#define LETHE_VAULT_JOURNAL_JOURNAL_WRITER_H_

#include <atomic>
#include <cstdint>
#include <deque>
#include <span>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "base/clock.h"
#include "base/random.h"
#include "crypto/hash.h"
#include "storage/engine.h"
#include "vault/archive/archive.h"
#include "vault/journal/journal_group.h"
#include "vault/journal/journal_queue.h"
#include "vault/journal/unsynced_frames.h"

namespace lethe::vault {

class JournalWriter {
 public:
  // Both level (journal_level.h), with what the engine keeps for the archive, which may be null.
  JournalWriter(storage::Engine& engine, archive::Archive* archive, JournalQueue& queue,
                Clock& clock, Random& random, UnsyncedFrames unsynced);
  // Finishes what is queued.
  ~JournalWriter();

  // Of the last event that was written.
  std::uint64_t sequence() const { return sequence_; }

 private:
  // Everything below is the thread's own.
  void Run();
  bool Wait(std::vector<PendingCommit*>& commits, std::deque<JournalPause*>& pauses);
  std::vector<PendingCommit*> TakeGroup() ABSL_EXCLUSIVE_LOCKS_REQUIRED(queue_.mutex);
  void CommitGroup(std::span<PendingCommit* const> commits);
  absl::Status ReachArchive();
  bool EngineFailed() const;
  absl::StatusOr<archive::FramePosition> WriteArchive(JournalGroup& group);
  absl::StatusOr<archive::FramePosition> AppendFrame(const archive::Frame& frame, bool must);
  void RunPause(JournalPause& pause);
  absl::Status Level();
  void Seal();

  storage::Engine& engine_;
  archive::Archive* const archive_;
  JournalQueue& queue_;
  Clock& clock_;
  Random& random_;
  std::atomic<std::uint64_t> sequence_;

  crypto::Digest chain_;        // Over all frames up to `sequence_`, in the archive or not.
  absl::Status archive_there_;  // At the last look.
  UnsyncedFrames unsynced_;
  bool large_waited_ = false;  // The last group was of small commits alone.
  std::thread thread_;         // Last: it uses all of the above.
};

}  // namespace lethe::vault

#endif  // LETHE_VAULT_JOURNAL_JOURNAL_WRITER_H_
