// Of every engine: snapshots, copies, reopening, and writers beside each other.
#include <algorithm>
#include <atomic>
#include <functional>
#include <string>
#include <thread>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/storage/engine_contract.h"
#include "tests/storage/test_tables.h"

namespace lethe::storage {
namespace {

using testing::ElementsAre;

using EngineViews = EngineContract;

LETHE_FOR_ALL_ENGINES(EngineViews);

TEST_P(EngineViews, RowsAndPositionSurviveReopening) {
  ASSERT_TRUE(engine_->Write(PutOne(kRows, "key", "value"), 7, Durability::kSynced).ok());
  ASSERT_TRUE(engine_->Write(DeleteOne(kRows, "none"), 9, Durability::kWritten).ok());
  engine_ = GetParam().reopen(std::move(engine_), dir_ / "engine");
  ASSERT_NE(engine_, nullptr);
  EXPECT_EQ(engine_->Position(), 9u);
  EXPECT_EQ(Find(*engine_, kRows, "key"), "value");
  EXPECT_TRUE(engine_->Write(PutOne(kRows, "key", "old"), 9, Durability::kSynced).ok());
  EXPECT_EQ(Find(*engine_, kRows, "key"), "value");
}

TEST_P(EngineViews, ASnapshotDoesNotSeeLaterWrites) {
  PutAll({"a", "b"});
  const std::unique_ptr<Reader> snapshot = engine_->Snapshot();
  Put(kRows, "a", "changed");
  Put(kRows, "c", "v");
  ASSERT_TRUE(Write(DeleteOne(kRows, "b")).ok());
  EXPECT_EQ(Find(*snapshot, kRows, "a"), "v");
  EXPECT_THAT(Keys(*snapshot, kRows, {}), ElementsAre("a", "b"));
  const std::vector<std::string> keys = {"a", "b", "c"};
  EXPECT_THAT(*snapshot->MultiGet(kRows, keys), ElementsAre("v", "v", std::nullopt));
  EXPECT_THAT(Scan({}), ElementsAre("a", "c"));
  EXPECT_THAT(*engine_->MultiGet(kRows, keys), ElementsAre("changed", std::nullopt, "v"));
}

TEST_P(EngineViews, ACopyHoldsWhatWasThereThen) {
  ASSERT_TRUE(engine_->Write(PutOne(kRows, "key", "then"), 4, Durability::kWritten).ok());
  const auto copy = engine_->Copy();
  ASSERT_TRUE(copy.ok()) << copy.status();
  Put(kRows, "key", "now");
  const EnginePtr restored = GetParam().restore(**copy, dir_ / "copy");
  ASSERT_NE(restored, nullptr);
  EXPECT_EQ(restored->Position(), 4u);
  EXPECT_EQ(Find(*restored, kRows, "key"), "then");
  EXPECT_EQ(Find(*engine_, kRows, "key"), "now");
  ASSERT_TRUE(restored->Write(PutOne(kRows, "key", "apart"), 5, Durability::kSynced).ok());
  EXPECT_EQ(Find(*engine_, kRows, "key"), "now");
}

TEST_P(EngineViews, CopiesStandBesideEachOther) {
  Put(kRows, "key", "first");
  auto first = engine_->Copy();
  Put(kRows, "key", "second");
  const auto second = engine_->Copy();
  ASSERT_TRUE(first.ok() && second.ok());
  const EnginePtr earlier = GetParam().restore(**first, dir_ / "first");
  ASSERT_NE(earlier, nullptr);
  EXPECT_EQ(Find(*earlier, kRows, "key"), "first");
  first->reset();
  const EnginePtr later = GetParam().restore(**second, dir_ / "second");
  ASSERT_NE(later, nullptr);
  EXPECT_EQ(Find(*later, kRows, "key"), "second");
}

std::string BytesOf(const EngineCopy& copy, const std::string& name) {
  std::string bytes;
  EXPECT_TRUE(ReadContent(copy, name, [&bytes](std::string_view piece) {
                bytes += piece;
                return absl::OkStatus();
              }).ok());
  return bytes;
}

TEST_P(EngineViews, ACopyReadsTheSameEveryTimeWhateverIsWrittenMeanwhile) {
  PutAll({"a", "b"});
  const auto copy = engine_->Copy();
  ASSERT_TRUE(copy.ok()) << copy.status();
  const std::vector<std::string> names = (*copy)->Names();
  ASSERT_FALSE(names.empty());
  EXPECT_TRUE(std::ranges::is_sorted(names));
  std::vector<std::string> before;
  for (const std::string& name : names) before.push_back(BytesOf(**copy, name));
  Put(kRows, "a", "changed");
  ASSERT_TRUE(engine_->Compact().ok());
  EXPECT_EQ((*copy)->Names(), names);
  for (std::size_t i = 0; i < names.size(); ++i) {
    EXPECT_EQ(BytesOf(**copy, names[i]), before[i]) << names[i];
  }
}

TEST_P(EngineViews, AContentComesInPiecesOfAtMostTheSizeAskedFor) {
  PutAll({"a", "b"});
  const auto copy = engine_->Copy();
  ASSERT_TRUE(copy.ok()) << copy.status();
  for (const std::string& name : (*copy)->Names()) {
    auto content = (*copy)->Open(name);
    ASSERT_TRUE(content.ok()) << content.status();
    std::string bytes;
    while (true) {
      const auto piece = (*content)->Read(7);
      ASSERT_TRUE(piece.ok()) << piece.status();
      EXPECT_LE(piece->size(), 7u);
      if (piece->empty()) break;
      bytes += *piece;
    }
    EXPECT_EQ(bytes, BytesOf(**copy, name)) << name;
  }
}

TEST_P(EngineViews, CompactingChangesNoRow) {
  PutAll({"a", "b", "c"});
  ASSERT_TRUE(Write(DeleteOne(kRows, "b")).ok());
  ASSERT_TRUE(engine_->Compact().ok());
  EXPECT_THAT(Scan({}), ElementsAre("a", "c"));
}

// Each writer counts in a row that all share and in one of its own. If a batch's preconditions and
// its changes were not one step, rounds would overwrite each other and the shared count fall short.
void CountTogether(Engine& engine, std::atomic<std::uint64_t>& position, const std::string& own,
                   int rounds) {
  for (int round = 0; round < rounds;) {
    const std::string seen = Find(engine, kRows, "count").value_or("0");
    const std::string next = std::to_string(std::stoi(seen) + 1);
    const std::string mine = std::to_string(round + 1);
    Batch batch;
    batch.ExpectValue(kRows, "count", seen);
    batch.Put(kRows, "count", next);
    batch.Put(kOther, "count", next);
    batch.Put(kOther, own, mine);
    const absl::Status status = engine.Write(batch, ++position, Durability::kWritten);
    EXPECT_TRUE(status.ok() || absl::IsAborted(status)) << status;
    // OK may also mean that a later position has overtaken this one.
    if (Find(engine, kOther, own) == mine) ++round;
  }
}

TEST_P(EngineViews, ConcurrentWritersAreSerialisedAndReadersSeeWholeBatches) {
  constexpr int kWriters = 3;
  constexpr int kRounds = 60;
  Put(kRows, "count", "0");
  Put(kOther, "count", "0");
  std::atomic<std::uint64_t> position = engine_->Position();
  std::vector<std::thread> threads;
  for (int i = 0; i < kWriters; ++i) {
    threads.emplace_back(CountTogether, std::ref(*engine_), std::ref(position),
                         "writer" + std::to_string(i), kRounds);
  }
  for (int i = 0; i < 300; ++i) {
    const std::unique_ptr<Reader> state = engine_->Snapshot();
    EXPECT_EQ(Find(*state, kRows, "count"), Find(*state, kOther, "count"));
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(Find(*engine_, kRows, "count"), std::to_string(kWriters * kRounds));
}

}  // namespace
}  // namespace lethe::storage
