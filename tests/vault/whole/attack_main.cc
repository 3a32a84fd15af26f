// lethe_attack [--subjects N] [--minutes M] [--seed S]: vault after vault is told a random life,
// cut off, copied and attacked, until so many people have lived in them or the time is over. What
// it prints is described in docs/erasure.md; scripts/attack.sh runs it.
//
// Exit: 0 nothing that died could be read, all that lives could, and every control succeeded; 1 not
// so; 2 wrong use.
#include <cstdio>
#include <cstdlib>
#include <optional>
#include <string>

#include "absl/strings/str_format.h"
#include "tests/vault/whole/attack_run.h"

namespace lethe::test {
namespace {

constexpr int kWrongUse = 2;
constexpr std::size_t kFaultsShown = 20;

std::optional<AttackOptions> Parse(int argc, char** argv) {
  if (argc % 2 == 0) return std::nullopt;
  AttackOptions options;
  for (int i = 1; i + 1 < argc; i += 2) {
    const std::string flag = argv[i];
    char* end = nullptr;
    if (flag == "--subjects") options.subjects = std::strtoull(argv[i + 1], &end, 10);
    if (flag == "--minutes") options.limit = absl::Minutes(std::strtod(argv[i + 1], &end));
    if (flag == "--seed") options.seed = std::strtoull(argv[i + 1], &end, 10);
    if (end == nullptr || *end != '\0') return std::nullopt;
  }
  return options;
}

int Run(const AttackOptions& options) {
  const AttackResult result = RunAttack(options);
  std::fputs(result.Text().c_str(), stdout);
  const std::vector<std::string> faults = result.Faults();
  for (std::size_t i = 0; i < faults.size() && i < kFaultsShown; ++i) {
    absl::FPrintF(stderr, "FAULT %s\n", faults[i]);
  }
  if (result.sieges.subjects < options.subjects) {
    absl::PrintF("ended early, after %d of %d subjects\n", result.sieges.subjects,
                 options.subjects);
  }
  absl::PrintF("%d faults; --seed %d tells the same lives again\n", faults.size(), options.seed);
  return faults.empty() ? 0 : 1;
}

}  // namespace
}  // namespace lethe::test

int main(int argc, char** argv) {
  const auto options = lethe::test::Parse(argc, argv);
  if (!options.has_value()) {
    std::fputs("usage: lethe_attack [--subjects N] [--minutes M] [--seed S]\n", stderr);
    return lethe::test::kWrongUse;
  }
  return lethe::test::Run(*options);
}
