// lethe_crash_points crash-points [--minutes N] [--seed S]: story after story, each with its
// crashes, until the time is over. The last line has the totals; scripts/soak.sh puts them into a
// table.
//
// Exit: 0 no promise was broken, 1 one was, 2 wrong use.
#include <cstdio>
#include <cstdlib>
#include <map>
#include <optional>
#include <string>

#include "absl/time/clock.h"
#include "tests/vault/whole/crash_run.h"

namespace lethe::test {
namespace {

constexpr int kWrongUse = 2;
constexpr int kSteps = 40;
// About as long as the telling: a story has some ten thousand points, and another story finds more.
constexpr int kCrashesPerStory = 300;
constexpr std::size_t kFaultsShown = 20;
constexpr absl::Duration kReportEvery = absl::Seconds(60);

struct Arguments {
  double minutes = 5;
  std::uint64_t seed = 1;
};

std::optional<Arguments> Parse(int argc, char** argv) {
  if (argc < 2 || argc % 2 != 0 || std::string(argv[1]) != "crash-points") return std::nullopt;
  Arguments arguments;
  for (int i = 2; i + 1 < argc; i += 2) {
    const std::string flag = argv[i];
    char* end = nullptr;
    if (flag == "--minutes") arguments.minutes = std::strtod(argv[i + 1], &end);
    if (flag == "--seed") arguments.seed = std::strtoull(argv[i + 1], &end, 10);
    if (end == nullptr || *end != '\0') return std::nullopt;
  }
  return arguments;
}

int Soak(const Arguments& arguments) {
  const absl::Time end = absl::Now() + absl::Minutes(arguments.minutes);
  absl::Time next_report = absl::Now() + kReportEvery;
  Totals all;
  std::map<std::string, PathTally> paths;
  for (std::uint64_t seed = arguments.seed; absl::Now() < end; ++seed) {
    CrashRun run(seed, kSteps, StoryOptions(seed));
    run.CrashAtRandom(kCrashesPerStory);
    all.Add(run.tally());
    AddTo(paths, run.paths());
    if (absl::Now() < next_report) continue;
    next_report = absl::Now() + kReportEvery;
    std::fprintf(stderr, "%s\n", all.Line("crash-points", arguments.seed).c_str());
  }
  for (std::size_t i = 0; i < all.faults.size() && i < kFaultsShown; ++i) {
    std::fprintf(stderr, "%s\n", all.faults[i].c_str());
  }
  std::printf("%s%s\n", TableOf(paths).c_str(), all.Line("crash-points", arguments.seed).c_str());
  return all.ok() ? 0 : 1;
}

}  // namespace
}  // namespace lethe::test

int main(int argc, char** argv) {
  const auto arguments = lethe::test::Parse(argc, argv);
  if (!arguments.has_value()) {
    std::fputs("usage: lethe_crash_points crash-points [--minutes N] [--seed S]\n", stderr);
    return lethe::test::kWrongUse;
  }
  return lethe::test::Soak(*arguments);
}
