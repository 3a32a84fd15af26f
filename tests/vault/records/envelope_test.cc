// A record's row opens in its own place and in no other: neither under another subject, record,
// tenant or version, nor altered by a single bit.
#include "vault/records/envelope.h"

#include <string>
#include <vector>

#include "base/random.h"
#include "gtest/gtest.h"
#include "tests/support/test_vault.h"
#include "vault/model/limits.h"
#include "vault/rows/derived_keys.h"

namespace lethe::vault::records {
namespace {

using test::IsRefused;

class EnvelopeTest : public ::testing::Test {
 protected:
  RecordHeader Header() {
    RecordHeader header{.version = 3, .category = {1, 2, 3}, .period = {4, 5}, .leaf = {77, 5}};
    header.wrapped.generation = 12;
    random_.Fill(header.wrapped.commitment);
    return header;
  }
  RecordMeta Meta() const {
    return {.origin_time = absl::FromUnixMicros(1),
            .create_time = absl::FromUnixMicros(2),
            .update_time = absl::FromUnixMicros(3),
            .source = Source::kObserved,
            .media_type = "text/plain",
            .source_detail = "form 7"};
  }
  std::string Key() {
    return row_key::Record(TenantTag::Draw(random_), SubjectTag::Draw(random_),
                           RecordTag::Draw(random_));
  }
  static absl::Status Opens(const Secret& key, const std::string& row_key, const std::string& row) {
    const auto read = ReadRecordRow(AsBytes(row));
    if (!read.ok()) return read.status();
    return OpenRecord(key, row_key, *read).status();
  }

  SystemRandom random_;
  const Secret key_ = Secret::Draw(random_);
};

TEST_F(EnvelopeTest, RoundTripsEveryField) {
  const std::string row_key = Key();
  const RecordHeader header = Header();
  const std::string row = SealRecord(key_, row_key, header, "the data", Meta());
  const auto read = ReadRecordRow(AsBytes(row));
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(read->header.version, 3u);
  EXPECT_EQ(read->header.category, header.category);
  EXPECT_EQ(read->header.period, header.period);
  EXPECT_EQ(read->header.leaf, header.leaf);
  EXPECT_EQ(read->header.wrapped.generation, 12u);
  EXPECT_EQ(read->data_bytes, 8u);
  const auto body = OpenRecord(key_, row_key, *read);
  ASSERT_TRUE(body.ok()) << body.status();
  EXPECT_EQ(body->data, "the data");
  EXPECT_EQ(body->meta.origin_time, absl::FromUnixMicros(1));
  EXPECT_EQ(body->meta.create_time, absl::FromUnixMicros(2));
  EXPECT_EQ(body->meta.update_time, absl::FromUnixMicros(3));
  EXPECT_EQ(body->meta.source, Source::kObserved);
  EXPECT_EQ(body->meta.media_type, "text/plain");
  EXPECT_EQ(body->meta.source_detail, "form 7");
}

TEST_F(EnvelopeTest, EmptyAndLargestBodiesRoundTrip) {
  for (const std::size_t size : {std::size_t{0}, std::size_t{1}, limits::kRecordBytesMax}) {
    const std::string data(size, 'x');
    const std::string row_key = Key();
    const std::string row = SealRecord(key_, row_key, Header(), data, Meta());
    const auto read = ReadRecordRow(AsBytes(row));
    ASSERT_TRUE(read.ok());
    const auto body = OpenRecord(key_, row_key, *read);
    ASSERT_TRUE(body.ok()) << body.status();
    EXPECT_EQ(body->data, data);
  }
}

TEST_F(EnvelopeTest, NoBitOfARowMayChange) {
  const std::string row_key = Key();
  const std::string row = SealRecord(key_, row_key, Header(), "the data", Meta());
  ASSERT_TRUE(Opens(key_, row_key, row).ok()) << "the control";
  for (std::size_t bit = 0; bit < row.size() * 8; ++bit) {
    std::string altered = row;
    altered[bit / 8] = static_cast<char>(altered[bit / 8] ^ (1 << bit % 8));
    EXPECT_FALSE(Opens(key_, row_key, altered).ok()) << "bit " << bit;
  }
  for (std::size_t size = 0; size < row.size(); ++size) {
    EXPECT_FALSE(Opens(key_, row_key, row.substr(0, size)).ok()) << "cut at " << size;
  }
}

TEST_F(EnvelopeTest, ARowUnderAnotherKeyOfTheTableDoesNotOpen) {
  const std::string row_key = Key();
  const std::string row = SealRecord(key_, row_key, Header(), "the data", Meta());
  for (std::size_t i = 0; i < row_key.size(); ++i) {
    std::string other = row_key;
    other[i] = static_cast<char>(other[i] + 1);
    EXPECT_THAT(Opens(key_, other, row), IsRefused(Reason::kDecryptFailed)) << i;
  }
}

TEST_F(EnvelopeTest, ALaterFormatOrFlagIsAClearRefusal) {
  const std::string row_key = Key();
  std::string row = SealRecord(key_, row_key, Header(), "the data", Meta());
  std::string later = row;
  later[0] = 2;
  EXPECT_THAT(Opens(key_, row_key, later), IsRefused(Reason::kUnsupportedFormat));
  later = row;
  later[4] = 1;
  EXPECT_THAT(Opens(key_, row_key, later), IsRefused(Reason::kUnsupportedFormat));
}

TEST_F(EnvelopeTest, EverySecretAndFieldChangesTheDataKey) {
  const Secret category = Secret::Draw(random_);
  const Secret record = Secret::Draw(random_);
  const Secret period = Secret::Draw(random_);
  const Secret other = Secret::Draw(random_);
  const RecordTag tag = RecordTag::Draw(random_);
  const DataKeyInputs base{.record_secret = record, .period_secret = &period, .record = tag};
  const Secret key = DataKey(category, base);
  EXPECT_TRUE(key.Equals(DataKey(category, base)));
  EXPECT_FALSE(key.Equals(DataKey(other, base)));
  const std::vector<DataKeyInputs> changed = {
      {.flags = 1, .record_secret = record, .period_secret = &period, .record = tag},
      {.record_secret = other, .period_secret = &period, .record = tag},
      {.record_secret = record, .period_secret = nullptr, .record = tag},
      {.record_secret = record, .period_secret = &other, .record = tag},
      {.record_secret = record, .period_secret = &period, .record = RecordTag::Draw(random_)},
      {.record_secret = record, .period_secret = &period, .record = tag, .version = 2},
      {.record_secret = record, .period_secret = &period, .record = tag, .format = 2}};
  for (const DataKeyInputs& inputs : changed) EXPECT_FALSE(key.Equals(DataKey(category, inputs)));
}

TEST_F(EnvelopeTest, ThePeriodThatIsNotThereIsNotASecretOfZeros) {
  // Zeros stand for "none" in the derivation; a drawn secret is never zeros, and this test says
  // what the format relies on: the same bytes give the same key.
  const Secret category = Secret::Draw(random_);
  const Secret record = Secret::Draw(random_);
  const Secret zeros = Secret::Zero();
  EXPECT_TRUE(DataKey(category, {.record_secret = record})
                  .Equals(DataKey(category, {.record_secret = record, .period_secret = &zeros})));
}

}  // namespace
}  // namespace lethe::vault::records
