// What the committer's own thread does.
#include <utility>

#include "base/clock.h"
#include "base/reason.h"
#include "vault/keytree/committer.h"

namespace lethe::vault::keytree {
namespace {

// What requests may bring together, so that none of them is refused for the others' size.
constexpr std::size_t kBytesPerAttemptMax = archive::Archive::kFrameBytesMax / 4 * 3;

// At most what a leaf adds to an attempt: its group and its page, written anew (about 2.3 KiB each
// with 64 wrapped keys), and its commitment.
constexpr std::size_t kLeafBytes = 5u << 10;

// After a refusal for want of room or descriptors, so that no key service is asked in vain twice a
// second.
constexpr absl::Duration kRefusedRetry = absl::Seconds(10);

// The thread's own pauses are the machine's, as its waits are.
absl::Duration Boot() { return SystemClock().SinceBoot(); }

std::size_t BytesOf(const ShredRequest& request) {
  return kLeafBytes * request.leaves.size() + request.on_commit.size_bytes() + request.facts.size();
}

}  // namespace

void Committer::Look() {
  std::uint64_t asked = 0;
  {
    absl::MutexLock lock(&mutex_);
    asked = looks_asked_;
  }
  const bool behind = watch_.Look(parts_.holders, runner_.Current());
  absl::MutexLock lock(&mutex_);
  looks_had_ = asked;
  holders_behind_ = holders_behind_ || behind;
}

bool Committer::IsAsked() const {
  return stopping_ || !tasks_.empty() || looks_asked_ > looks_had_;
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
    if (holders_behind && Boot() >= update_from_) UpdateHolders();
    Look();
  }
}

// Everything that waits, up to the bound of one attempt; empty when there are only tasks to run,
// holders to update or to look at, or it is time to stop.
Committer::Jobs Committer::NextJobs() {
  absl::MutexLock lock(&mutex_);
  const auto something = [this]() ABSL_SHARED_LOCKS_REQUIRED(mutex_) {
    return IsAsked() || !queue_.empty();
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

bool Committer::RunTasks() {
  for (bool ran = false;; ran = true) {
    std::shared_ptr<Task> task;
    {
      absl::MutexLock lock(&mutex_);
      if (tasks_.empty()) return ran;
      task = std::move(tasks_.front());
      tasks_.pop_front();
    }
    task->result = task->run(recorded_);
    Look();  // So that who rejoined a holder may write at once.
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
  if (plan.grow && !result.status.ok()) parts_.groups->RefuseGrowth();
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
  update_from_ = Boot() + (absl::IsResourceExhausted(result.status) ? kRefusedRetry : kHolderRetry);
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
  const absl::Duration until = Boot() + kHolderRetry;
  const auto asked = [this]() ABSL_SHARED_LOCKS_REQUIRED(mutex_) { return IsAsked(); };
  // A task may have brought the holder back; who only wants a look does not hurry the attempt.
  while (true) {
    Look();
    if (RunTasks()) return true;
    absl::MutexLock lock(&mutex_);
    const absl::Duration left = until - Boot();
    if (left <= absl::ZeroDuration()) return !stopping_;
    mutex_.AwaitWithTimeout(absl::Condition(&asked), left);
    if (stopping_) return false;
  }
}

}  // namespace lethe::vault::keytree
