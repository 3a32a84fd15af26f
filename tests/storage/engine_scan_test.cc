// Of every engine: which rows a scan gives, in which order, and how many.
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/storage/engine_contract.h"
#include "tests/storage/test_tables.h"

namespace lethe::storage {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

using EngineScan = EngineContract;

LETHE_FOR_ALL_ENGINES(EngineScan);

TEST_P(EngineScan, AScanIsInByteOrder) {
  PutAll({"b", std::string("a\0", 2), "\xff", "a", "aa", "\x7f", "\x80"});
  EXPECT_THAT(Scan({}), ElementsAre("a", std::string("a\0", 2), "aa", "b", "\x7f", "\x80", "\xff"));
}

TEST_P(EngineScan, AScanGivesValuesToo) {
  Put(kRows, "key", "value");
  const auto rows = engine_->Scan(kRows, {}, 1);
  ASSERT_TRUE(rows.ok());
  ASSERT_EQ(rows->size(), 1u);
  EXPECT_EQ((*rows)[0].value, "value");
}

TEST_P(EngineScan, APrefixTakesItsRowsAndNoNeighbours) {
  PutAll({"o\xff", "p", std::string("p\0", 2), "p\xff", "p\xff\xff", "q"});
  EXPECT_THAT(Scan({.prefix = "p"}), ElementsAre("p", std::string("p\0", 2), "p\xff", "p\xff\xff"));
}

TEST_P(EngineScan, APrefixOfTheHighestBytesIsScannedToTheEnd) {
  PutAll({"\xfe\xff", "\xff", "\xff\x01", "\xff\xff", "\xff\xff\x01"});
  EXPECT_THAT(Scan({.prefix = "\xff"}),
              ElementsAre("\xff", "\xff\x01", "\xff\xff", "\xff\xff\x01"));
  EXPECT_THAT(Scan({.prefix = "\xff\xff"}), ElementsAre("\xff\xff", "\xff\xff\x01"));
  EXPECT_THAT(Scan({.prefix = "\xfe"}), ElementsAre("\xfe\xff"));
}

TEST_P(EngineScan, AfterIsExclusive) {
  PutAll({"a", "b", std::string("b\0", 2), "c"});
  EXPECT_THAT(Scan({.after = "b"}), ElementsAre(std::string("b\0", 2), "c"));
  EXPECT_THAT(Scan({.after = "aa"}), ElementsAre("b", std::string("b\0", 2), "c"));
  EXPECT_THAT(Scan({.after = "c"}), IsEmpty());
}

TEST_P(EngineScan, AfterOutsideThePrefixDoesNotWidenIt) {
  PutAll({"a", "p1", "p2", "q"});
  EXPECT_THAT(Scan({.prefix = "p", .after = "a"}), ElementsAre("p1", "p2"));
  EXPECT_THAT(Scan({.prefix = "p", .after = "p1"}), ElementsAre("p2"));
  EXPECT_THAT(Scan({.prefix = "p", .after = "q"}), IsEmpty());
}

TEST_P(EngineScan, PagesOfAnySizeJoinToTheWhole) {
  PutAll({"a", "b", "c", "d", "e"});
  for (std::size_t limit = 1; limit <= 6; ++limit) {
    std::vector<std::string> all;
    for (std::string after;;) {
      const std::vector<std::string> page = Scan({.after = after}, limit);
      EXPECT_LE(page.size(), limit);
      if (page.empty()) break;
      all.insert(all.end(), page.begin(), page.end());
      after = page.back();
    }
    EXPECT_THAT(all, ElementsAre("a", "b", "c", "d", "e")) << limit;
  }
}

TEST_P(EngineScan, ALimitOutsideItsBoundsIsRefused) {
  EXPECT_TRUE(absl::IsInvalidArgument(engine_->Scan(kRows, {}, 0).status()));
  EXPECT_TRUE(absl::IsInvalidArgument(engine_->Scan(kRows, {}, Reader::kScanRowsMax + 1).status()));
}

}  // namespace
}  // namespace lethe::storage
