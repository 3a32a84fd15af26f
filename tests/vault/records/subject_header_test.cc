#include "vault/records/subject_header.h"

#include <string>
#include <variant>

#include "base/random.h"
#include "gtest/gtest.h"
#include "tests/support/test_vault.h"
#include "vault/rows/row_schema.h"

namespace lethe::vault::records {
namespace {

using test::IsRefused;

class SubjectHeaderTest : public ::testing::Test {
 protected:
  static LivingSubject Living(const std::string& row) {
    const auto read = ReadSubjectRow(AsBytes(row));
    EXPECT_TRUE(read.ok()) << read.status();
    return std::get<LivingSubject>(*read);
  }

  SystemRandom random_;
  const Secret key_ = Secret::Draw(random_);
  const std::string row_key_ =
      row_key::Subject(TenantTag::Draw(random_), SubjectTag::Draw(random_));
};

TEST_F(SubjectHeaderTest, RoundTripsEveryField) {
  SubjectHeader header{.state = SubjectState::kPartiallyErased,
                       .restricted = true,
                       .create_time = absl::FromUnixMicros(1'234'567),
                       .change_counter = 42,
                       .spot = {.group = 9, .base = 16, .used = 0x2f},
                       .records = 1'000,
                       .identifiers = 3,
                       .act = ActTag::Draw(random_),
                       .act_leaf = {8, 7},
                       .etag = {1, 2, 3, 4, 5, 6, 7, 8}};
  const std::string row = SealHeader(key_, row_key_, {5, 6}, header);
  const LivingSubject living = Living(row);
  EXPECT_EQ(living.leaf, (Place{5, 6}));
  const auto opened = OpenHeader(key_, row_key_, living);
  ASSERT_TRUE(opened.ok()) << opened.status();
  EXPECT_EQ(opened->state, header.state);
  EXPECT_TRUE(opened->restricted);
  EXPECT_EQ(opened->create_time, header.create_time);
  EXPECT_EQ(opened->change_counter, 42u);
  EXPECT_EQ(opened->spot.group, 9u);
  EXPECT_EQ(opened->spot.base, 16);
  EXPECT_EQ(opened->spot.used, 0x2f);
  EXPECT_EQ(opened->records, 1'000u);
  EXPECT_EQ(opened->identifiers, 3);
  EXPECT_EQ(opened->act, header.act);
  EXPECT_EQ(opened->act_leaf, header.act_leaf);
  EXPECT_EQ(opened->etag, header.etag);
}

TEST_F(SubjectHeaderTest, HasOneSizeWhateverItSays) {
  const std::string empty = SealHeader(key_, row_key_, {}, {});
  const std::string full =
      SealHeader(key_, row_key_, {~0ull, 63}, {.restricted = true, .records = ~0ull});
  EXPECT_EQ(empty.size(), full.size());
}

TEST_F(SubjectHeaderTest, OpensForItsOwnSubjectOnly) {
  const std::string row = SealHeader(key_, row_key_, {5, 6}, {});
  std::string other = row_key_;
  other.back() = static_cast<char>(other.back() ^ 1);
  EXPECT_THAT(OpenHeader(key_, other, Living(row)), IsRefused(Reason::kDecryptFailed));
  EXPECT_THAT(OpenHeader(Secret::Draw(random_), row_key_, Living(row)),
              IsRefused(Reason::kDecryptFailed));
}

TEST_F(SubjectHeaderTest, AnErasedSubjectKeepsItsReceiptOnly) {
  const ReceiptTag receipt = ReceiptTag::Draw(random_);
  const auto read = ReadSubjectRow(AsBytes(EncodeErasedSubject(receipt)));
  ASSERT_TRUE(read.ok());
  EXPECT_EQ(std::get<ErasedSubject>(*read).receipt, receipt);
}

TEST_F(SubjectHeaderTest, ALaterFormatIsAClearRefusal) {
  std::string row = SealHeader(key_, row_key_, {5, 6}, {});
  row[0] = 2;
  EXPECT_THAT(ReadSubjectRow(AsBytes(row)), IsRefused(Reason::kUnsupportedFormat));
  row[0] = 1;
  row[1] = 3;
  EXPECT_THAT(ReadSubjectRow(AsBytes(row)), IsRefused(Reason::kUnsupportedFormat));
  EXPECT_FALSE(ReadSubjectRow(AsBytes("\x01")).ok());
}

}  // namespace
}  // namespace lethe::vault::records
