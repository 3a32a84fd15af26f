// A Story is a random life of a vault, step by step, and what its callers were told. Two stories of
// one seed take the same steps.
#ifndef LETHE_TESTS_VAULT_WHOLE_STORY_H_
#define LETHE_TESTS_VAULT_WHOLE_STORY_H_

#include <cstdint>
#include <map>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "tests/vault/whole/facts.h"
#include "tests/vault/whole/recorded_vault.h"

namespace lethe::test {

// What is personal and written: record data, identifiers, reasons. Each text stands in one story
// once.
using Texts = std::set<std::string>;

// One acknowledged step.
struct Step {
  std::string name;         // Of what was done; of a path to death, where something died.
  Texts died;               // Dead as of the acknowledgement, by one shred.
  std::string root_before;  // The root while they still lived; empty where nothing died.
  absl::Status status;      // Of the call.
  Facts may_be;             // After a call that failed: what holds if it was done all the same.
};

class Story {
 public:
  Story(RecordedVault& world, std::uint64_t seed) : world_(world), random_(seed) {}

  // Does something that can be done now. A step that fails is in nobody's model.
  Step Next();
  // The steps by name, for stories that are told on purpose. `person` counts from 0.
  Step Create();
  Step Put(std::size_t person, const std::string& category);
  Step Update(std::size_t person);
  Step DeleteRecord(std::size_t person);
  Step AddIdentifier(std::size_t person);
  Step RemoveIdentifier(std::size_t person);
  Step Restrict(std::size_t person);
  Step Lift(std::size_t person);
  Step Erase(std::size_t person);
  // Lets the delay of updates and deletes pass and does what is due.
  Step Sweep();
  // Lets every period of telemetry end and does what is due. Nothing may be doomed.
  Step EndPeriods();
  Step Restart();
  // The end of the tenant, after which nothing else can be done. Nobody may be restricted, nothing
  // doomed. Where somebody has an invoice, the second step erases what its duty does not need, and
  // the third lets the duty end.
  Step Offboard();
  Step EraseWhatNoDutyNeeds();
  Step EndDuties();

  Facts TheFacts() const;
  Texts Living() const;
  // Replaced or deleted, and not shredded yet.
  Texts Doomed() const;
  const Texts& dead() const { return dead_; }
  std::size_t people() const { return people_.size(); }
  bool restricted(std::size_t person) const { return people_[person].restricted; }

 private:
  struct Record {
    RecordTag tag;
    std::string category;
    std::string data;
    bool gone = false;
    bool held = false;  // Past its period, and kept by a restriction.
  };
  struct Person {
    SubjectTag tag;
    vault::SubjectState state = vault::SubjectState::kActive;
    bool restricted = false;
    std::string reason;
    std::map<std::string, std::string> identifiers;  // Value to type.
    std::map<std::string, std::string> past;         // Identifiers no longer theirs.
    std::vector<Record> records;
  };
  // A version of a record that waits for its shred.
  struct DoomedText {
    std::string text;
    std::size_t person;
    std::string category;
  };
  struct Choice;
  // Whether a call names something new, which nobody can ask for when it fails.
  enum class Names { kOld, kNew };

  std::string NewText(const std::string& kind);
  std::string NewBody();
  std::size_t Random(std::size_t below) { return random_() % below; }
  vault::Caller As(const std::string& purpose);
  // Runs `call`; when it is OK, `tell` moves the model, and what lived before and does not after
  // has died.
  template <typename Call, typename Tell>
  Step Take(const std::string& name, const Call& call, const Tell& tell, Names names);
  // The same for what dies by the next sweep where updates and deletes have a delay.
  Step Delay(Step step, std::size_t person, const std::string& category);
  // One that can be changed, and deleted if `deletable`; null where there is none.
  Record* AnyRecord(Person& person, bool deletable);
  void Leave(Person& person, bool duty, Texts& doomed_died);
  static bool HasInvoice(const Person& person);
  // One round of the housekeeper, which may be several shreds.
  template <typename Tell>
  Step KeepHouse(const std::string& name, absl::Duration later, const Tell& tell);
  const std::vector<Choice>& Choices() const;

  RecordedVault& world_;
  std::mt19937_64 random_;
  std::vector<Person> people_;
  std::vector<DoomedText> doomed_;
  Texts dead_;
  int texts_ = 0;
};

// How the vault of a seed's story is run: updates and deletes with a delay or without, with an
// archive but for every fourth, with a second holder for every eighth.
RecordedVaultOptions StoryOptions(std::uint64_t seed);

}  // namespace lethe::test

#endif  // LETHE_TESTS_VAULT_WHOLE_STORY_H_
