// Files damaged by other hands: refused, or read right, or refused when read; never a wrong value
// and never a hole. The one silent outcome is named and bounded.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <map>
#include <string>
#include <vector>

#include "base/check.h"
#include "gtest/gtest.h"
#include "storage/rocks_engine.h"
#include "tests/storage/test_tables.h"
#include "tests/support/replay.h"
#include "tests/support/temp_dir.h"
#include "tests/support/unsynced_file_system.h"

namespace lethe::storage {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kBatches = 30;
// Every so many bytes of the write-ahead log; each flip opens the database once.
constexpr int kWalStride = test::kSlowBuild ? 12 : 3;

std::string ReadFile(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  LETHE_CHECK(file.good());
  return {std::istreambuf_iterator<char>(file), {}};
}

void WriteFile(const fs::path& path, const std::string& bytes) {
  std::ofstream file(path, std::ios::binary);
  file << bytes;
  file.close();
  LETHE_CHECK(file.good());
}

std::string ValueAt(std::uint64_t position) {
  return "value of " + std::to_string(position) + std::string(40, '.');
}

// What a damaged folder came to.
enum class Outcome { kRefused, kRefusedRead, kWhole, kShort, kWrong };

class RocksDamageTest : public testing::Test {
 protected:
  using Engines = absl::StatusOr<std::unique_ptr<Engine>>;

  Engines Open(const std::string& path) {
    return OpenRocksEngine(
        {.path = path, .create = true, .file_system = test::NewUnsyncedFileSystem()}, TestTables());
  }

  // Writes the batches, calling `meanwhile` after each, and copies the folder as a kill leaves it.
  void MakeSource(const std::function<void(Engine&, std::uint64_t)>& meanwhile = nullptr) {
    auto engine = Open(dir_ / "db");
    ASSERT_TRUE(engine.ok()) << engine.status();
    for (std::uint64_t i = 1; i <= kBatches; ++i) {
      Batch batch = PutOne(kRows, "key" + std::to_string(i), ValueAt(i));
      if (i == kBatches / 2) batch.Put(kOther, "other", value_of_other_);
      ASSERT_TRUE((*engine)->Write(batch, i, Durability::kSynced).ok());
      if (meanwhile != nullptr) meanwhile(**engine, i);
    }
    fs::copy(dir_ / "db", source_, fs::copy_options::recursive);
  }

  // The source's files whose names hold `part`, in order.
  std::vector<std::string> FilesWith(const std::string& part) {
    std::vector<std::string> names;
    for (const auto& entry : fs::directory_iterator(source_)) {
      const std::string name = entry.path().filename().string();
      if (name.find(part) != std::string::npos) names.push_back(name);
    }
    std::sort(names.begin(), names.end());
    return names;
  }

  // A fresh copy of the source.
  std::string NewCopy() {
    const std::string copy = dir_ / "copy";
    fs::remove_all(copy);
    fs::copy(source_, copy, fs::copy_options::recursive);
    return copy;
  }

  Outcome OutcomeOf(const std::string& path) {
    const Engines engine = Open(path);
    if (!engine.ok()) {
      EXPECT_TRUE(absl::IsDataLoss(engine.status())) << engine.status();
      return Outcome::kRefused;
    }
    const std::uint64_t position = (*engine)->Position();
    for (std::uint64_t i = 1; i <= kBatches; ++i) {
      const auto value = (*engine)->Get(kRows, "key" + std::to_string(i));
      if (absl::IsDataLoss(value.status())) return Outcome::kRefusedRead;
      const bool right =
          i <= position ? value.ok() && *value == ValueAt(i) : absl::IsNotFound(value.status());
      if (!right) return Outcome::kWrong;
    }
    return position == kBatches ? Outcome::kWhole : Outcome::kShort;
  }

  // How often each outcome is met when one bit of one byte, every `step` bytes, is flipped.
  std::map<Outcome, int> FlipEvery(std::size_t step, const std::string& name) {
    std::map<Outcome, int> outcomes;
    const std::string whole = ReadFile(source_ + "/" + name);
    for (std::size_t at = 0; at < whole.size(); at += step) {
      const std::string copy = NewCopy();
      std::string damaged = whole;
      damaged[at] = static_cast<char>(damaged[at] ^ (1 << (at % 8)));
      WriteFile(copy + "/" + name, damaged);
      const Outcome outcome = OutcomeOf(copy);
      EXPECT_NE(outcome, Outcome::kWrong) << name << " byte " << at;
      ++outcomes[outcome];
    }
    return outcomes;
  }

  test::TempDir dir_{test::TempDir::On::kMemory};
  const std::string source_ = dir_ / "source";
  std::string value_of_other_ = "small";
};

TEST_F(RocksDamageTest, UndamagedItIsWhole) {
  MakeSource();
  EXPECT_EQ(OutcomeOf(NewCopy()), Outcome::kWhole);
}

TEST_F(RocksDamageTest, ABitFlippedInARecordInTheMiddleOfTheWalIsRefusedAndChangesNothing) {
  MakeSource();
  const std::string name = FilesWith(".log").at(0);
  std::string damaged = ReadFile(source_ + "/" + name);
  const std::size_t middle = damaged.find("value of 15");
  ASSERT_NE(middle, std::string::npos);
  damaged[middle] ^= 1;
  const std::string copy = NewCopy();
  WriteFile(copy + "/" + name, damaged);
  const std::string manifest = ReadFile(copy + "/" + FilesWith("MANIFEST").at(0));

  EXPECT_EQ(OutcomeOf(copy), Outcome::kRefused);
  EXPECT_EQ(ReadFile(copy + "/" + name), damaged);
  EXPECT_EQ(ReadFile(copy + "/" + FilesWith("MANIFEST").at(0)), manifest);
  EXPECT_EQ(OutcomeOf(copy), Outcome::kRefused);  // Refusing once does not make it pass later.

  WriteFile(copy + "/" + name, ReadFile(source_ + "/" + name));
  EXPECT_EQ(OutcomeOf(copy), Outcome::kWhole);
}

// Of a record's bytes two are its length. One that grows past the end of the file looks like a
// record cut short, and RocksDB cannot know better.
TEST_F(RocksDamageTest, AFlipAnywhereInTheWalIsRefusedButForFewLengths) {
  MakeSource();
  std::map<Outcome, int> outcomes = FlipEvery(kWalStride, FilesWith(".log").at(0));
  EXPECT_GT(outcomes[Outcome::kRefused], 30 * static_cast<int>(kBatches) / kWalStride);
  EXPECT_LE(outcomes[Outcome::kShort], static_cast<int>(kBatches));
  EXPECT_FALSE(outcomes.contains(Outcome::kWhole));
  EXPECT_FALSE(outcomes.contains(Outcome::kRefusedRead));
}

TEST_F(RocksDamageTest, AWalCutAnywhereGivesWholeBatchesUpToThere) {
  MakeSource();
  const std::string name = FilesWith(".log").at(0);
  const std::string whole = ReadFile(source_ + "/" + name);
  for (std::size_t size = 0; size < whole.size(); size += 7) {
    const std::string copy = NewCopy();
    fs::resize_file(copy + "/" + name, size);
    EXPECT_EQ(OutcomeOf(copy), Outcome::kShort) << size;
  }
}

TEST_F(RocksDamageTest, AFlipInADataFileIsNeverReadAsAValue) {
  MakeSource([](Engine& engine, std::uint64_t position) {
    if (position == kBatches) {
      ASSERT_TRUE(engine.Compact().ok());
    }
  });
  int refused = 0;
  for (const std::string& name : FilesWith(".sst")) {
    std::map<Outcome, int> outcomes = FlipEvery(13, name);
    EXPECT_FALSE(outcomes.contains(Outcome::kShort)) << name;
    refused += outcomes[Outcome::kRefused] + outcomes[Outcome::kRefusedRead];
  }
  EXPECT_GT(refused, 100);
}

TEST_F(RocksDamageTest, AFlipInTheManifestNeverLeavesAHole) {
  MakeSource([](Engine& engine, std::uint64_t position) {
    if (position % 10 == 0) {
      ASSERT_TRUE(engine.Compact().ok());
    }
  });
  std::map<Outcome, int> outcomes = FlipEvery(5, FilesWith("MANIFEST").at(0));
  EXPECT_GT(outcomes[Outcome::kRefused], 100);
  EXPECT_FALSE(outcomes.contains(Outcome::kRefusedRead));
}

TEST_F(RocksDamageTest, AMissingFileIsRefused) {
  MakeSource([](Engine& engine, std::uint64_t position) {
    if (position == kBatches) {
      ASSERT_TRUE(engine.Compact().ok());
    }
  });
  for (const std::string part : {".sst", "MANIFEST"}) {
    const std::string copy = NewCopy();
    fs::remove(copy + "/" + FilesWith(part).at(0));
    EXPECT_EQ(OutcomeOf(copy), Outcome::kRefused) << part;
  }
}

// Two WALs: a large value fills one table's memtable, so that RocksDB goes on in a new WAL, and the
// small rows of the other table, not yet flushed, keep the old one needed.
class RocksOldWalTest : public RocksDamageTest {
 protected:
  void SetUp() override {
    value_of_other_ = std::string(9u << 20, 'x');
    MakeSource();
    ASSERT_EQ(FilesWith(".log").size(), 2u);
    ASSERT_EQ(OutcomeOf(NewCopy()), Outcome::kWhole);
  }
};

TEST_F(RocksOldWalTest, AnOldWalThatIsMissingIsRefused) {
  const std::string copy = NewCopy();
  fs::remove(copy + "/" + FilesWith(".log").at(0));
  EXPECT_EQ(OutcomeOf(copy), Outcome::kRefused);
}

// Recovery by itself tolerates a cut tail in every WAL, not only in the last.
TEST_F(RocksOldWalTest, AnOldWalThatIsCutShortIsRefused) {
  const std::string name = FilesWith(".log").at(0);
  for (const std::uint64_t left : {0u, 100u, 1'000u}) {
    const std::string copy = NewCopy();
    fs::resize_file(copy + "/" + name, left);
    EXPECT_EQ(OutcomeOf(copy), Outcome::kRefused) << left;
  }
}

}  // namespace
}  // namespace lethe::storage
