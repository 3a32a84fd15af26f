#include "vault/keytree/committer.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "base/reason.h"
#include "base/status_macros.h"

namespace lethe::vault::keytree {

Committer::Committer(Parts parts, RecordedState recorded, std::uint64_t owner_epoch,
                     Assurance assurance)
    : parts_(std::move(parts)),
      recorded_(std::move(recorded)),
      runner_(parts_, recorded_, owner_epoch, assurance,
              [this](const absl::Status& why) { return WaitForHolder(why); }),
      owner_epoch_(owner_epoch),
      assurance_(assurance) {}

Committer::~Committer() {
  {
    absl::MutexLock lock(&mutex_);
    stopping_ = true;
  }
  if (thread_.joinable()) thread_.join();
}

void Committer::Start(Groups& groups, bool holders_behind) {
  parts_.groups = &groups;
  holders_behind = watch_.Look(parts_.holders, runner_.Current()) || holders_behind;
  {
    absl::MutexLock lock(&mutex_);
    holders_behind_ = holders_behind;
  }
  thread_ = std::thread([this] { Loop(); });
}

absl::Status Committer::CheckOpen() const {
  if (sealed_) return Refuse(Reason::kSealed, "the vault is sealed after a failed write");
  if (stopping_) return Refuse(Reason::kShuttingDown, "the vault is shutting down");
  return absl::OkStatus();
}

absl::StatusOr<ShredOutcome> Committer::Shred(ShredRequest request, AttemptPlan::Outer outer) {
  if (request.leaves.size() > KeyTree::kLeavesPerShredMax) {
    return Refuse(Reason::kTooMany, "a shred has a limit of leaves", {}, "leaves_per_shred");
  }
  const auto reached = [this](const Place& leaf) { return parts_.keys.Reaches(leaf); };
  if (!std::ranges::all_of(request.leaves, reached)) {
    return Refuse(Reason::kLeafLost, "a row names a leaf where no leaf can be");
  }
  auto job = std::make_shared<Job>();
  job->request = std::move(request);
  job->outer = outer;
  {
    absl::MutexLock lock(&mutex_);
    LETHE_TRY(CheckOpen());
    // Before the job can run: reads that need these leaves fail from here on.
    parts_.keys.MarkDying(job->request->leaves);
    queue_.push_back(job);
  }
  if (!job->done.WaitForNotificationWithTimeout(kWaitMax)) return Unresolved();
  return std::move(job->result);
}

// By the name of what it waits for.
absl::Status Committer::Unresolved() const {
  absl::MutexLock lock(&mutex_);
  const std::optional<Reason> why = ReasonOf(unresolved_why_);
  if (why == Reason::kArchiveMissing) {
    return Refuse(Reason::kArchiveMissing,
                  "the archive is not at its path; the shred waits for it");
  }
  if (why == Reason::kDescriptorReserve) {
    return Refuse(Reason::kDescriptorReserve,
                  "too few file descriptors are left; the shred waits for them");
  }
  return Refuse(Reason::kHolderUnreachable, "a key holder is silent; the shred waits for it");
}

void Committer::Grow() {
  auto job = std::make_shared<Job>();
  job->grow = true;
  absl::MutexLock lock(&mutex_);
  queue_.push_back(std::move(job));
}

absl::Status Committer::Run(std::function<absl::Status(RecordedState&)> task) {
  auto waiting = std::make_shared<Task>();
  waiting->run = std::move(task);
  {
    absl::MutexLock lock(&mutex_);
    LETHE_TRY(CheckOpen());
    tasks_.push_back(waiting);
  }
  if (!waiting->done.WaitForNotificationWithTimeout(kWaitMax)) {
    return Refuse(Reason::kHolderUnreachable, "a key holder takes long to answer");
  }
  return waiting->result;
}

TreeStatus Committer::Status() const {
  absl::MutexLock lock(&mutex_);
  TreeStatus status;
  status.generation = parts_.keys.generation();
  status.levels = parts_.keys.levels();
  status.owner_epoch = owner_epoch_;
  status.assurance = assurance_;
  status.sealed = sealed_;
  status.attempt_unresolved = !unresolved_why_.ok();
  status.unresolved_why = std::string(unresolved_why_.message());
  status.lost_places = watch_.lost();
  return status;
}

absl::Status Committer::CheckWritable() {
  if (watch_.Stands()) return absl::OkStatus();
  LETHE_TRY(AwaitLook());
  return watch_.Stands() ? absl::OkStatus() : watch_.Refusal();
}

absl::Status Committer::AwaitLook() {
  absl::MutexLock lock(&mutex_);
  LETHE_TRY(CheckOpen());
  const std::uint64_t wanted = ++looks_asked_;
  const auto had = [this, wanted]() ABSL_SHARED_LOCKS_REQUIRED(mutex_) {
    return looks_had_ >= wanted || stopping_;
  };
  mutex_.AwaitWithTimeout(absl::Condition(&had), kWaitMax);
  return absl::OkStatus();
}

holders::Rejoined Committer::Rejoin(const std::string& name) {
  return parts_.holders.Rejoin(name, runner_.Current());
}

}  // namespace lethe::vault::keytree
