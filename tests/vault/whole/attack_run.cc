#include "tests/vault/whole/attack_run.h"

#include <cstdio>

#include "absl/strings/str_format.h"
#include "absl/time/clock.h"
#include "tests/vault/whole/crash_run.h"

namespace lethe::test {
namespace {

constexpr int kSteps = 90;
// Every so many vaults one more is cut off in the midst of its writes, at so many points: what is
// cut off between them goes on, which no vault can that died half-way through an answer.
constexpr std::size_t kCutInTheMidstEvery = 10;
constexpr int kCutsInTheMidst = 40;
constexpr int kStepsBeforeThem = 40;
// Every so many vaults the names in one more are guessed at.
constexpr std::size_t kGuessEvery = 10;
constexpr absl::Duration kReportEvery = absl::Seconds(30);

// "name     number", and what is to be said of it.
std::string Line(const std::string& name, std::size_t number, const std::string& more = "") {
  return absl::StrFormat("%-34s %12d%s\n", name, number, more);
}

std::string OfAll(std::size_t all) { return absl::StrFormat(" of %d", all); }

std::string DeathText(const AttackResult& result) {
  std::size_t keys = 0;
  std::size_t keys_recoverable = 0;
  for (const auto& [path, tally] : result.sieges.paths) {
    keys += tally.leaves;
    keys_recoverable += tally.leaves_recoverable;
  }
  const SiegeTally& all = result.sieges;
  return Line("keys destroyed", keys, absl::StrFormat(", recoverable %d", keys_recoverable)) +
         Line("texts erased", all.dead, absl::StrFormat(", recoverable %d", result.recoverable())) +
         Line("texts living, opened at the end", all.living_opened, OfAll(all.living)) +
         Line("answers of the vault as told", all.answers - all.wrong_answers, OfAll(all.answers));
}

std::string GuessText(const GuessTally& guesses) {
  return Line("names guessed", guesses.guesses) +
         Line("  found, of the erased", guesses.erased_found, OfAll(guesses.erased)) +
         Line("  found, of strangers", guesses.strangers_found) +
         Line("  control: found, of the living", guesses.living_found, OfAll(guesses.living)) +
         Line("  control: by planted hashes", guesses.planted_found, OfAll(guesses.erased)) +
         Line("lines seen of lives", guesses.sights) +
         Line("  that tell one name from another", guesses.sights_differ) +
         Line("  control: by a planted index", guesses.planted_differ);
}

}  // namespace

std::size_t AttackResult::recoverable() const {
  std::size_t all = sieges.recoverable + static_cast<std::size_t>(cut_in_the_midst.recoverable);
  for (const auto& [path, tally] : sieges.paths) all += tally.recoverable;
  for (const auto& [kind, tally] : sieges.copies) all += tally.recoverable;
  return all;
}

std::vector<std::string> AttackResult::Faults() const {
  std::vector<std::string> faults = sieges.faults;
  const auto add = [&](const std::vector<std::string>& more) {
    faults.insert(faults.end(), more.begin(), more.end());
  };
  add(cut_in_the_midst.faults);
  add(MissingFrom(sieges.paths));
  add(guesses.Faults());
  for (const CopyKind kind : kCopyKinds) {
    const auto found = sieges.copies.find(kind);
    if (found == sieges.copies.end() || found->second.control_opened == 0) {
      faults.push_back(absl::StrFormat("no control of: %s", NameOf(kind)));
    }
  }
  if (!naive.ok || naive.texts == 0 || naive.tally.recoverable < naive.texts) {
    faults.emplace_back("a vault that only deletes wrapped keys passes: the attack is blind");
  }
  return faults;
}

std::string AttackResult::Text() const {
  const SiegeTally& all = sieges;
  return TableOf(all.paths) + "\n" + TableOf(all.copies) + "\n" + Line("vaults", all.vaults) +
         Line("subjects", all.subjects) + Line("steps of their callers", all.steps) +
         Line("attacks at acknowledgements", all.attacks_at_acknowledgements) +
         Line("power cuts between, gone on from", all.power_cuts) +
         Line("power cuts in the midst", static_cast<std::size_t>(cut_in_the_midst.cycles)) +
         Line("rows ever written", all.rows) + Line("bytes ever written", all.bytes) +
         Line("keys ever drawn", all.keys) + DeathText(*this) + GuessText(guesses) +
         "a vault that deletes wrapped keys\n" +
         Line("  control: texts recovered", naive.tally.recoverable, OfAll(naive.texts));
}

AttackResult RunAttack(const AttackOptions& options) {
  const absl::Time end = absl::Now() + options.limit;
  absl::Time next_report = absl::Now() + kReportEvery;
  AttackResult result{.naive = AttackNaiveVault()};
  SiegeTally& all = result.sieges;
  for (std::uint64_t seed = options.seed; all.subjects < options.subjects; ++seed) {
    if (absl::Now() >= end || !all.faults.empty()) break;
    all.Add(Siege(seed, kSteps).tally());
    if (all.vaults % kCutInTheMidstEvery == 0) {
      CrashRun run(seed, kStepsBeforeThem, StoryOptions(seed));
      run.CrashAtRandom(kCutsInTheMidst);
      result.cut_in_the_midst.Add(run.tally());
    }
    if (all.vaults % kGuessEvery == 1) result.guesses.Add(GuessAt(seed));
    if (absl::Now() < next_report) continue;
    next_report = absl::Now() + kReportEvery;
    absl::FPrintF(stderr, "%d vaults, %d subjects, %d faults\n", all.vaults, all.subjects,
                  all.faults.size());
  }
  return result;
}

}  // namespace lethe::test
