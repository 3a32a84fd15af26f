#include "storage/engine_spec.h"

#include "gtest/gtest.h"
#include "tests/storage/test_tables.h"
#include "tests/support/temp_dir.h"

namespace lethe::storage {
namespace {

TEST(EngineSpecTest, WhatNamesAPlaceStaysThere) {
  EXPECT_EQ(std::get<RocksSpec>(PlacedAt(RocksSpec{}, "/here")).path, "/here");
  EXPECT_EQ(std::get<RocksSpec>(PlacedAt(RocksSpec{.path = "/there"}, "/here")).path, "/there");
}

TEST(EngineSpecTest, OpeningMakesNothingAndCreatingMakesItOnce) {
  const test::TempDir dir;
  const EngineSpec spec = PlacedAt({}, dir / "db");
  EXPECT_TRUE(absl::IsNotFound(OpenEngine(spec, TestTables()).status()));
  {
    const auto created = CreateEngine(spec, TestTables());
    ASSERT_TRUE(created.ok()) << created.status();
    ASSERT_TRUE((*created)->Write(PutOne(kRows, "key", "value"), 1, Durability::kSynced).ok());
  }
  const auto opened = OpenEngine(spec, TestTables());
  ASSERT_TRUE(opened.ok()) << opened.status();
  EXPECT_EQ(Find(**opened, kRows, "key"), "value");
}

TEST(EngineSpecTest, ACopyBecomesAnEngineAgain) {
  const test::TempDir dir;
  const auto engine = CreateEngine(PlacedAt({}, dir / "db"), TestTables());
  ASSERT_TRUE(engine.ok()) << engine.status();
  ASSERT_TRUE((*engine)->Write(PutOne(kRows, "key", "value"), 3, Durability::kWritten).ok());
  const auto copy = (*engine)->Copy();
  ASSERT_TRUE(copy.ok()) << copy.status();
  const EngineSpec restored = PlacedAt({}, dir / "restored");
  ASSERT_TRUE(RestoreEngine(restored, **copy).ok());
  const auto opened = OpenEngine(restored, TestTables());
  ASSERT_TRUE(opened.ok()) << opened.status();
  EXPECT_EQ((*opened)->Position(), 3u);
  EXPECT_EQ(Find(**opened, kRows, "key"), "value");
}

}  // namespace
}  // namespace lethe::storage
