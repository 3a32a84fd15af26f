#include "tests/vault/whole/siege.h"

#include <iterator>

#include "absl/strings/str_format.h"

namespace lethe::test {
namespace {

// After every so many steps, on average. A copy is cheap; a power cut costs an open and a question
// for every fact.
constexpr std::size_t kCopyEvery = 8;
constexpr std::size_t kPowerCutEvery = 16;
constexpr Unsynced kWaysToLose[] = {Unsynced::kKeep, Unsynced::kDrop, Unsynced::kTear,
                                    Unsynced::kMix};
// Copies and cuts must not follow the story's own choices.
constexpr std::uint64_t kOtherStream = 0x5bd1e995;

}  // namespace

Siege::Siege(std::uint64_t seed, int steps)
    : seed_(seed),
      random_(seed ^ kOtherStream),
      world_(StoryOptions(seed)),
      story_(world_, seed),
      attack_(world_, story_),
      copies_(world_, story_, attack_.disk()) {
  Tell(steps);
  tally_.vaults = 1;
  tally_.subjects = story_.people();
  tally_.paths = attack_.paths();
  tally_.attacks_at_acknowledgements = attack_.acknowledgements();
  for (const std::string& fault : attack_.faults()) Fault(fault);
}

void Siege::Tell(int steps) {
  for (int i = 0; i < steps; ++i) {
    if (!TakeStep()) return;
    if (Random(kCopyEvery) == 0) TakeCopy();
    if (Random(kPowerCutEvery) == 0) CutPower();
    if (!tally_.faults.empty()) return;
  }
  CheckAnswers();
  AttackAtTheEnd();
}

bool Siege::TakeStep() {
  attack_.Look();
  const Step step = story_.Next();
  ++tally_.steps;
  if (!step.status.ok()) {
    Fault(step.name + ": " + step.status.ToString());
    return false;
  }
  if (!step.died.empty()) attack_.After(step);
  return true;
}

void Siege::TakeCopy() {
  const CopyKind kind = kCopyKinds[Random(std::size(kCopyKinds))];
  const absl::Status taken = copies_.Take(kind, random_());
  if (!taken.ok()) Fault(NameOf(kind) + ": " + taken.ToString());
}

// What was acknowledged must be there in every way of losing the rest.
void Siege::CutPower() {
  attack_.Look();
  const Unsynced way = kWaysToLose[Random(std::size(kWaysToLose))];
  const absl::Status back = world_.CutPower(way, random_());
  ++tally_.power_cuts;
  if (!back.ok()) return Fault("after a power cut: " + back.ToString());
  CheckAnswers();
}

void Siege::CheckAnswers() {
  const Facts facts = story_.TheFacts();
  const Differences found = Compare(*world_, facts, facts);
  tally_.answers += found.asked;
  if (found.none()) return;
  ++tally_.wrong_answers;
  Fault(found.lost + found.undone);
}

void Siege::AttackAtTheEnd() {
  attack_.Look();
  std::vector<Secret> roots;
  for (int i = 0; i < world_.options.holders; ++i) {
    roots.push_back(world_.RootIn(world_.live(), i));
    if (roots.back().empty()) return Fault("no single root stands in a holder at the end");
  }
  const Texts living = story_.Living();
  tally_.dead = story_.dead().size();
  tally_.living = living.size();
  for (const Secret& root : roots) {
    const Texts opened = attack_.disk().Open(root).plaintexts;
    for (const std::string& dead : story_.dead()) {
      if (!opened.contains(dead)) continue;
      ++tally_.recoverable;
      Fault("opens at the end: " + dead);
    }
    std::size_t of_living = 0;
    for (const std::string& text : living) of_living += opened.contains(text) ? 1 : 0;
    if (of_living < living.size()) Fault("at the end a living text does not open");
    if (&root == &roots.front()) tally_.living_opened = of_living;
  }
  std::vector<std::string> faults;
  tally_.copies = copies_.Attack(roots, story_.dead(), faults);
  for (const std::string& fault : faults) Fault(fault);
  tally_.rows = attack_.disk().rows();
  for (const DiskEvent& event : world_.log().Events()) {
    if (event.op == DiskEvent::Op::kWrite) tally_.bytes += event.bytes.size();
  }
  tally_.keys = world_.random.Secrets().size();
}

void Siege::Fault(const std::string& text) {
  tally_.faults.push_back(absl::StrFormat("seed %d, step %d: %s", seed_, tally_.steps, text));
}

void SiegeTally::Add(const SiegeTally& more) {
  AddTo(paths, more.paths);
  AddTo(copies, more.copies);
  vaults += more.vaults;
  subjects += more.subjects;
  steps += more.steps;
  attacks_at_acknowledgements += more.attacks_at_acknowledgements;
  power_cuts += more.power_cuts;
  rows += more.rows;
  bytes += more.bytes;
  keys += more.keys;
  dead += more.dead;
  recoverable += more.recoverable;
  living += more.living;
  living_opened += more.living_opened;
  answers += more.answers;
  wrong_answers += more.wrong_answers;
  faults.insert(faults.end(), more.faults.begin(), more.faults.end());
}

}  // namespace lethe::test
