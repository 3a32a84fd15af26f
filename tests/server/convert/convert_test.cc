#include "server/convert/convert.h"

#include <gtest/gtest.h>

#include "absl/strings/str_format.h"

namespace lethe::server {
namespace {

constexpr char kUuid[] = "6f1c1d9e-3c5f-4b1a-9d0e-2f6f0a4b8c11";

TEST(ConvertTest, TimesKeepTheirNanosecondsOnBothSidesOfTheEpoch) {
  for (const absl::Time time : {absl::FromUnixNanos(1'234'567'890'123'456'789),
                                absl::FromUnixNanos(-1), absl::UnixEpoch()}) {
    google::protobuf::Timestamp stamp;
    Fill(time, &stamp);
    EXPECT_GE(stamp.nanos(), 0);
    EXPECT_EQ(TimeFrom(stamp), time);
  }
}

TEST(ConvertTest, AnEtagTravelsInQuotes) {
  vault::Subject subject;
  subject.etag = "abc";
  v1::Subject out;
  Fill(subject, "acme", &out);
  EXPECT_EQ(out.etag(), "\"abc\"");
  EXPECT_EQ(EtagFrom(out.etag()), "abc");
  EXPECT_EQ(EtagFrom(""), "");
}

TEST(ConvertTest, ANewRecordIsProvidedUnlessItSaysOtherwise) {
  v1::Record record;
  EXPECT_EQ(NewRecordFrom(v1::Record(record)).source, vault::Source::kProvided);
  EXPECT_FALSE(NewRecordFrom(v1::Record(record)).origin_time.has_value());
  record.set_source(v1::SOURCE_DERIVED);
  record.mutable_origin_time()->set_seconds(7);
  EXPECT_EQ(NewRecordFrom(v1::Record(record)).source, vault::Source::kDerived);
  EXPECT_EQ(NewRecordFrom(v1::Record(record)).origin_time, absl::FromUnixSeconds(7));
}

// From the message that gRPC parsed to the sealed row the value lies in one place
// (tests/vault/whole/plaintext_copies_test.cc counts the rest of the way).
TEST(ConvertTest, AValueIsTakenOutOfARequestAndPutIntoAnAnswerWithoutACopy) {
  v1::Record request;
  request.set_data(std::string(4'096, 'x'));
  const char* const where = request.data().data();
  EXPECT_NE(NewRecordFrom(v1::Record(request)).data.data(), where) << "the control: a copy is seen";

  vault::NewRecord record = NewRecordFrom(std::move(request));
  EXPECT_EQ(record.data.data(), where);

  vault::Record made;
  made.data = std::move(record.data);
  v1::Record answer;
  Fill(std::move(made), "acme", &answer);
  EXPECT_EQ(answer.data().data(), where);
}

TEST(ConvertTest, AnErasureIsToldWhole) {
  vault::Erasure erasure;
  erasure.receipt = *ReceiptTag::Parse(kUuid);
  erasure.subject = *SubjectTag::Parse(kUuid);
  erasure.ground = vault::ErasureGround::kObjection;
  erasure.erase_time = absl::FromUnixSeconds(10);
  erasure.records_shredded = 3;
  erasure.identifiers_shredded = 2;
  erasure.categories_shredded = {"account"};
  erasure.withheld = {{"billing", "AO 147", 4, absl::FromUnixSeconds(99)}};
  erasure.key_commitments = {std::string(32, 'c')};
  erasure.generation = 8;
  erasure.assurance = vault::Assurance::kHost;
  erasure.key_death_time = absl::FromUnixSeconds(11);
  erasure.signed_statement = "statement";
  erasure.whose = "whose";
  erasure.nonce = "nonce";
  erasure.horizon_open = true;
  erasure.retired_holders = {"old"};
  erasure.hygiene_complete_time = absl::FromUnixSeconds(12);
  erasure.proof = {.index = 1, .size = 2, .path = {"node"}, .signature = "signature"};
  erasure.public_key = "key";
  v1::Erasure out;
  Fill(erasure, "acme", &out);
  // Every field has been set: one that is forgotten shows here.
  const auto* type = v1::Erasure::descriptor();
  for (int i = 0; i < type->field_count(); ++i) {
    const auto* field = type->field(i);
    if (field->name() == "scheduled_time") continue;  // Of an erase that is still ahead.
    const auto* reflection = out.GetReflection();
    EXPECT_TRUE(field->is_repeated() ? reflection->FieldSize(out, field) > 0
                                     : reflection->HasField(out, field))
        << field->name();
  }
  EXPECT_EQ(out.name(), absl::StrFormat("tenants/acme/erasures/%s", kUuid));
  EXPECT_EQ(out.assurance(), v1::ASSURANCE_HOST);
  EXPECT_EQ(out.withheld(0).until_time().seconds(), 99);
}

TEST(ConvertTest, AnErasureStillAheadHasKilledNoKey) {
  vault::Erasure erasure;
  erasure.receipt = *ReceiptTag::Parse(kUuid);
  erasure.scheduled_time = absl::FromUnixSeconds(13);
  v1::Erasure out;
  Fill(erasure, "acme", &out);
  EXPECT_EQ(out.scheduled_time().seconds(), 13);
  EXPECT_FALSE(out.has_key_death_time());
}

TEST(ConvertTest, ADryRunHasNoReceiptAndKillsNoKey) {
  v1::Erasure out;
  Fill(vault::Erasure{}, "acme", &out);
  EXPECT_EQ(out.name(), "");
  EXPECT_FALSE(out.has_key_death_time());
}

TEST(ConvertTest, ARecordIsToldWhole) {
  vault::Record record;
  record.subject = *SubjectTag::Parse(kUuid);
  record.tag = *RecordTag::Parse(kUuid);
  record.category = "account";
  record.data = "{}";
  record.media_type = "application/json";
  record.source_detail = "form";
  record.origin_time = record.create_time = record.update_time = absl::FromUnixSeconds(5);
  record.expire_time = absl::FromUnixSeconds(6);
  record.etag = "etag";
  v1::Record out;
  Fill(record, "acme", &out);
  const auto* type = v1::Record::descriptor();
  for (int i = 0; i < type->field_count(); ++i) {
    EXPECT_TRUE(out.GetReflection()->HasField(out, type->field(i))) << type->field(i)->name();
  }
}

}  // namespace
}  // namespace lethe::server
