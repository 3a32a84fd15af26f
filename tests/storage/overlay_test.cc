#include "storage/engine.h"

#include "gtest/gtest.h"
#include "tests/storage/test_tables.h"
#include "tests/support/memory_engine.h"

namespace lethe::storage {
namespace {

Batch ExpectValue(const std::string& key, const std::string& value) {
  Batch batch;
  batch.ExpectValue(kRows, key, value);
  return batch;
}

Batch ExpectAbsent(const std::string& key) {
  Batch batch;
  batch.ExpectAbsent(kRows, key);
  return batch;
}

class OverlayTest : public testing::Test {
 protected:
  OverlayTest() {
    Batch batch;
    batch.Put(kRows, "here", "old");
    batch.Put(kRows, "stays", "same");
    EXPECT_TRUE(engine_->Write(batch, 1, Durability::kWritten).ok());
  }

  std::unique_ptr<Engine> engine_ = test::NewMemoryEngine(TestTables());
  Overlay overlay_{*engine_};
};

TEST_F(OverlayTest, WithNothingAppliedTheBaseDecides) {
  EXPECT_TRUE(overlay_.Check(ExpectValue("here", "old")).ok());
  EXPECT_TRUE(overlay_.Check(ExpectAbsent("gone")).ok());
  EXPECT_TRUE(absl::IsAborted(overlay_.Check(ExpectValue("here", "new"))));
  EXPECT_TRUE(absl::IsAborted(overlay_.Check(ExpectAbsent("here"))));
}

TEST_F(OverlayTest, AnAppliedPutHidesTheBase) {
  overlay_.Apply(PutOne(kRows, "here", "new"));
  EXPECT_TRUE(overlay_.Check(ExpectValue("here", "new")).ok());
  EXPECT_TRUE(absl::IsAborted(overlay_.Check(ExpectValue("here", "old"))));
  EXPECT_TRUE(overlay_.Check(ExpectValue("stays", "same")).ok());
  EXPECT_EQ(Find(*engine_, kRows, "here"), "old");  // The base itself is not touched.
}

TEST_F(OverlayTest, AnAppliedDeleteHidesTheBase) {
  overlay_.Apply(DeleteOne(kRows, "here"));
  EXPECT_TRUE(overlay_.Check(ExpectAbsent("here")).ok());
  EXPECT_TRUE(absl::IsAborted(overlay_.Check(ExpectValue("here", "old"))));
}

TEST_F(OverlayTest, TheLastOfSeveralBatchesCounts) {
  overlay_.Apply(DeleteOne(kRows, "here"));
  overlay_.Apply(PutOne(kRows, "here", "again"));
  EXPECT_TRUE(overlay_.Check(ExpectValue("here", "again")).ok());
}

TEST_F(OverlayTest, TablesAreKeptApart) {
  overlay_.Apply(PutOne(kOther, "here", "elsewhere"));
  EXPECT_TRUE(overlay_.Check(ExpectValue("here", "old")).ok());
}

TEST_F(OverlayTest, EveryPreconditionOfABatchMustHold) {
  Batch batch = ExpectValue("here", "old");
  batch.ExpectAbsent(kRows, "stays");
  EXPECT_TRUE(absl::IsAborted(overlay_.Check(batch)));
}

TEST_F(OverlayTest, AnErrorOfTheBaseIsNoVerdict) {
  Batch batch;
  batch.ExpectAbsent(kUnknown, "here");
  EXPECT_TRUE(absl::IsFailedPrecondition(overlay_.Check(batch)));
}

}  // namespace
}  // namespace lethe::storage
