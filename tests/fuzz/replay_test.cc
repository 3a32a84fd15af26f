// Every fuzz target over its corpus, in every test run and by the compiler that ships: each seed,
// cut at every length, and with every byte altered. The lane (scripts/lanes/fuzz.sh) goes on from
// here with libFuzzer and sanitizers.
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <set>

#include "gtest/gtest.h"
#include "tests/fuzz/fuzz_target.h"

namespace lethe::fuzz {
namespace {

namespace fs = std::filesystem;

// Beyond this, seeds are taken as they are and at a few places: the slots have 4,096 bytes.
constexpr std::size_t kAlterationsMax = 1'024;

std::string ReadFile(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

std::vector<std::string> SeedsOf(const std::string& target) {
  std::set<fs::path> paths;  // In order of their names, so that a failure's number means something.
  const fs::path folder = fs::path(LETHE_FUZZ_CORPUS_DIR) / target;
  if (!fs::is_directory(folder)) return {};
  for (const auto& entry : fs::directory_iterator(folder)) paths.insert(entry.path());
  std::vector<std::string> seeds;
  for (const fs::path& path : paths) {
    std::cout << "seed " << seeds.size() << ": " << path.filename().string() << '\n';
    seeds.push_back(ReadFile(path));
  }
  return seeds;
}

// How many of the seed's neighbours were refused.
std::size_t RunAltered(const NamedTarget& target, const std::string& seed) {
  std::size_t refused = 0;
  const auto run = [&](const std::string& bytes) { refused += target.run(AsBytes(bytes)) ? 0 : 1; };
  const std::size_t step = seed.size() / kAlterationsMax + 1;
  for (std::size_t at = 0; at < seed.size(); at += step) {
    run(seed.substr(0, at));
    for (const char flip : {'\x01', '\x80', '\xff'}) {
      std::string altered = seed;
      altered[at] = static_cast<char>(altered[at] ^ flip);
      run(altered);
    }
  }
  return refused;
}

class FuzzReplayTest : public testing::TestWithParam<NamedTarget> {};

TEST_P(FuzzReplayTest, TakesItsCorpusAndWhatIsNearIt) {
  const std::vector<std::string> seeds = SeedsOf(GetParam().name);
  std::size_t accepted = 0;
  std::size_t refused = 0;
  for (std::size_t i = 0; i < seeds.size(); ++i) {
    std::cout << "running seed " << i << std::endl;  // Flushed: a broken property ends the process.
    accepted += GetParam().run(AsBytes(seeds[i])) ? 1 : 0;
    refused += RunAltered(GetParam(), seeds[i]);
  }
  // A corpus that nothing of comes through tests the front door only, one that nothing near it is
  // refused of tests no door at all.
  EXPECT_GT(accepted, 0u) << "of " << seeds.size();
  EXPECT_GT(refused, 0u);
}

INSTANTIATE_TEST_SUITE_P(Targets, FuzzReplayTest, testing::ValuesIn(Targets()),
                         [](const auto& info) { return info.param.name; });

// The controls: what a target calls broken ends the process.
TEST(FuzzReplayControl, APropertyThatOneAlteredByteBreaksIsNoticed) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  const NamedTarget trusting{"trusting", [](Bytes input) {
                               LETHE_CHECK(input.empty() || input[0] != ('s' ^ 0x80));
                               return true;
                             }};
  EXPECT_DEATH(RunAltered(trusting, "seed"), "check failed");
}

TEST(FuzzReplayControl, ARefusalWithoutAReasonOrWithBytesOfTheInputIsNoticed) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_FALSE(Refused(Refuse(Reason::kFieldInvalid, "a field breaks its rule")));
  EXPECT_DEATH(Refused(absl::InvalidArgumentError("no reason")), "ReasonOf");
  EXPECT_DEATH(Refused(absl::DataLossError("damaged: \x01")), "all_of");
  EXPECT_DEATH(Refused(absl::OkStatus()), "status");
}

}  // namespace
}  // namespace lethe::fuzz
