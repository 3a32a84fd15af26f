// lethe_attack [--subjects N] [--minutes M] [--seed S]: vault after vault is told a random life,
// cut off, copied and attacked, until so many people have lived in them or the time is over. What
// it prints is described in scripts/attack.sh, which runs it.
//
// Exit: 0 nothing that died could be read, all that lives could, and every control succeeded; 1 not
// so; 2 wrong use.
#include <cstdio>
#include <cstdlib>
#include <optional>
#include <string>

#include "absl/strings/str_format.h"
#include "absl/time/clock.h"
#include "tests/vault/whole/crash_run.h"
#include "tests/vault/whole/guess.h"
#include "tests/vault/whole/naive_vault.h"
#include "tests/vault/whole/siege.h"

namespace lethe::test {
namespace {

constexpr int kWrongUse = 2;
constexpr int kSteps = 90;
// Every so many vaults one more is cut off in the midst of its writes, at so many points: what is
// cut off between them goes on, which no vault can that died half-way through an answer.
constexpr std::size_t kCutInTheMidstEvery = 10;
constexpr int kCutsInTheMidst = 40;
constexpr int kStepsBeforeThem = 40;
// Every so many vaults the names in one more are guessed at.
constexpr std::size_t kGuessEvery = 10;
constexpr std::size_t kFaultsShown = 20;
constexpr absl::Duration kReportEvery = absl::Seconds(30);

struct Arguments {
  std::size_t subjects = 10'000;
  double minutes = 14;
  std::uint64_t seed = 1;
};

std::optional<Arguments> Parse(int argc, char** argv) {
  if (argc % 2 == 0) return std::nullopt;
  Arguments arguments;
  for (int i = 1; i + 1 < argc; i += 2) {
    const std::string flag = argv[i];
    char* end = nullptr;
    if (flag == "--subjects") arguments.subjects = std::strtoull(argv[i + 1], &end, 10);
    if (flag == "--minutes") arguments.minutes = std::strtod(argv[i + 1], &end);
    if (flag == "--seed") arguments.seed = std::strtoull(argv[i + 1], &end, 10);
    if (end == nullptr || *end != '\0') return std::nullopt;
  }
  return arguments;
}

struct Result {
  SiegeTally sieges;
  Totals cut_in_the_midst;
  NaiveErasure naive;
  GuessTally guesses;

  std::vector<std::string> Faults() const {
    std::vector<std::string> faults = sieges.faults;
    faults.insert(faults.end(), cut_in_the_midst.faults.begin(), cut_in_the_midst.faults.end());
    for (const std::string& missing : MissingFrom(sieges.paths)) faults.push_back(missing);
    for (const std::string& fault : guesses.Faults()) faults.push_back(fault);
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
};

Result Attack(const Arguments& arguments) {
  const absl::Time end = absl::Now() + absl::Minutes(arguments.minutes);
  absl::Time next_report = absl::Now() + kReportEvery;
  Result result{.naive = AttackNaiveVault()};
  SiegeTally& all = result.sieges;
  for (std::uint64_t seed = arguments.seed; all.subjects < arguments.subjects; ++seed) {
    if (absl::Now() >= end || !all.faults.empty()) break;
    const Siege siege(seed, kSteps);
    all.Add(siege.tally());
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

void Print(const Result& result) {
  const SiegeTally& all = result.sieges;
  const Totals& midst = result.cut_in_the_midst;
  std::size_t recoverable = all.recoverable + static_cast<std::size_t>(midst.recoverable);
  std::size_t keys_dead = 0;
  std::size_t keys_recoverable = 0;
  for (const auto& [path, tally] : all.paths) {
    recoverable += tally.recoverable;
    keys_dead += tally.leaves;
    keys_recoverable += tally.leaves_recoverable;
  }
  for (const auto& [kind, tally] : all.copies) recoverable += tally.recoverable;
  absl::PrintF("%s\n%s\n", TableOf(all.paths), TableOf(all.copies));
  absl::PrintF("vaults                          %12d\n", all.vaults);
  absl::PrintF("subjects                        %12d\n", all.subjects);
  absl::PrintF("steps of their callers          %12d\n", all.steps);
  absl::PrintF("attacks at acknowledgements     %12d\n", all.attacks_at_acknowledgements);
  absl::PrintF("power cuts between, gone on from%12d\n", all.power_cuts);
  absl::PrintF("power cuts in the midst         %12d\n", midst.cycles);
  absl::PrintF("rows ever written               %12d\n", all.rows);
  absl::PrintF("bytes ever written              %12d\n", all.bytes);
  absl::PrintF("keys ever drawn                 %12d\n", all.keys);
  absl::PrintF("keys destroyed                  %12d, recoverable %d\n", keys_dead,
               keys_recoverable);
  absl::PrintF("texts erased                    %12d, recoverable %d\n", all.dead, recoverable);
  absl::PrintF("texts living, opened at the end %12d of %d\n", all.living_opened, all.living);
  absl::PrintF("answers of the vault as told    %12d of %d\n", all.answers - all.wrong_answers,
               all.answers);
  const GuessTally& guesses = result.guesses;
  absl::PrintF("names guessed                   %12d, found: %d of %d erased, %d of %d living\n",
               guesses.guesses, guesses.erased_found, guesses.erased, guesses.living_found,
               guesses.living);
  absl::PrintF("  with planted hashes           %12s  found: %d of %d erased (must be all)\n", "",
               guesses.planted_found, guesses.erased);
  absl::PrintF("lines seen of lives             %12d, telling one person from another: %d\n",
               guesses.sights, guesses.sights_differ);
  absl::PrintF("  with a planted index          %12s  telling: %d (must be some)\n", "",
               guesses.planted_differ);
  absl::PrintF("a vault that deletes wrapped keys: %d of its %d texts recovered (must be all)\n",
               result.naive.tally.recoverable, result.naive.texts);
}

int Run(const Arguments& arguments) {
  const Result result = Attack(arguments);
  Print(result);
  const std::vector<std::string> faults = result.Faults();
  for (std::size_t i = 0; i < faults.size() && i < kFaultsShown; ++i) {
    absl::FPrintF(stderr, "FAULT %s\n", faults[i]);
  }
  absl::PrintF("%d faults; --subjects %d --seed %d tells the same again\n", faults.size(),
               arguments.subjects, arguments.seed);
  return faults.empty() ? 0 : 1;
}

}  // namespace
}  // namespace lethe::test

int main(int argc, char** argv) {
  const auto arguments = lethe::test::Parse(argc, argv);
  if (!arguments.has_value()) {
    std::fputs("usage: lethe_attack [--subjects N] [--minutes M] [--seed S]\n", stderr);
    return lethe::test::kWrongUse;
  }
  return lethe::test::Run(*arguments);
}
