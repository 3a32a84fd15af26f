// What the people of a story do, one step each.
#include <algorithm>
#include <utility>

#include "base/check.h"
#include "tests/vault/whole/story.h"
#include "tests/vault/whole/story_take.h"

namespace lethe::test {
namespace {

// Longer than RunOptions::doomed_delay of any story.
constexpr absl::Duration kDelayPassed = absl::Minutes(2);
// Longer than a month and a day, on every calendar.
constexpr absl::Duration kMonthOver = absl::Hours(24 * 33);
// The category of the test policy whose periods a story sees the end of.
constexpr char kWithPeriod[] = "telemetry";

std::string PurposeOf(const std::string& category) {
  return category == "billing" || category == "support" ? category : "service";
}

}  // namespace

Step Story::Delay(Step step, std::size_t person, const std::string& category) {
  if (world_.options.doomed_delay == absl::ZeroDuration()) return step;
  for (const std::string& text : step.died) {
    doomed_.push_back({text, person, category});
    dead_.erase(text);
  }
  step.died.clear();
  return step;
}

Step Story::Create() {
  const std::string number = NewText("number");
  absl::StatusOr<vault::Subject> made;
  const auto create = [&] {
    const std::vector<vault::Identifier> identifiers = {{"customer_number", number}};
    made = world_->data().CreateSubject(As("service"), identifiers);
    return made.status();
  };
  return Take(
      "create", create,
      [&](Step&) {
        Person person;
        person.tag = made->tag;
        person.identifiers[number] = "customer_number";
        people_.push_back(std::move(person));
      },
      Names::kNew);
}

Step Story::Put(std::size_t index, const std::string& category) {
  Person& person = people_[index];
  vault::NewRecord record;
  record.category = category;
  record.data = NewBody();
  absl::StatusOr<vault::Record> put;
  const auto call = [&] {
    put = world_->data().CreateRecord(As(PurposeOf(category)), person.tag, record);
    return put.status();
  };
  return Take(
      "put", call,
      [&](Step&) {
        person.records.push_back({put->tag, category, record.data});
      },
      Names::kNew);
}

Step Story::Update(std::size_t index) {
  Person& person = people_[index];
  Record* const record = AnyRecord(person, false);
  LETHE_CHECK(record != nullptr);
  const std::string data = NewBody();
  const auto call = [&] {
    return world_->data()
        .UpdateRecord(As(PurposeOf(record->category)), person.tag, record->tag, "", {.data = data})
        .status();
  };
  return Delay(Take(
                   "update a record", call, [&](Step&) { record->data = data; }, Names::kOld),
               index, record->category);
}

Step Story::DeleteRecord(std::size_t index) {
  Person& person = people_[index];
  Record* const record = AnyRecord(person, true);
  LETHE_CHECK(record != nullptr);
  const auto call = [&] {
    return world_->data()
        .DeleteRecord(As(PurposeOf(record->category)), person.tag, record->tag, "")
        .status();
  };
  return Delay(Take(
                   "delete a record", call, [&](Step&) { record->gone = true; }, Names::kOld),
               index, record->category);
}

Step Story::AddIdentifier(std::size_t index) {
  Person& person = people_[index];
  const std::string email = NewText("email");
  const auto call = [&] {
    return world_->data()
        .AddIdentifier(As("service"), person.tag, vault::Identifier{"email", email})
        .status();
  };
  return Take(
      "add an identifier", call, [&](Step&) { person.identifiers[email] = "email"; }, Names::kOld);
}

Step Story::RemoveIdentifier(std::size_t index) {
  Person& person = people_[index];
  auto chosen = std::next(person.identifiers.begin(),
                          static_cast<std::ptrdiff_t>(Random(person.identifiers.size())));
  const vault::Identifier identifier{chosen->second, chosen->first};
  const auto call = [&] {
    return world_->data().RemoveIdentifier(As("service"), person.tag, identifier).status();
  };
  return Take(
      "remove an identifier", call,
      [&](Step&) {
        person.past[identifier.value] = identifier.type;
        person.identifiers.erase(identifier.value);
      },
      Names::kOld);
}

Step Story::Restrict(std::size_t index) {
  Person& person = people_[index];
  const std::string reason = NewText("reason");
  const auto call = [&] {
    return world_->rights()
        .BeginAct(As("service"), person.tag, vault::Restriction{.reason = reason})
        .status();
  };
  return Take(
      "restrict", call,
      [&](Step&) {
        person.restricted = true;
        person.reason = reason;
      },
      Names::kOld);
}

Step Story::Lift(std::size_t index) {
  Person& person = people_[index];
  const auto call = [&] {
    return world_->rights()
        .EndAct(As("service"), person.tag, {vault::ActKind::kRestriction, world_.clock.Now()})
        .status();
  };
  return Take(
      "lift a restriction", call,
      [&](Step&) {
        person.restricted = false;
        person.reason.clear();
        for (Record& record : person.records) record.gone = record.gone || record.held;
      },
      Names::kOld);
}

Step Story::Erase(std::size_t index) {
  Person& person = people_[index];
  const bool duty = HasInvoice(person);
  vault::EraseRequest request;
  request.subject = person.tag;
  request.initiator =
      person.restricted ? vault::Initiator::kDataSubject : vault::Initiator::kController;
  std::string name = duty ? "erase but for a duty" : "erase a subject";
  if (person.restricted) name += ", ending a restriction";
  const auto call = [&] { return world_->rights().EraseSubject(As("service"), request).status(); };
  Texts waiting;
  Step step = Take(
      name, call, [&](Step&) { Leave(person, duty, waiting); }, Names::kOld);
  step.died.merge(waiting);
  return step;
}

Step Story::Sweep() {
  Step step{.name = "sweep what was doomed", .died = Doomed(), .root_before = RootText(world_)};
  world_.clock.Advance(kDelayPassed);
  step.status = world_->RunHousekeeping();
  if (!step.status.ok()) return step;
  dead_.insert(step.died.begin(), step.died.end());
  doomed_.clear();
  return step;
}

// Telemetry is kept for a month: all of it ends. What a restriction keeps dies when it is lifted.
Step Story::EndPeriods() {
  return KeepHouse("the end of a period", kMonthOver, [&](Step&) {
    for (Person& person : people_) {
      for (Record& record : person.records) {
        if (record.category != kWithPeriod || record.gone) continue;
        (person.restricted ? record.held : record.gone) = true;
      }
    }
  });
}

Step Story::Restart() {
  world_.Close();
  return {.name = "restart", .died = {}, .root_before = {}, .status = world_.Open()};
}

}  // namespace lethe::test
