#include "vault/journal/journal_writer.h"

#include <algorithm>
#include <utility>

#include "absl/time/time.h"
#include "base/descriptors.h"
#include "base/reason.h"
#include "base/status_macros.h"
#include "vault/archive/frame.h"
#include "vault/journal/admission.h"

namespace lethe::vault {
namespace {

// What the engine may open while it makes a copy of itself.
constexpr int kDescriptorsForACopy = 32;
// How often what cannot be taken back looks whether there is a descriptor again.
constexpr absl::Duration kDescriptorRetry = absl::Milliseconds(50);

absl::Status WriteFailed() {
  return Refuse(Reason::kInternal, "a write to the database or the archive failed");
}

// The archive is not there, or cannot take now what it missed. Nothing failed: it is tried again.
bool IsOutOfReach(const absl::Status& archive) {
  const auto reason = ReasonOf(archive);
  return reason == Reason::kArchiveMissing || reason == Reason::kDescriptorReserve ||
         reason == Reason::kDiskReserve;
}

}  // namespace

JournalWriter::JournalWriter(storage::Engine& engine, archive::Archive* archive,
                             JournalQueue& queue, Clock& clock, Random& random,
                             UnsyncedFrames unsynced)
    : engine_(engine),
      archive_(archive),
      queue_(queue),
      clock_(clock),
      random_(random),
      sequence_(engine.Position()),
      chain_(archive == nullptr ? crypto::Digest{} : archive->chain()),
      unsynced_(std::move(unsynced)),
      thread_([this] { Run(); }) {}

JournalWriter::~JournalWriter() {
  {
    absl::MutexLock lock(&queue_.mutex);
    queue_.stopping = true;
  }
  queue_.work_waits.Signal();
  thread_.join();
}

void JournalWriter::Run() {
  std::vector<PendingCommit*> commits;
  std::deque<JournalPause*> pauses;
  while (Wait(commits, pauses)) {
    for (JournalPause* const pause : pauses) RunPause(*pause);
    if (!commits.empty()) CommitGroup(commits);
  }
}

// False when there is nothing left to do, ever.
bool JournalWriter::Wait(std::vector<PendingCommit*>& commits, std::deque<JournalPause*>& pauses) {
  absl::MutexLock lock(&queue_.mutex);
  while (queue_.commits.empty() && queue_.pauses.empty()) {
    if (queue_.stopping) return false;
    queue_.work_waits.Wait(&queue_.mutex);
  }
  pauses = std::exchange(queue_.pauses, {});
  commits = TakeGroup();
  return true;
}

// A large commit takes the disk tens of milliseconds, a small one hardly any: it does not wait for
// all the large ones that came before it. They wait one group longer, and not a second time.
std::vector<PendingCommit*> JournalWriter::TakeGroup() {
  const auto is_large = [](const PendingCommit* commit) {
    return commit->bytes >= JournalGroup::kLargeBytes;
  };
  const auto is_small = [&](const PendingCommit* commit) { return !is_large(commit); };
  const bool small_first = !large_waited_ && std::ranges::any_of(queue_.commits, is_small);
  large_waited_ = small_first && std::ranges::any_of(queue_.commits, is_large);
  std::vector<PendingCommit*> taken;
  std::deque<PendingCommit*> left;
  std::size_t bytes = 0;
  for (PendingCommit* const next : queue_.commits) {
    const bool fits = taken.empty() || (taken.size() < JournalGroup::kCommitsMax &&
                                        bytes + next->bytes <= JournalGroup::kBytesMax);
    if (!fits || (small_first && is_large(next))) {
      left.push_back(next);
      continue;
    }
    bytes += next->bytes;
    taken.push_back(next);
  }
  queue_.commits = std::move(left);
  return taken;
}

void JournalWriter::CommitGroup(std::span<PendingCommit* const> commits) {
  if (queue_.sealed) {
    for (PendingCommit* const commit : commits) commit->Finish(JournalSealed());
    return;
  }
  archive_there_ = ReachArchive();
  const bool archive_failed = !archive_there_.ok() && !IsOutOfReach(archive_there_);
  if (archive_failed || EngineFailed()) {
    Seal();
    for (PendingCommit* const commit : commits) commit->Finish(WriteFailed());
    return;
  }
  const std::vector<PendingCommit*> admitted =
      Admit({commits.begin(), commits.end()},
            {engine_, archive_, archive_there_, CheckEngineThere(engine_),
             !unsynced_.full_without_archive()});
  JournalGroup group = BuildJournalGroup(admitted, engine_, sequence_ + 1, clock_.Now(), random_);
  if (group.members.empty()) return;
  const absl::StatusOr<archive::FramePosition> frame = WriteArchive(group);
  if (ReasonOf(frame.status()) == Reason::kDescriptorReserve) {
    // The archive could not open its next segment: nothing is written anywhere.
    for (PendingCommit* const member : group.members) member->Finish(frame.status());
    return;
  }
  absl::Status written = frame.status();
  if (written.ok()) written = engine_.Write(group.batch, group.last_sequence, group.durability());
  if (!written.ok()) {
    Seal();
    for (PendingCommit* const member : group.members) member->Finish(WriteFailed());
    return;
  }
  sequence_ = group.last_sequence;
  for (PendingCommit* const member : group.members) {
    member->Finish(Journal::Committed{member->result->sequence, *frame});
  }
}

// Looks for the archive before anything of a group is written, and brings it what was committed
// while it was gone. What IsOutOfReach knows; anything else is a failed write.
absl::Status JournalWriter::ReachArchive() {
  if (archive_ == nullptr) return absl::OkStatus();
  LETHE_TRY(archive_->CheckThere());
  if (archive_->last_sequence() == sequence_) return absl::OkStatus();
  // A full disk is met before the first of what may be many frames is written.
  const std::uint64_t missed = unsynced_.ArchiveBytesBehind(archive_->last_sequence());
  LETHE_TRY(archive_->CheckRoom(missed, storage::Room::kReserve));
  return UnsyncedFrames::AppendMissing(engine_, sequence_, *archive_);
}

// A flush or a compaction failed in the background: it refuses even a write of nothing, and only a
// restart can judge what is on disk.
bool JournalWriter::EngineFailed() const {
  return absl::IsInternal(engine_.CheckRoom(0, storage::Room::kLast));
}

// The archive first: what is synced in the engine must be synced here. Without one there is nothing
// to write.
absl::StatusOr<archive::FramePosition> JournalWriter::WriteArchive(JournalGroup& group) {
  if (archive_ == nullptr) return archive::FramePosition{};
  const archive::Frame frame{group.first_sequence, group.last_sequence, group.batch.Encode()};
  if (!archive_there_.ok()) {
    unsynced_.Keep(frame, std::exchange(chain_, archive::ChainOver(chain_, frame)), group.batch);
    return archive::FramePosition{};
  }
  // To keep a large frame in the engine as well costs more than to sync it, and whoever syncs next
  // would wait for it.
  group.synced |= unsynced_.full() || frame.batch.size() >= JournalGroup::kLargeBytes;
  const bool must = std::ranges::any_of(group.members, [](const PendingCommit* member) {
    return member->room == storage::Room::kLast;
  });
  LETHE_ASSIGN(const archive::FramePosition position, AppendFrame(frame, must));
  // Only now: a frame that was refused is in no chain.
  const crypto::Digest chain_before = std::exchange(chain_, archive_->chain());
  if (group.synced) {
    LETHE_TRY(archive_->Sync());
    unsynced_.Drop(group.batch);
  } else {
    unsynced_.Keep(frame, chain_before, group.batch);
  }
  return position;
}

// The end of what cannot be taken back waits until the archive can open its next segment, and
// everybody with it.
absl::StatusOr<archive::FramePosition> JournalWriter::AppendFrame(const archive::Frame& frame,
                                                                  bool must) {
  while (true) {
    const auto position = archive_->Append(frame);
    if (!must || ReasonOf(position.status()) != Reason::kDescriptorReserve) return position;
    absl::MutexLock lock(&queue_.mutex);
    if (queue_.mutex.AwaitWithTimeout(absl::Condition(&queue_.stopping), kDescriptorRetry)) {
      return WriteFailed();
    }
  }
}

void JournalWriter::RunPause(JournalPause& pause) {
  if (queue_.sealed) {
    pause.result = JournalSealed();
  } else if (absl::Status level = Level(); level.ok()) {
    pause.result = CheckEngineThere(engine_);
    if (pause.result.ok()) pause.result = CheckDescriptors(kDescriptorsForACopy);
    if (pause.result.ok()) pause.result = pause.run();
  } else if (IsOutOfReach(level)) {
    pause.result = std::move(level);
  } else {
    Seal();
    pause.result = WriteFailed();
  }
  pause.done.Notify();
}

// A copy is on disk as soon as it is made, so what it holds must be synced in the archive before.
absl::Status JournalWriter::Level() {
  LETHE_TRY(ReachArchive());
  if (archive_ == nullptr || unsynced_.empty()) return absl::OkStatus();
  return archive_->Sync();
}

void JournalWriter::Seal() {
  std::deque<PendingCommit*> waiting;
  {
    absl::MutexLock lock(&queue_.mutex);
    queue_.sealed = true;
    waiting = std::exchange(queue_.commits, {});
  }
  for (PendingCommit* const commit : waiting) commit->Finish(JournalSealed());
}

}  // namespace lethe::vault
