#include "storage/scan.h"

#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "storage/memory_engine.h"
#include "tests/storage/test_tables.h"

namespace lethe::storage {
namespace {

class ScanTest : public ::testing::Test {
 protected:
  ScanTest() {
    Batch batch;
    for (const char* key : {"a1", "a2", "a3", "b1"}) batch.Put(kRows, key, "v");
    EXPECT_TRUE(engine_->Write(batch, 1, Durability::kSynced).ok());
  }
  absl::Status Collect(const std::string& prefix, std::size_t page,
                       std::vector<std::string>& keys) {
    return ForEachRow(*engine_, kRows, {.prefix = prefix, .after = {}}, page, [&](const Row& row) {
      keys.push_back(row.key);
      return absl::OkStatus();
    });
  }

  const std::unique_ptr<Engine> engine_ = NewMemoryEngine(TestTables());
};

TEST_F(ScanTest, EveryRowComesOnceHoweverLargeAPage) {
  for (std::size_t page = 1; page <= 5; ++page) {
    std::vector<std::string> keys;
    ASSERT_TRUE(Collect("a", page, keys).ok());
    EXPECT_EQ(keys, (std::vector<std::string>{"a1", "a2", "a3"})) << page;
  }
}

TEST_F(ScanTest, APageSaysWhetherItIsTheLastAndWhereTheNextBegins) {
  Range range{.prefix = "a", .after = {}};
  const auto first = NextPage(*engine_, kRows, range, 2);
  ASSERT_TRUE(first.ok());
  EXPECT_FALSE(first->last);
  EXPECT_EQ(range.after, "a2");
  const auto second = NextPage(*engine_, kRows, range, 2);
  ASSERT_TRUE(second.ok());
  EXPECT_TRUE(second->last);
  EXPECT_EQ(second->rows.front().key, "a3");
}

TEST_F(ScanTest, AnErrorOfTheCallbackEndsItAndIsTheAnswer) {
  int calls = 0;
  const absl::Status status = ForEachRow(*engine_, kRows, {}, 10, [&](const Row&) -> absl::Status {
    return ++calls == 2 ? absl::DataLossError("bad") : absl::OkStatus();
  });
  EXPECT_TRUE(absl::IsDataLoss(status));
  EXPECT_EQ(calls, 2);
}

TEST_F(ScanTest, AnErrorOfTheEngineIsTheAnswer) {
  const absl::Status status = ForEachRow(*engine_, kRows, {}, Reader::kScanRowsMax + 1,
                                         [](const Row&) { return absl::OkStatus(); });
  EXPECT_TRUE(absl::IsInvalidArgument(status));
}

TEST_F(ScanTest, ARowHasTheNumberOfItsPlaceInTheTable) {
  EXPECT_EQ(*NumberOf(*engine_, kRows, "a1"), 1u);
  EXPECT_EQ(*NumberOf(*engine_, kRows, "b1"), 4u);
}

}  // namespace
}  // namespace lethe::storage
