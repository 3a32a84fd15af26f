#include "vault/journal/journal.h"

#include <utility>

#include "base/check.h"
#include "base/reason.h"
#include "base/status_macros.h"
#include "vault/journal/admission.h"
#include "vault/journal/journal_group.h"
#include "vault/journal/journal_level.h"
#include "vault/journal/journal_queue.h"
#include "vault/journal/journal_writer.h"
#include "vault/journal/unsynced_frames.h"

namespace lethe::vault {

absl::StatusOr<std::unique_ptr<Journal>> Journal::Open(std::unique_ptr<storage::Engine> engine,
                                                       std::unique_ptr<archive::Archive> archive,
                                                       Clock& clock, Random& random) {
  UnsyncedFrames unsynced;
  if (archive != nullptr) {
    LETHE_TRY(LevelEngineAndArchive(*engine, *archive));
    LETHE_ASSIGN(unsynced, UnsyncedFrames::Load(*engine));
  }
  std::unique_ptr<Journal> journal(new Journal(std::move(engine), std::move(archive)));
  journal->writer_ =
      std::make_unique<JournalWriter>(*journal->engine_, journal->archive_.get(), *journal->queue_,
                                      clock, random, std::move(unsynced));
  return journal;
}

Journal::Journal(std::unique_ptr<storage::Engine> engine, std::unique_ptr<archive::Archive> archive)
    : engine_(std::move(engine)),
      archive_(std::move(archive)),
      queue_(std::make_unique<JournalQueue>()) {}

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
    absl::MutexLock lock(&queue_->mutex);
    if (queue_->sealed) return JournalSealed();
    LETHE_CHECK(!queue_->stopping);
    queue_->commits.push_back(&commit);
  }
  queue_->work_waits.Signal();
  commit.done.WaitForNotification();
  return std::move(commit.result);
}

bool Journal::WroteNothing(const absl::Status& refusal) {
  return absl::IsAborted(refusal) || absl::IsResourceExhausted(refusal) ||
         absl::IsFailedPrecondition(refusal) || absl::IsUnavailable(refusal);
}

std::uint64_t Journal::sequence() const { return writer_->sequence(); }
bool Journal::sealed() const { return queue_->sealed; }

absl::Status Journal::CheckArchive() const {
  return archive_ == nullptr ? absl::OkStatus() : archive_->CheckThere();
}

absl::Status Journal::CheckDatabase() const { return CheckEngineThere(*engine_); }

absl::Status Journal::CheckWritable() const {
  LETHE_TRY(CheckArchive());
  return CheckDatabase();
}

std::size_t Journal::waiting() const {
  absl::MutexLock lock(&queue_->mutex);
  return queue_->commits.size();
}

absl::Status Journal::RunBetweenGroups(const std::function<absl::Status()>& run) {
  JournalPause pause{.run = run};
  {
    absl::MutexLock lock(&queue_->mutex);
    if (queue_->sealed) return JournalSealed();
    LETHE_CHECK(!queue_->stopping);
    queue_->pauses.push_back(&pause);
  }
  queue_->work_waits.Signal();
  pause.done.WaitForNotification();
  return std::move(pause.result);
}

absl::StatusOr<Journal::Copied> Journal::Copy() {
  Copied copied;
  LETHE_TRY(RunBetweenGroups([this, &copied]() -> absl::Status {
    copied.sequence = engine_->Position();
    if (archive_ != nullptr) copied.chain = archive_->chain();
    LETHE_ASSIGN(copied.copy, engine_->Copy());
    return absl::OkStatus();
  }));
  return copied;
}

absl::Status Journal::Compact() { return engine_->Compact(); }

}  // namespace lethe::vault
