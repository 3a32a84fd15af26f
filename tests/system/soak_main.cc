// lethe_soak LABEL --minutes N --seed S: the long versions of the system tests. Its last line has
// the totals; scripts/soak.sh puts them into a table.
//
// Exit: 0 no promise was broken, 1 one was, 2 wrong use, 77 not possible on this machine.
#include <cstdio>
#include <cstdlib>
#include <optional>
#include <string>

#include "absl/time/clock.h"
#include "tests/system/erase_reads.h"
#include "tests/system/errno_run.h"
#include "tests/system/inject_run.h"
#include "tests/system/kill_run.h"
#include "tests/system/race_run.h"

namespace lethe::test {
namespace {

constexpr int kWrongUse = 2;
constexpr int kNotPossible = 77;
constexpr absl::Duration kReportEvery = absl::Seconds(30);

struct Arguments {
  std::string label;
  double minutes = 5;
  std::uint64_t seed = 1;
  std::int64_t cycles = INT64_MAX;
};

std::optional<Arguments> Parse(int argc, char** argv) {
  if (argc < 2 || argc % 2 != 0) return std::nullopt;
  Arguments arguments;
  arguments.label = argv[1];
  for (int i = 2; i + 1 < argc; i += 2) {
    const std::string flag = argv[i];
    char* end = nullptr;
    if (flag == "--minutes") {
      arguments.minutes = std::strtod(argv[i + 1], &end);
    } else if (flag == "--seed") {
      arguments.seed = std::strtoull(argv[i + 1], &end, 10);
    } else if (flag == "--cycles") {
      arguments.cycles = std::strtoll(argv[i + 1], &end, 10);
    }
    if (end == nullptr || *end != '\0') return std::nullopt;
  }
  return arguments;
}

// Now and then a line, so that hours are not silent.
std::function<void(const Totals&)> Progress(const Arguments& arguments) {
  return [arguments, next = absl::Now() + kReportEvery](const Totals& totals) mutable {
    if (absl::Now() < next) return;
    next = absl::Now() + kReportEvery;
    std::fprintf(stderr, "%s\n", totals.Line(arguments.label, arguments.seed).c_str());
  };
}

// Whole runs of 10,000 erasures, one at least.
Totals SoakEraseReads(const Arguments& arguments) {
  Totals all;
  const absl::Time end = absl::Now() + absl::Minutes(arguments.minutes);
  const auto report = Progress(arguments);
  for (std::uint64_t seed = arguments.seed; all.ok(); ++seed) {
    const EraseReadsResult run = RunEraseReads({.seed = seed});
    std::printf("%s", run.Text().c_str());
    all.Add(run.totals);
    report(all);
    if (absl::Now() >= end || all.cycles >= arguments.cycles) break;
  }
  return all;
}

bool NeedsStrace(const std::string& label) {
  return label == "inject" || label == "faults" || label == "errnos";
}

absl::StatusOr<Totals> SoakUnderStrace(const std::string& label, const RunOptions& options) {
  if (label == "errnos") return RunErrnos({.run = options});
  const std::vector<Effect> kills = {Effect::kKill};
  return RunInjections({.run = options, .effects = label == "inject" ? kills : kStorageFaults});
}

int Soak(const Arguments& arguments) {
  const RunOptions options = {.seed = arguments.seed,
                              .cycles_max = arguments.cycles,
                              .limit = absl::Minutes(arguments.minutes),
                              .progress = Progress(arguments)};
  Totals totals;
  if (arguments.label == "kill") {
    totals = RunKills(options);
  } else if (arguments.label == "race") {
    totals = RunRaces(options);
  } else if (arguments.label == "erase-reads") {
    totals = SoakEraseReads(arguments);
  } else if (NeedsStrace(arguments.label)) {
    const auto injected = SoakUnderStrace(arguments.label, options);
    if (!injected.ok()) {
      std::printf("not run: %s\n", std::string(injected.status().message()).c_str());
      return kNotPossible;
    }
    totals = *injected;
  } else {
    std::fprintf(stderr, "lethe_soak: no label '%s'\n", arguments.label.c_str());
    return kWrongUse;
  }
  if (!totals.ok()) {
    std::fputs(totals.Complaint(arguments.label, arguments.seed).c_str(), stderr);
  }
  std::printf("%s\n", totals.Line(arguments.label, arguments.seed).c_str());
  return totals.ok() ? 0 : 1;
}

}  // namespace
}  // namespace lethe::test

int main(int argc, char** argv) {
  const auto arguments = lethe::test::Parse(argc, argv);
  if (!arguments.has_value()) {
    std::fputs(
        "usage: lethe_soak kill|inject|faults|errnos|race|erase-reads [--minutes N] [--seed S] "
        "[--cycles N]\n",
        stderr);
    return lethe::test::kWrongUse;
  }
  return lethe::test::Soak(*arguments);
}
