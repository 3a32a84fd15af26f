#include "vault/records/subject_header.h"

#include <string>
#include <variant>

#include "base/random.h"
#include "gtest/gtest.h"
#include "tests/support/test_vault.h"
#include "vault/rows/derived_keys.h"
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
                       .scheduled = true,
                       .create_time = absl::FromUnixMicros(1'234'567),
                       .change_counter = 42,
                       .spot = {.group = 9, .base = 16, .used = 0x2f},
                       .records = 1'000,
                       .identifiers = 3,
                       .acts = 2,
                       .acts_digest = crypto::Sha256(AsBytes("two acts")),
                       .etag = {1, 2, 3, 4, 5, 6, 7, 8}};
  const std::string row = SealHeader(key_, row_key_, {5, 6}, header);
  const LivingSubject living = Living(row);
  EXPECT_EQ(living.leaf, (Place{5, 6}));
  const auto opened = OpenHeader(key_, row_key_, living);
  ASSERT_TRUE(opened.ok()) << opened.status();
  EXPECT_EQ(opened->state, header.state);
  EXPECT_TRUE(opened->scheduled);
  EXPECT_EQ(opened->create_time, header.create_time);
  EXPECT_EQ(opened->change_counter, 42u);
  EXPECT_EQ(opened->spot.group, 9u);
  EXPECT_EQ(opened->spot.base, 16);
  EXPECT_EQ(opened->spot.used, 0x2f);
  EXPECT_EQ(opened->records, 1'000u);
  EXPECT_EQ(opened->identifiers, 3);
  EXPECT_EQ(opened->acts, 2);
  EXPECT_EQ(opened->acts_digest, header.acts_digest);
  EXPECT_EQ(opened->etag, header.etag);
}

TEST_F(SubjectHeaderTest, HasOneSizeWhateverItSays) {
  const std::string empty = SealHeader(key_, row_key_, {}, {});
  const std::string full =
      SealHeader(key_, row_key_, {~0ull, 63}, {.scheduled = true, .records = ~0ull});
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
  row[0] = 3;
  EXPECT_THAT(ReadSubjectRow(AsBytes(row)), IsRefused(Reason::kUnsupportedFormat));
  row[0] = 2;
  row[1] = 3;
  EXPECT_THAT(ReadSubjectRow(AsBytes(row)), IsRefused(Reason::kUnsupportedFormat));
  EXPECT_FALSE(ReadSubjectRow(AsBytes("\x02")).ok());
}

// A flag or a field of a later version must not be taken for nothing.
TEST_F(SubjectHeaderTest, RefusesWhatItDoesNotKnow) {
  const auto opened_with = [&](std::size_t at, char byte) {
    std::string body(kHeaderBodyBytes, '\0');
    body[0] = static_cast<char>(SubjectState::kActive);
    body[at] = byte;
    const std::string sound = SealHeader(key_, row_key_, {5, 6}, {});
    const LivingSubject living = Living(sound);
    const std::string row = SealRow(HeaderRowKey(key_), table::kSubject, row_key_,
                                    std::string(AsText(living.parts.clear)), AsBytes(body));
    return OpenHeader(key_, row_key_, Living(row)).status();
  };
  EXPECT_TRUE(opened_with(1, 1).ok()) << "control: a flag that is known";
  EXPECT_THAT(opened_with(0, 9), IsRefused(Reason::kUnsupportedFormat)) << "a state";
  EXPECT_THAT(opened_with(1, 2), IsRefused(Reason::kUnsupportedFormat)) << "a flag";
  EXPECT_THAT(opened_with(kHeaderBodyBytes - 1, 1), IsRefused(Reason::kUnsupportedFormat));
}

}  // namespace
}  // namespace lethe::vault::records
