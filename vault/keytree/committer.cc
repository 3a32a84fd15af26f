#include "vault/keytree/committer.h"

#include <algorithm>
#include <utility>

#include "base/reason.h"
#include "base/status_macros.h"

namespace lethe::vault::keytree {
namespace {

// What requests may bring together, so that none of them is refused for the others' size.
constexpr std::size_t kBytesPerAttemptMax = archive::Archive::kFrameBytesMax / 4 * 3;

// At most what a leaf adds to an attempt: its group and its page, written anew (about 2.3 KiB each
// with 64 wrapped keys), and its commitment.
constexpr std::size_t kLeafBytes = 5u << 10;

std::size_t BytesOf(const ShredRequest& request) {
  return kLeafBytes * request.leaves.size() + request.on_commit.size_bytes() + request.facts.size();
}

}  // namespace

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
  if (ReasonOf(unresolved_why_) == Reason::kArchiveMissing) {
    return Refuse(Reason::kArchiveMissing,
                  "the archive is not at its path; the shred waits for it");
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
  status.lost_places = lost_places_;
  return status;
}

absl::Status Committer::CheckWritable() const {
  if (!stranded_) return absl::OkStatus();
  absl::MutexLock lock(&mutex_);
  return Refuse(
      Reason::kHolderUnreachable,
      "nothing is written that the next start could not open: " +
          (lost_places_.empty() ? std::string("a key holder is away") : lost_places_.front()));
}

absl::Status Committer::Rejoin(const std::string& name) {
  return parts_.holders.Rejoin(name, runner_.Current());
}

void Committer::LookAtPlaces() {
  std::vector<std::string> lost = parts_.holders.LostPlaces();
  const bool stranded = !lost.empty() && !parts_.holders.CheckSpare({}, owner_epoch_).ok();
  absl::MutexLock lock(&mutex_);
  lost_places_ = std::move(lost);
  stranded_ = stranded;
}

void Committer::Loop() {
  while (true) {
    const Jobs jobs = NextJobs();
    RunTasks();
    if (!jobs.empty()) RunAttempt(jobs);
    bool holders_behind = false;
    {
      absl::MutexLock lock(&mutex_);
      if (stopping_ && queue_.empty() && tasks_.empty()) return;
      holders_behind = holders_behind_ && jobs.empty() && !sealed_;
    }
    if (holders_behind) UpdateHolders();
    LookAtPlaces();
  }
}

// Everything that waits, up to the bound of one attempt; empty when there are only tasks to run,
// holders to update or to look at, or it is time to stop.
Committer::Jobs Committer::NextJobs() {
  absl::MutexLock lock(&mutex_);
  const auto something = [this]() ABSL_SHARED_LOCKS_REQUIRED(mutex_) {
    return stopping_ || !queue_.empty() || !tasks_.empty();
  };
  mutex_.AwaitWithTimeout(absl::Condition(&something), kHolderRetry);
  Jobs jobs;
  std::size_t bytes = 0;
  while (!queue_.empty() && !stopping_) {
    const Job& next = *queue_.front();
    const std::size_t more = next.request ? BytesOf(*next.request) : 0;
    const bool alone = next.outer != AttemptPlan::Outer::kKeep ||
                       (!jobs.empty() && jobs.back()->outer != AttemptPlan::Outer::kKeep);
    if (!jobs.empty() && (alone || bytes + more > kBytesPerAttemptMax)) break;
    bytes += more;
    jobs.push_back(std::move(queue_.front()));
    queue_.pop_front();
  }
  for (; stopping_ && !queue_.empty(); queue_.pop_front()) {
    queue_.front()->result = Refuse(Reason::kShuttingDown, "the vault is shutting down");
    queue_.front()->done.Notify();
  }
  return jobs;
}

void Committer::RunTasks() {
  while (true) {
    std::shared_ptr<Task> task;
    {
      absl::MutexLock lock(&mutex_);
      if (tasks_.empty()) return;
      task = std::move(tasks_.front());
      tasks_.pop_front();
    }
    task->result = task->run(recorded_);
    LookAtPlaces();  // So that who rejoined a holder may write at once.
    task->done.Notify();
  }
}

void Committer::RunAttempt(const Jobs& jobs) {
  AttemptPlan plan;
  for (const auto& job : jobs) {
    if (job->request) plan.requests.push_back(&*job->request);
    plan.grow = plan.grow || job->grow;
    plan.outer = job->outer;  // Alone, or kKeep like all of them.
  }
  AttemptResult result = runner_.Run(plan);
  Note(result);
  auto outcome = result.outcomes.begin();
  for (const auto& job : jobs) {
    if (!result.status.ok()) {
      job->result = result.status;
    } else if (job->request) {
      job->result = std::move(*outcome++);
    }
    job->done.Notify();
  }
}

// A holder that is back gets the root of now; one without its outer part gets one.
void Committer::UpdateHolders() {
  AttemptResult result;
  result.status = parts_.holders.Join(runner_.Current());
  result.seal = ReasonOf(result.status) == Reason::kSealed;
  if (result.status.ok() && parts_.holders.AnyLacksOuter()) {
    result = runner_.Run({.requests = {}, .grow = false, .outer = AttemptPlan::Outer::kAddMissing});
  }
  if (result.status.ok()) runner_.CheckAssurance();
  Note(result);
}

void Committer::Note(const AttemptResult& result) {
  absl::MutexLock lock(&mutex_);
  assurance_ = runner_.assurance();
  sealed_ = sealed_ || result.seal;
  if (result.status.ok()) holders_behind_ = false;
  if (absl::IsUnavailable(result.status)) holders_behind_ = true;
}

bool Committer::WaitForHolder(const absl::Status& why) {
  {
    absl::MutexLock lock(&mutex_);
    unresolved_why_ = why;
    if (why.ok()) return true;
  }
  LookAtPlaces();
  RunTasks();
  const auto something = [this]() ABSL_SHARED_LOCKS_REQUIRED(mutex_) {
    return stopping_ || !tasks_.empty();
  };
  {
    absl::MutexLock lock(&mutex_);
    mutex_.AwaitWithTimeout(absl::Condition(&something), kHolderRetry);
    if (stopping_) return false;
  }
  RunTasks();
  return true;
}

}  // namespace lethe::vault::keytree
