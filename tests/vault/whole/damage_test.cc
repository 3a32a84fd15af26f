// Storage that lies: one bit of one file of a closed vault is flipped. Opening or reading names the
// damage, or every answer is right: never a wrong answer, never a silent loss.
//
// LETHE_BIT_FLIPS says how many (2,000 for the long version), LETHE_SEED which.
#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "base/check.h"
#include "gtest/gtest.h"
#include "tests/support/replay.h"
#include "tests/vault/whole/story.h"

namespace lethe::test {
namespace {

namespace fs = std::filesystem;

constexpr int kFlips = kSlowBuild ? 20 : 100;
constexpr int kSteps = 40;

// Files of one kind are equally likely to be hit as those of any other, however few and small.
std::string KindOf(const std::string& path) {
  if (path.find("/archive/") != std::string::npos) return "archive";
  if (path.find("/slot-") != std::string::npos) return "slot";
  if (path.ends_with(".sst")) return "data file";
  if (path.ends_with(".log")) return "WAL";
  const std::string name = fs::path(path).filename().string();
  return name.substr(0, name.find('-'));  // MANIFEST, CURRENT, OPTIONS, IDENTITY, LOG.
}

std::string Load(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

void FlipBit(const std::string& path, std::size_t bit) {
  std::string content = Load(path);
  content[bit / 8] = static_cast<char>(content[bit / 8] ^ (1 << (bit % 8)));
  std::ofstream out(path, std::ios::binary | std::ios::trunc);
  out << content;
  out.close();
  LETHE_CHECK(out.good());
}

enum class Outcome { kRight, kNamedAtOpen, kNamedAtRead, kSilent };
constexpr const char* kOutcomeNames[] = {"every answer right", "named at open", "named at read",
                                         "SILENT"};

class DamageTest : public ::testing::Test {
 protected:
  explicit DamageTest(RecordedVaultOptions options = {})
      : world_(std::move(options)), random_(seed_) {
    Story story(world_, seed_);
    for (int i = 0; i < kSteps; ++i) {
      // One half in data files, the other in the WAL.
      if (i == kSteps / 2) LETHE_CHECK(world_->stores().journal->Compact().ok());
      LETHE_CHECK(story.Next().status.ok());
    }
    LETHE_CHECK(story.Create().status.ok());  // Last in the WAL, and no shred: see LostTailTest.
    told_ = story.TheFacts();
    world_.Close();
    for (const auto& entry : fs::recursive_directory_iterator(world_.live())) {
      if (!entry.is_regular_file() || entry.file_size() == 0) continue;
      const std::string path = entry.path().string().substr(world_.live().size());
      files_[KindOf(path)].push_back(path);
    }
    for (auto& [kind, paths] : files_) std::ranges::sort(paths);
  }

  Outcome Judge(const std::string& at, std::string* what) {
    const auto opened = world_.OpenIn(at);
    if (!opened.ok()) {
      *what = opened.status().ToString();
      return Outcome::kNamedAtOpen;
    }
    Outcome outcome = Outcome::kRight;
    for (const auto& [question, told] : told_) {
      const std::string answer = Ask(**opened, question);
      if (answer == told) continue;
      *what = "told \"" + told + "\", answered \"" + answer + "\"";
      if (!answer.starts_with("error: ")) return Outcome::kSilent;
      outcome = Outcome::kNamedAtRead;
    }
    return outcome;
  }

  std::string NewCopy() {
    const std::string at = world_.Beside("damaged");
    fs::remove_all(at);
    fs::copy(world_.live(), at, fs::copy_options::recursive);
    return at;
  }

  // Flips one bit of a copy, somewhere in a file of `kind`.
  Outcome FlipIn(const std::string& kind) {
    const std::string at = NewCopy();
    const std::string& path = files_[kind][random_() % files_[kind].size()];
    const std::size_t bit = random_() % (fs::file_size(at + path) * 8);
    FlipBit(at + path, bit);
    std::string what;
    const Outcome outcome = Judge(at, &what);
    ++reasons_[kind + ": " + (outcome == Outcome::kRight ? "" : what.substr(0, what.find(':')))];
    EXPECT_NE(outcome, Outcome::kSilent)
        << "LETHE_SEED=" << seed_ << " " << path << " bit " << bit << ": " << what;
    return outcome;
  }

  void PrintTable(const std::map<std::string, std::map<Outcome, int>>& outcomes) {
    for (const auto& [kind, counts] : outcomes) {
      std::printf("%-10s", kind.c_str());
      for (const auto& [outcome, count] : counts) {
        std::printf("  %s %d", kOutcomeNames[static_cast<int>(outcome)], count);
      }
      std::printf("\n");
    }
  }

  const std::uint64_t seed_ = SeedFromEnvironment(2);
  RecordedVault world_;
  std::mt19937_64 random_;
  Facts told_;
  std::map<std::string, std::vector<std::string>> files_;  // By kind.
  std::map<std::string, int> reasons_;
};

TEST_F(DamageTest, OneBitAnywhereIsNamedOrRepaired) {
  std::string what;
  ASSERT_EQ(Judge(NewCopy(), &what), Outcome::kRight) << what;
  for (const char* kind : {"data file", "WAL", "MANIFEST", "archive", "slot"}) {
    ASSERT_TRUE(files_.contains(kind)) << kind;
  }
  const auto flips = static_cast<int>(NumberFromEnvironment("LETHE_BIT_FLIPS", kFlips));
  std::map<std::string, std::map<Outcome, int>> outcomes;
  for (int i = 0; i < flips; ++i) {
    const auto kind = std::next(files_.begin(), i % static_cast<int>(files_.size()))->first;
    ++outcomes[kind][FlipIn(kind)];
  }
  PrintTable(outcomes);
  EXPECT_GT(
      outcomes["data file"][Outcome::kNamedAtOpen] + outcomes["data file"][Outcome::kNamedAtRead],
      0)
      << "control: a bit that matters must be named";
}

// What a damaged length in the write-ahead log looks like to RocksDB: a tail that a power cut has
// cut short. The vault opens as of earlier; only the archive knows better.
class LostTailTest : public DamageTest {
 protected:
  explicit LostTailTest(RecordedVaultOptions options = {}) : DamageTest(std::move(options)) {}

  // The last record loses its end. Were a shred lost with it, the holder would tell.
  Outcome CutWal() {
    const std::string at = NewCopy();
    const std::string& newest = files_["WAL"].back();
    fs::resize_file(at + newest, fs::file_size(at + newest) - 1);
    std::string what;
    return Judge(at, &what);
  }
};

TEST_F(LostTailTest, TheArchiveGivesBackWhatTheDatabaseLost) {
  EXPECT_EQ(CutWal(), Outcome::kRight);
}

class LostTailWithoutArchiveTest : public LostTailTest {
 protected:
  LostTailWithoutArchiveTest() : LostTailTest({.archive = false}) {}
};

// The limit that README.md names, and the control of the test above.
TEST_F(LostTailWithoutArchiveTest, WithoutAnArchiveNothingNotices) {
  EXPECT_EQ(CutWal(), Outcome::kSilent);
}

}  // namespace
}  // namespace lethe::test
