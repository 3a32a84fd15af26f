#include "vault/journal/journal.h"

#include <algorithm>
#include <atomic>
#include <deque>
#include <functional>
#include <thread>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/synchronization/notification.h"
#include "base/check.h"
#include "base/reason.h"
#include "base/status_macros.h"
#include "vault/journal/journal_group.h"
#include "vault/journal/journal_level.h"
#include "vault/journal/unsynced_frames.h"

namespace lethe::vault {
namespace {

// The position's own row and the engine's header around a batch, with room to spare.
constexpr std::size_t kWriteOverheadBytes = 4096;

absl::Status Sealed() {
  return Refuse(Reason::kSealed,
                "an earlier write failed: the vault takes no more until a restart");
}

absl::Status WriteFailed() {
  return Refuse(Reason::kInternal, "a write to the database or the archive failed");
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
        unsynced(std::move(unsynced)),
        writer([this] { Run(); }) {}
  ~Rep();

  absl::Status RunBetweenGroups(const std::function<absl::Status()>& run);

  // Everything below is the writer's own.
  void Run();
  bool Wait(std::vector<PendingCommit*>& commits, std::deque<Pause*>& pauses);
  std::vector<PendingCommit*> TakeGroup() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex);
  void CommitGroup(std::span<PendingCommit* const> commits);
  std::vector<PendingCommit*> Admit(std::vector<PendingCommit*> commits) const;
  absl::Status CheckRoom(std::size_t bytes, storage::Room room) const;
  absl::StatusOr<archive::FramePosition> WriteArchive(JournalGroup& group);
  void RunPause(Pause& pause);
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
  const std::vector<PendingCommit*> admitted = Admit({commits.begin(), commits.end()});
  JournalGroup group = BuildJournalGroup(admitted, engine, sequence + 1, clock.Now(), random);
  if (group.members.empty()) return;
  const absl::StatusOr<archive::FramePosition> frame = WriteArchive(group);
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

// Finishes those for which there is no room, the most easily put off first, and returns the others.
std::vector<PendingCommit*> Journal::Rep::Admit(std::vector<PendingCommit*> commits) const {
  for (const storage::Room room :
       {storage::Room::kSpare, storage::Room::kReserve, storage::Room::kLast}) {
    const auto asks = [room](const PendingCommit* commit) { return commit->room == room; };
    if (std::ranges::none_of(commits, asks)) continue;
    std::size_t bytes = 0;
    for (const PendingCommit* const commit : commits) bytes += commit->bytes;
    const absl::Status enough = CheckRoom(bytes, room);
    if (enough.ok()) continue;
    const auto refused = std::stable_partition(commits.begin(), commits.end(), std::not_fn(asks));
    std::for_each(refused, commits.end(), [&](PendingCommit* c) { c->Finish(enough); });
    commits.erase(refused, commits.end());
  }
  return commits;
}

absl::Status Journal::Rep::CheckRoom(std::size_t bytes, storage::Room room) const {
  // Twice: an unsynced frame stands in the engine beside what it changes.
  LETHE_TRY(engine.CheckRoom(2 * bytes + kWriteOverheadBytes, room));
  return archive == nullptr ? absl::OkStatus()
                            : archive->CheckRoom(bytes + kWriteOverheadBytes, room);
}

// The archive first: what is synced in the engine must be synced here. Without one there is nothing
// to write.
absl::StatusOr<archive::FramePosition> Journal::Rep::WriteArchive(JournalGroup& group) {
  if (archive == nullptr) return archive::FramePosition{};
  group.synced |= unsynced.full();
  const archive::Frame frame{group.first_sequence, group.last_sequence, group.batch.Encode()};
  const crypto::Digest chain_before = archive->chain();
  LETHE_ASSIGN(const archive::FramePosition position, archive->Append(frame));
  if (group.synced) {
    LETHE_TRY(archive->Sync());
    unsynced.Drop(group.batch);
  } else {
    unsynced.Keep(frame, chain_before, group.batch);
  }
  return position;
}

void Journal::Rep::RunPause(Pause& pause) {
  if (sealed) {
    pause.result = Sealed();
  } else if (archive != nullptr && !unsynced.empty() && !archive->Sync().ok()) {
    // A copy is on disk as soon as it is made, so what it holds must be synced here before.
    Seal();
    pause.result = WriteFailed();
  } else {
    pause.result = pause.run();
  }
  pause.done.Notify();
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
