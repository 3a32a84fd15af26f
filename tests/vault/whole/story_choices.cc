// What a story does next.
#include <algorithm>
#include <vector>

#include "tests/vault/whole/story.h"

namespace lethe::test {
namespace {

using vault::SubjectState;

// More would only make each crash cost more to check.
constexpr std::size_t kPeopleMax = 12;
constexpr std::size_t kIdentifiersMax = 4;
constexpr std::size_t kRecordsMax = 6;

}  // namespace

RecordedVaultOptions StoryOptions(std::uint64_t seed) {
  return {.archive = seed % 4 != 3,
          .doomed_delay = seed % 2 == 0 ? absl::Seconds(60) : absl::ZeroDuration(),
          .holders = seed % 8 == 5 ? 2 : 1,
          .interposed = {},
          .after_crash = {}};
}

// One thing that may be done next, how often, and to whom.
struct Story::Choice {
  int weight;
  Step (*act)(Story& story, std::size_t person);
  bool (*fits)(const Person& person);
};

const std::vector<Story::Choice>& Story::Choices() const {
  static const auto active = [](const Person& person) {
    return person.state == SubjectState::kActive && !person.restricted;
  };
  static const auto has = [](const Person& person, bool deletable) {
    return active(person) && std::ranges::any_of(person.records, [deletable](const Record& record) {
             return !record.gone && !(deletable && record.category == "billing");
           });
  };
  static const std::vector<Choice> choices = {
      {8,
       [](Story& story, std::size_t person) {
         static const char* const categories[] = {"account", "billing", "support", "telemetry"};
         return story.Put(person, categories[story.Random(4)]);
       },
       [](const Person& p) { return active(p) && p.records.size() < kRecordsMax; }},
      {4, [](Story& s, std::size_t p) { return s.Update(p); },
       [](const Person& p) { return has(p, false); }},
      {3, [](Story& s, std::size_t p) { return s.DeleteRecord(p); },
       [](const Person& p) { return has(p, true); }},
      {3, [](Story& s, std::size_t p) { return s.AddIdentifier(p); },
       [](const Person& p) { return active(p) && p.identifiers.size() < kIdentifiersMax; }},
      {3, [](Story& s, std::size_t p) { return s.RemoveIdentifier(p); },
       [](const Person& p) { return active(p) && p.identifiers.size() > 1; }},
      {2, [](Story& s, std::size_t p) { return s.Restrict(p); }, active},
      {6, [](Story& s, std::size_t p) { return s.Lift(p); },
       [](const Person& p) { return p.restricted; }},
      {4, [](Story& s, std::size_t p) { return s.Erase(p); },
       [](const Person& p) { return p.state == SubjectState::kActive && !p.records.empty(); }},
  };
  return choices;
}

Step Story::Next() {
  // Who is gone stays in the facts, but needs a successor.
  const auto living = std::ranges::count_if(
      people_, [](const Person& person) { return person.state == SubjectState::kActive; });
  if (living < 2 || (people_.size() < kPeopleMax && Random(8) == 0)) return Create();
  if (Random(30) == 0) return Restart();
  if (doomed_.size() > 2 && Random(3) == 0) return Sweep();
  // One shred a step: what was doomed goes first.
  if (Random(24) == 0) return doomed_.empty() ? EndPeriods() : Sweep();
  while (true) {
    const Choice& choice = Choices()[Random(Choices().size())];
    const std::size_t person = Random(people_.size());
    if (Random(8) < static_cast<std::size_t>(choice.weight) && choice.fits(people_[person])) {
      return choice.act(*this, person);
    }
  }
}

}  // namespace lethe::test
