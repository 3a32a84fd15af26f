#include "vault/journal/journal.h"

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <deque>
#include <functional>
#include <span>
#include <string>
#include <thread>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/synchronization/notification.h"
#include "absl/time/time.h"
#include "base/check.h"
#include "base/descriptors.h"
#include "base/reason.h"
#include "base/status_macros.h"
#include "crypto/hash.h"
#include "storage/batch.h"
#include "vault/archive/frame.h"
#include "vault/journal/admission.h"
#include "vault/journal/journal_group.h"
#include "vault/journal/journal_level.h"
#include "vault/journal/unsynced_frames.h"

namespace lethe::vault {
namespace {

// What the engine may open while it makes a copy of itself.
constexpr int kDescriptorsForACopy = 32;
// How often what cannot be taken back looks whether there is a descriptor again.
constexpr absl::Duration kDescriptorRetry = absl::Milliseconds(50);

absl::Status Sealed() {
  return Refuse(Reason::kSealed,
                "an earlier write failed: the vault takes no more until a restart");
}

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

struct Journal::Rep {
  // Work to run between two groups.
  struct Pause {
    const std::function<absl::Status()>& run;
    absl::Status result;
    absl::Notification done;
  };

  Rep(storage::Engine& engine, archive::Archive* archive, Clock& clock, Random& random,
      UnsyncedFrames unsynced)
      : engine(engine),
        archive(archive),
        clock(clock),
        random(random),
        sequence(engine.Position()),
        chain(archive == nullptr ? crypto::Digest{} : archive->chain()),
        unsynced(std::move(unsynced)),
        writer([this] { Run(); }) {}
  ~Rep();

  absl::Status RunBetweenGroups(const std::function<absl::Status()>& run);

  // Everything below is the writer's own.
  void Run();
  bool Wait(std::vector<PendingCommit*>& commits, std::deque<Pause*>& pauses);
  std::vector<PendingCommit*> TakeGroup() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex);
  void CommitGroup(std::span<PendingCommit* const> commits);
  absl::Status ReachArchive();
  bool EngineFailed() const;
  absl::StatusOr<archive::FramePosition> WriteArchive(JournalGroup& group);
  absl::StatusOr<archive::FramePosition> AppendFrame(const archive::Frame& frame, bool must);
  void RunPause(Pause& pause);
  absl::Status Level();
  void Seal();

  storage::Engine& engine;
  archive::Archive* const archive;
  Clock& clock;
  Random& random;
  std::atomic<std::uint64_t> sequence;
  std::atomic<bool> sealed = false;

  absl::Mutex mutex;
  absl::CondVar work_waits;
  std::deque<PendingCommit*> commits_waiting ABSL_GUARDED_BY(mutex);
  std::deque<Pause*> pauses_waiting ABSL_GUARDED_BY(mutex);
  bool stopping ABSL_GUARDED_BY(mutex) = false;

  crypto::Digest chain;        // Over all frames up to `sequence`, in the archive or not.
  absl::Status archive_there;  // At the last look.
  UnsyncedFrames unsynced;
  std::thread writer;  // Last: it uses all of the above.
};

Journal::Rep::~Rep() {
  {
    absl::MutexLock lock(&mutex);
    stopping = true;
  }
  work_waits.Signal();
  writer.join();
}

absl::Status Journal::Rep::RunBetweenGroups(const std::function<absl::Status()>& run) {
  Pause pause{.run = run};
  {
    absl::MutexLock lock(&mutex);
    if (sealed) return Sealed();
    LETHE_CHECK(!stopping);
    pauses_waiting.push_back(&pause);
  }
  work_waits.Signal();
  pause.done.WaitForNotification();
  return std::move(pause.result);
}

void Journal::Rep::Run() {
  std::vector<PendingCommit*> commits;
  std::deque<Pause*> pauses;
  while (Wait(commits, pauses)) {
    for (Pause* const pause : pauses) RunPause(*pause);
    if (!commits.empty()) CommitGroup(commits);
  }
}

// False when there is nothing left to do, ever.
bool Journal::Rep::Wait(std::vector<PendingCommit*>& commits, std::deque<Pause*>& pauses) {
  absl::MutexLock lock(&mutex);
  while (commits_waiting.empty() && pauses_waiting.empty()) {
    if (stopping) return false;
    work_waits.Wait(&mutex);
  }
  pauses = std::exchange(pauses_waiting, {});
  commits = TakeGroup();
  return true;
}

std::vector<PendingCommit*> Journal::Rep::TakeGroup() {
  std::vector<PendingCommit*> taken;
  std::size_t bytes = 0;
  while (!commits_waiting.empty() && taken.size() < JournalGroup::kCommitsMax) {
    PendingCommit* const next = commits_waiting.front();
    if (!taken.empty() && bytes + next->bytes > JournalGroup::kBytesMax) break;
    bytes += next->bytes;
    taken.push_back(next);
    commits_waiting.pop_front();
  }
  return taken;
}

void Journal::Rep::CommitGroup(std::span<PendingCommit* const> commits) {
  if (sealed) {
    for (PendingCommit* const commit : commits) commit->Finish(Sealed());
    return;
  }
  archive_there = ReachArchive();
  const bool archive_failed = !archive_there.ok() && !IsOutOfReach(archive_there);
  if (archive_failed || EngineFailed()) {
    Seal();
    for (PendingCommit* const commit : commits) commit->Finish(WriteFailed());
    return;
  }
  const std::vector<PendingCommit*> admitted =
      Admit({commits.begin(), commits.end()},
            {engine, archive, archive_there, !unsynced.full_without_archive()});
  JournalGroup group = BuildJournalGroup(admitted, engine, sequence + 1, clock.Now(), random);
  if (group.members.empty()) return;
  const absl::StatusOr<archive::FramePosition> frame = WriteArchive(group);
  if (ReasonOf(frame.status()) == Reason::kDescriptorReserve) {
    // The archive could not open its next segment: nothing is written anywhere.
    for (PendingCommit* const member : group.members) member->Finish(frame.status());
    return;
  }
  absl::Status written = frame.status();
  if (written.ok()) written = engine.Write(group.batch, group.last_sequence, group.durability());
  if (!written.ok()) {
    Seal();
    for (PendingCommit* const member : group.members) member->Finish(WriteFailed());
    return;
  }
  sequence = group.last_sequence;
  for (PendingCommit* const member : group.members) {
    member->Finish(Committed{member->result->sequence, *frame});
  }
}

// Looks for the archive before anything of a group is written, and brings it what was committed
// while it was gone. What IsOutOfReach knows; anything else is a failed write.
absl::Status Journal::Rep::ReachArchive() {
  if (archive == nullptr) return absl::OkStatus();
  LETHE_TRY(archive->CheckThere());
  if (archive->last_sequence() == sequence) return absl::OkStatus();
  // A full disk is met before the first of what may be many frames is written.
  const std::uint64_t missed = unsynced.ArchiveBytesBehind(archive->last_sequence());
  LETHE_TRY(archive->CheckRoom(missed, storage::Room::kReserve));
  return UnsyncedFrames::AppendMissing(engine, sequence, *archive);
}

// A flush or a compaction failed in the background: it refuses even a write of nothing, and only a
// restart can judge what is on disk.
bool Journal::Rep::EngineFailed() const {
  return absl::IsInternal(engine.CheckRoom(0, storage::Room::kLast));
}

// The archive first: what is synced in the engine must be synced here. Without one there is nothing
// to write.
absl::StatusOr<archive::FramePosition> Journal::Rep::WriteArchive(JournalGroup& group) {
  if (archive == nullptr) return archive::FramePosition{};
  const archive::Frame frame{group.first_sequence, group.last_sequence, group.batch.Encode()};
  if (!archive_there.ok()) {
    unsynced.Keep(frame, std::exchange(chain, archive::ChainOver(chain, frame)), group.batch);
    return archive::FramePosition{};
  }
  group.synced |= unsynced.full();
  const bool must = std::ranges::any_of(group.members, [](const PendingCommit* member) {
    return member->room == storage::Room::kLast;
  });
  LETHE_ASSIGN(const archive::FramePosition position, AppendFrame(frame, must));
  // Only now: a frame that was refused is in no chain.
  const crypto::Digest chain_before = std::exchange(chain, archive->chain());
  if (group.synced) {
    LETHE_TRY(archive->Sync());
    unsynced.Drop(group.batch);
  } else {
    unsynced.Keep(frame, chain_before, group.batch);
  }
  return position;
}

// The end of what cannot be taken back waits until the archive can open its next segment, and
// everybody with it.
absl::StatusOr<archive::FramePosition> Journal::Rep::AppendFrame(const archive::Frame& frame,
                                                                 bool must) {
  while (true) {
    const auto position = archive->Append(frame);
    if (!must || ReasonOf(position.status()) != Reason::kDescriptorReserve) return position;
    absl::MutexLock lock(&mutex);
    if (mutex.AwaitWithTimeout(absl::Condition(&stopping), kDescriptorRetry)) return WriteFailed();
  }
}

void Journal::Rep::RunPause(Pause& pause) {
  if (sealed) {
    pause.result = Sealed();
  } else if (absl::Status level = Level(); level.ok()) {
    pause.result = CheckDescriptors(kDescriptorsForACopy);
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
absl::Status Journal::Rep::Level() {
  LETHE_TRY(ReachArchive());
  if (archive == nullptr || unsynced.empty()) return absl::OkStatus();
  return archive->Sync();
}

void Journal::Rep::Seal() {
  std::deque<PendingCommit*> waiting;
  {
    absl::MutexLock lock(&mutex);
    sealed = true;
    waiting = std::exchange(commits_waiting, {});
  }
  for (PendingCommit* const commit : waiting) commit->Finish(Sealed());
}

absl::StatusOr<std::unique_ptr<Journal>> Journal::Open(std::unique_ptr<storage::Engine> engine,
                                                       std::unique_ptr<archive::Archive> archive,
                                                       Clock& clock, Random& random) {
  UnsyncedFrames unsynced;
  if (archive != nullptr) {
    LETHE_TRY(LevelEngineAndArchive(*engine, *archive));
    LETHE_ASSIGN(unsynced, UnsyncedFrames::Load(*engine));
  }
  std::unique_ptr<Journal> journal(new Journal(std::move(engine), std::move(archive)));
  journal->rep_ = std::make_unique<Rep>(*journal->engine_, journal->archive_.get(), clock, random,
                                        std::move(unsynced));
  return journal;
}

Journal::Journal(std::unique_ptr<storage::Engine> engine, std::unique_ptr<archive::Archive> archive)
    : engine_(std::move(engine)), archive_(std::move(archive)) {}

Journal::~Journal() = default;

absl::StatusOr<Journal::Committed> Journal::Commit(std::vector<audit::Event> events,
                                                   storage::Batch change,
                                                   storage::Durability durability,
                                                   storage::Room room) {
  LETHE_CHECK(!events.empty());
  PendingCommit commit;
  commit.bytes = FrameBytesOf(events, change);
  if (commit.bytes > archive::Archive::kFrameBytesMax) {
    return Refuse(Reason::kTooMany, "the change is larger than a frame of the archive");
  }
  commit.events = std::move(events);
  commit.change = std::move(change);
  commit.durability = durability;
  commit.room = room;
  {
    absl::MutexLock lock(&rep_->mutex);
    // Under the mutex: whoever sealed has emptied the queue, and nothing joins it afterwards.
    if (rep_->sealed) return Sealed();
    LETHE_CHECK(!rep_->stopping);
    rep_->commits_waiting.push_back(&commit);
  }
  rep_->work_waits.Signal();
  commit.done.WaitForNotification();
  return std::move(commit.result);
}

bool Journal::WroteNothing(const absl::Status& refusal) {
  return absl::IsAborted(refusal) || absl::IsResourceExhausted(refusal) ||
         absl::IsFailedPrecondition(refusal) || absl::IsUnavailable(refusal);
}

std::uint64_t Journal::sequence() const { return rep_->sequence; }
bool Journal::sealed() const { return rep_->sealed; }

absl::Status Journal::CheckArchive() const {
  return archive_ == nullptr ? absl::OkStatus() : archive_->CheckThere();
}

std::size_t Journal::waiting() const {
  absl::MutexLock lock(&rep_->mutex);
  return rep_->commits_waiting.size();
}

absl::StatusOr<Journal::Copied> Journal::Copy() {
  Copied copied;
  LETHE_TRY(rep_->RunBetweenGroups([this, &copied]() -> absl::Status {
    copied.sequence = engine_->Position();
    if (archive_ != nullptr) copied.chain = archive_->chain();
    LETHE_ASSIGN(copied.copy, engine_->Copy());
    return absl::OkStatus();
  }));
  return copied;
}

absl::Status Journal::Compact() { return engine_->Compact(); }

}  // namespace lethe::vault
