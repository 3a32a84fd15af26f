// Of every engine: rows, batches, preconditions, positions.
#include <string>
#include <vector>

#include "base/reason.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/storage/engine_contract.h"
#include "tests/storage/test_tables.h"

namespace lethe::storage {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

using EngineRows = EngineContract;

LETHE_FOR_ALL_ENGINES(EngineRows);

TEST_P(EngineRows, ANewEngineIsEmptyAtPositionZero) {
  EXPECT_EQ(engine_->Position(), 0u);
  EXPECT_THAT(Scan({}), IsEmpty());
  EXPECT_EQ(Find(*engine_, kRows, "anything"), std::nullopt);
}

TEST_P(EngineRows, AMissingRowIsNotFound) {
  EXPECT_TRUE(absl::IsNotFound(engine_->Get(kRows, "none").status()));
}

TEST_P(EngineRows, WhatWasPutIsFoundInItsTableOnly) {
  Put(kRows, "key", "value");
  EXPECT_EQ(Find(*engine_, kRows, "key"), "value");
  EXPECT_EQ(Find(*engine_, kOther, "key"), std::nullopt);
}

TEST_P(EngineRows, APutReplacesAndADeleteRemoves) {
  Put(kRows, "key", "one");
  Put(kRows, "key", "two");
  EXPECT_EQ(Find(*engine_, kRows, "key"), "two");
  ASSERT_TRUE(Write(DeleteOne(kRows, "key")).ok());
  EXPECT_EQ(Find(*engine_, kRows, "key"), std::nullopt);
  EXPECT_THAT(Scan({}), IsEmpty());
}

TEST_P(EngineRows, DeletingWhatIsNotThereIsNoError) {
  EXPECT_TRUE(Write(DeleteOne(kRows, "none")).ok());
}

TEST_P(EngineRows, TheLaterOperationOfABatchWins) {
  Batch batch;
  batch.Put(kRows, "kept", "first");
  batch.Delete(kRows, "kept");
  batch.Put(kRows, "kept", "last");
  batch.Put(kRows, "dropped", "x");
  batch.Delete(kRows, "dropped");
  ASSERT_TRUE(Write(batch).ok());
  EXPECT_EQ(Find(*engine_, kRows, "kept"), "last");
  EXPECT_EQ(Find(*engine_, kRows, "dropped"), std::nullopt);
}

TEST_P(EngineRows, KeysAndValuesAreAnyBytes) {
  std::string every_byte;
  for (int byte = 0; byte < 256; ++byte) every_byte.push_back(static_cast<char>(byte));
  Put(kRows, every_byte, every_byte);
  Put(kRows, std::string(1, '\0'), "");
  EXPECT_EQ(Find(*engine_, kRows, every_byte), every_byte);
  EXPECT_EQ(Find(*engine_, kRows, std::string(1, '\0')), "");
  EXPECT_EQ(Find(*engine_, kRows, ""), std::nullopt);
}

TEST_P(EngineRows, AnEmptyValueIsNotAnAbsentOne) {
  Put(kRows, "empty", "");
  EXPECT_EQ(Find(*engine_, kRows, "empty"), "");
  Batch batch;
  batch.ExpectAbsent(kRows, "empty");
  EXPECT_TRUE(absl::IsAborted(Write(batch)));
}

TEST_P(EngineRows, ALargeValueComesBackWhole) {
  const std::string large(5u << 20, 'x');
  Put(kRows, "large", large);
  EXPECT_EQ(Find(*engine_, kRows, "large"), large);
}

TEST_P(EngineRows, MultiGetKeepsTheOrderOfItsKeys) {
  Put(kRows, "a", "1");
  Put(kRows, "b", "");
  Put(kRows, "c", "3");
  const std::vector<std::string> keys = {"c", "none", "a", "c", "b"};
  const auto values = engine_->MultiGet(kRows, keys);
  ASSERT_TRUE(values.ok());
  EXPECT_THAT(*values, ElementsAre("3", std::nullopt, "1", "3", ""));
  EXPECT_THAT(*engine_->MultiGet(kRows, {}), IsEmpty());
}

TEST_P(EngineRows, AnUnknownTableIsRefusedAndChangesNothing) {
  EXPECT_EQ(ReasonOf(engine_->Get(kUnknown, "k").status()), Reason::kUnsupportedFormat);
  EXPECT_FALSE(engine_->MultiGet(kUnknown, std::vector<std::string>{"k"}).ok());
  EXPECT_FALSE(engine_->Scan(kUnknown, {}, 1).ok());
  Batch batch = PutOne(kRows, "key", "value");
  batch.Put(kUnknown, "key", "value");
  EXPECT_EQ(ReasonOf(Write(batch)), Reason::kUnsupportedFormat);
  EXPECT_EQ(Find(*engine_, kRows, "key"), std::nullopt);
  EXPECT_EQ(engine_->Position(), 0u);
}

TEST_P(EngineRows, APreconditionThatHoldsLetsTheBatchThrough) {
  Put(kRows, "key", "one");
  Batch batch = PutOne(kRows, "key", "two");
  batch.ExpectValue(kRows, "key", "one");
  batch.ExpectAbsent(kOther, "key");
  EXPECT_TRUE(Write(batch).ok());
  EXPECT_EQ(Find(*engine_, kRows, "key"), "two");
}

TEST_P(EngineRows, OneBrokenPreconditionStopsTheWholeBatch) {
  Put(kRows, "key", "one");
  const std::uint64_t position = engine_->Position();
  Batch batch = PutOne(kRows, "key", "two");
  batch.Put(kOther, "more", "x");
  batch.ExpectValue(kRows, "key", "one");
  batch.ExpectValue(kRows, "key", "not this");
  const absl::Status status = Write(batch);
  EXPECT_TRUE(absl::IsAborted(status));
  EXPECT_EQ(ReasonOf(status), Reason::kConcurrentChange);
  EXPECT_EQ(Find(*engine_, kRows, "key"), "one");
  EXPECT_EQ(Find(*engine_, kOther, "more"), std::nullopt);
  EXPECT_EQ(engine_->Position(), position);
}

TEST_P(EngineRows, AbsentAndOtherValuesBreakPreconditions) {
  Put(kRows, "key", "one");
  Batch absent;
  absent.ExpectAbsent(kRows, "key");
  EXPECT_TRUE(absl::IsAborted(Write(absent)));
  Batch missing;
  missing.ExpectValue(kRows, "none", "");
  EXPECT_TRUE(absl::IsAborted(Write(missing)));
  Batch longer;
  longer.ExpectValue(kRows, "key", "one ");
  EXPECT_TRUE(absl::IsAborted(Write(longer)));
}

TEST_P(EngineRows, PreconditionsSeeTheStateBeforeTheirOwnBatch) {
  Batch born;
  born.Put(kRows, "key", "one");
  born.ExpectAbsent(kRows, "key");
  EXPECT_TRUE(Write(born).ok());
  Batch moved;
  moved.Delete(kRows, "key");
  moved.Put(kRows, "key", "two");
  moved.ExpectValue(kRows, "key", "one");
  EXPECT_TRUE(Write(moved).ok());
  Batch expects_itself;
  expects_itself.Put(kRows, "other", "x");
  expects_itself.ExpectValue(kRows, "other", "x");
  EXPECT_TRUE(absl::IsAborted(Write(expects_itself)));
}

TEST_P(EngineRows, AnOldPositionIsAnsweredOkAndChangesNothing) {
  ASSERT_TRUE(engine_->Write(PutOne(kRows, "key", "new"), 5, Durability::kWritten).ok());
  Batch replay = PutOne(kRows, "key", "old");
  replay.ExpectAbsent(kRows, "key");  // Long broken; not asked.
  for (const std::uint64_t position : {0u, 1u, 4u, 5u}) {
    EXPECT_TRUE(engine_->Write(replay, position, Durability::kSynced).ok()) << position;
  }
  EXPECT_EQ(Find(*engine_, kRows, "key"), "new");
  EXPECT_EQ(engine_->Position(), 5u);
}

TEST_P(EngineRows, PositionsMayJump) {
  ASSERT_TRUE(engine_->Write(PutOne(kRows, "a", "1"), 10, Durability::kWritten).ok());
  ASSERT_TRUE(engine_->Write(PutOne(kRows, "b", "1"), 1u << 31, Durability::kWritten).ok());
  EXPECT_EQ(engine_->Position(), 1u << 31);
}

TEST_P(EngineRows, AnEmptyBatchMovesThePosition) {
  ASSERT_TRUE(engine_->Write(Batch(), 3, Durability::kWritten).ok());
  EXPECT_EQ(engine_->Position(), 3u);
}

}  // namespace
}  // namespace lethe::storage
