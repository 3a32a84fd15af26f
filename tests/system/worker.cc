#include "tests/system/worker.h"

#include <algorithm>
#include <span>
#include <utility>

namespace lethe::test {
namespace {

constexpr std::size_t kAliveMax = 8;  // Per worker: bounds the time of a check.
constexpr int kPrepareTries = 50;     // Some of ten records can always be deleted.

using Choice = std::pair<std::uint64_t, Operation>;

}  // namespace

Worker::Worker(std::uint64_t seed, int index)
    : index_(index), rng_(seed, static_cast<std::uint64_t>(index) + 1) {}

void Worker::Blame(Fault::Kind kind, const Person& person, const std::string& what) {
  Count(Fault{kind, person.model.label() + ": " + what}, totals_);
}

void Worker::Work(const Client& client, LoadGate& gate) {
  server_gone_ = false;
  while (!server_gone_ && gate.Begin()) Step(client);
}

Worker::Person* Worker::PickAlive() {
  std::vector<Person*> alive;
  for (const auto& person : people_) {
    const SubjectModel& model = person->model;
    if (model.settled() && model.state().life == Life::kActive) alive.push_back(person.get());
  }
  return alive.empty() ? nullptr : alive[rng_.Below(alive.size())];
}

Operation Worker::Choose(const Person& person) {
  // Of a hundred operations as many as the number beside them.
  static constexpr Choice kFree[] = {
      {34, Operation::kPut},  {16, Operation::kUpdate}, {7, Operation::kDelete},
      {4, Operation::kAdd},   {4, Operation::kRemove},  {6, Operation::kRestrict},
      {6, Operation::kErase}, {6, Operation::kImport},  {17, Operation::kRead}};
  static constexpr Choice kRestricted[] = {
      {40, Operation::kLift}, {10, Operation::kErase}, {50, Operation::kDefy}};
  const bool restricted = person.model.state().restricted;
  const auto choices =
      restricted ? std::span<const Choice>(kRestricted) : std::span<const Choice>(kFree);
  std::uint64_t dice = rng_.Below(100);
  for (const auto& [share, operation] : choices) {
    if (dice < share) return operation;
    dice -= share;
  }
  return Operation::kRead;
}

void Worker::Step(const Client& client) {
  const auto alive = std::ranges::count_if(people_, [](const auto& person) {
    return person->model.MayBe([](const auto& state) { return state.life == Life::kActive; });
  });
  Person* person = PickAlive();
  const bool room = static_cast<std::size_t>(alive) < kAliveMax;
  if (person == nullptr || (room && rng_.Chance(10))) return Create(client);
  Perform(client, *person, Choose(*person));
}

void Worker::Perform(const Client& client, Person& person, Operation operation) {
  switch (operation) {
    case Operation::kCreate:
      return Create(client);
    case Operation::kPut:
      return PutOne(client, person);
    case Operation::kUpdate:
      return UpdateOne(client, person);
    case Operation::kDelete:
      return DeleteOne(client, person);
    case Operation::kAdd:
      return AddOne(client, person);
    case Operation::kRemove:
      return RemoveOne(client, person);
    case Operation::kRestrict:
      return SetRestriction(client, person, true);
    case Operation::kLift:
      return SetRestriction(client, person, false);
    case Operation::kErase:
      return EraseAll(client, person);
    case Operation::kImport:
      return ImportSome(client, person);
    case Operation::kRead:
      return Read(client, person);
    case Operation::kDefy:
      return TryDespiteRestriction(client, person);
  }
}

bool Worker::Prepare(const Client& client, Operation operation) {
  server_gone_ = false;
  Create(client);
  if (server_gone_) return false;
  Person& person = *people_.back();
  AddOne(client, person);
  for (int i = 0; i < kPrepareTries && !server_gone_ && PickRecord(person, true).empty(); ++i) {
    PutOne(client, person);
  }
  if (!server_gone_ && operation == Operation::kLift) SetRestriction(client, person, true);
  return !server_gone_;
}

bool Worker::Do(const Client& client, Operation operation) {
  server_gone_ = false;
  Perform(client, *people_.back(), operation);
  return !server_gone_;
}

bool Worker::Send(const Client& client, Person& person, const Change& change, const Resend& send) {
  const CallError error = send(client);
  switch (error.outcome()) {
    case Outcome::kDone:
      person.model.Acknowledge(change);
      ++totals_.acknowledged;
      return true;
    case Outcome::kRefused:
      if (!error.IsPassing()) Blame(Fault::Kind::kLost, person, "refused: " + error.ToText());
      return false;
    case Outcome::kUnknown:
      break;
  }
  // The server is gone; anything else that leaves a change open is a fault of its own.
  const bool gone = error.reason.empty() && (error.code == absl::StatusCode::kUnavailable ||
                                             error.code == absl::StatusCode::kCancelled);
  const bool failed_write = failed_writes_expected_ && error.SaysWriteFailed();
  if (!gone && !failed_write) Blame(Fault::Kind::kLost, person, "left open: " + error.ToText());
  server_gone_ = true;
  person.model.LeaveOpen(change);
  open_.push_back({&person, change, send});
  ++totals_.open;
  return false;
}

}  // namespace lethe::test
