// What a Worker makes of a restart.
#include "tests/system/observer.h"
#include "tests/system/worker.h"

namespace lethe::test {

void Worker::Judge(const Client& client, Person& person) {
  Observer observer(client, person.model);
  const auto seen = observer.Look();
  for (const Fault& fault : observer.faults()) Count(fault, totals_);
  if (!seen.ok()) {
    totals_.faults.push_back("NO ANSWER " + std::string(seen.status().message()));
    return;
  }
  ++totals_.checked;
  if (const auto fault = person.model.Observe(*seen); fault.has_value()) Count(*fault, totals_);
}

void Worker::SendAgain(const Client& client, Open& open) {
  SubjectModel& model = open.person->model;
  const bool was_erased = model.settled() && model.state().life >= Life::kPartiallyErased;
  const CallError error = open.resend(client);
  // A request id dies with its subject: an erasure that had happened may say no more than that.
  if (error.reason == "SUBJECT_ERASED" && was_erased) return;
  if (error.outcome() != Outcome::kDone) {
    return Blame(Fault::Kind::kLost, *open.person, "sent again: " + error.ToText());
  }
  model.Acknowledge(open.change);
  ++totals_.acknowledged;
}

void Worker::Check(const Client& client) {
  for (const auto& person : people_) Judge(client, *person);
  std::vector<Open> open = std::move(open_);
  open_.clear();
  for (Open& change : open) SendAgain(client, change);
  for (const Open& change : open) Judge(client, *change.person);
}

}  // namespace lethe::test
