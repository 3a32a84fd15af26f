#include "storage/batch.h"

#include <string>

#include "gtest/gtest.h"

namespace lethe::storage {
namespace {

Batch Sample() {
  Batch batch;
  batch.Put(1, "key", std::string("va\0lue", 6));
  batch.Delete(7, std::string("\xff\x00", 2));
  batch.Put(255, "", "");
  return batch;
}

std::string Golden() {
  return std::string("\x00\x00\x00\x03", 4) +
         std::string("\x01\x01\x00\x03key\x00\x00\x00\x06va\x00lue", 17) +
         std::string("\x02\x07\x00\x02\xff\x00", 6) +
         std::string("\x01\xff\x00\x00\x00\x00\x00\x00", 8);
}

TEST(BatchTest, EncodesAsItsGrammarSays) { EXPECT_EQ(Sample().Encode(), Golden()); }

TEST(BatchTest, DecodesToTheSameOperations) {
  const absl::StatusOr<Batch> decoded = Batch::Decode(AsBytes(Golden()));

  ASSERT_TRUE(decoded.ok()) << decoded.status();
  const std::vector<Operation>& operations = decoded->operations();
  ASSERT_EQ(operations.size(), 3u);
  EXPECT_EQ(operations[0].kind, Operation::Kind::kPut);
  EXPECT_EQ(operations[0].table, 1);
  EXPECT_EQ(operations[0].key, "key");
  EXPECT_EQ(operations[0].value, std::string("va\0lue", 6));
  EXPECT_EQ(operations[1].kind, Operation::Kind::kDelete);
  EXPECT_EQ(operations[1].table, 7);
  EXPECT_EQ(operations[1].key, std::string("\xff\x00", 2));
  EXPECT_EQ(operations[2].table, 255);
  EXPECT_EQ(decoded->size_bytes(), Sample().size_bytes());
  EXPECT_EQ(decoded->Encode(), Golden());
}

TEST(BatchTest, AnEmptyBatchSurvivesEncoding) {
  const absl::StatusOr<Batch> decoded = Batch::Decode(AsBytes(Batch().Encode()));

  ASSERT_TRUE(decoded.ok());
  EXPECT_TRUE(decoded->empty());
}

TEST(BatchTest, EveryTruncationIsRefused) {
  const std::string whole = Golden();
  ASSERT_TRUE(Batch::Decode(AsBytes(whole)).ok());  // Control.
  for (std::size_t size = 0; size < whole.size(); ++size) {
    const auto decoded = Batch::Decode(AsBytes(std::string_view(whole).substr(0, size)));
    EXPECT_TRUE(absl::IsDataLoss(decoded.status())) << size;
  }
}

TEST(BatchTest, BytesLeftOverAreRefused) {
  EXPECT_TRUE(absl::IsDataLoss(Batch::Decode(AsBytes(Golden() + "x")).status()));
}

TEST(BatchTest, AnUnknownKindIsRefused) {
  for (const char kind : {'\x00', '\x03', '\xff'}) {
    std::string encoded = Golden();
    encoded[4] = kind;
    EXPECT_TRUE(absl::IsDataLoss(Batch::Decode(AsBytes(encoded)).status()));
  }
}

TEST(BatchTest, ACountThatPromisesMoreThanThereIsReservesNothing) {
  const std::string encoded("\xff\xff\xff\xff\x02\x07\x00\x00", 8);
  EXPECT_TRUE(absl::IsDataLoss(Batch::Decode(AsBytes(encoded)).status()));
}

TEST(BatchTest, PreconditionsAreNotPartOfTheBytes) {
  Batch batch = Sample();
  batch.ExpectAbsent(1, "new");
  batch.ExpectValue(1, "old", "value");
  EXPECT_EQ(batch.Encode(), Golden());
}

TEST(BatchTest, AppendKeepsOrderSizesAndPreconditions) {
  Batch first = Sample();
  first.ExpectAbsent(1, "a");
  Batch second;
  second.Put(2, "later", "x");
  second.ExpectValue(2, "b", "c");
  const std::size_t size_bytes = first.size_bytes() + second.size_bytes();

  first.Append(std::move(second));

  EXPECT_EQ(first.operations().size(), 4u);
  EXPECT_EQ(first.operations().back().key, "later");
  ASSERT_EQ(first.preconditions().size(), 2u);
  EXPECT_FALSE(first.preconditions()[0].value.has_value());
  EXPECT_EQ(first.preconditions()[1].value, "c");
  EXPECT_EQ(first.size_bytes(), size_bytes);
}

TEST(BatchTest, SizeCountsKeysAndValues) {
  EXPECT_EQ(Sample().size_bytes(), 3u + 6u + 2u);
  EXPECT_EQ(Batch().size_bytes(), 0u);
}

TEST(BatchDeathTest, AKeyTooLongForTheFormatIsAFailedCheck) {
  Batch batch;
  batch.Put(1, std::string(65'535, 'k'), "longest");
  EXPECT_DEATH(batch.Put(1, std::string(65'536, 'k'), ""), "kKeyBytesMax");
}

}  // namespace
}  // namespace lethe::storage
