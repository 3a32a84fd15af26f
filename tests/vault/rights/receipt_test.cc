#include "vault/rights/receipt.h"

#include <string>

#include "base/random.h"
#include "gtest/gtest.h"

namespace lethe::vault::rights {
namespace {

class ReceiptTest : public ::testing::Test {
 protected:
  Erasure Sample() {
    Erasure erasure;
    erasure.receipt = ReceiptTag::Draw(random_);
    erasure.subject = SubjectTag::Draw(random_);
    erasure.ground = ErasureGround::kUnlawful;
    erasure.erase_time = absl::FromUnixMicros(11);
    erasure.records_shredded = 7;
    erasure.identifiers_shredded = 2;
    erasure.categories_shredded = {"account", "telemetry"};
    erasure.withheld = {{"billing", "law", 3, absl::FromUnixMicros(99)}, {"x", "y", 1, {}}};
    erasure.key_commitments = {std::string(32, 'a'), std::string(32, 'b')};
    erasure.generation = 5;
    erasure.assurance = Assurance::kHost;
    erasure.key_death_time = absl::FromUnixMicros(12);
    return erasure;
  }

  SystemRandom random_;
  const VaultId vault_ = VaultId::Draw(random_);
  const crypto::SigningKey key_{Secret::Draw(random_)};
};

TEST_F(ReceiptTest, RoundTripsEveryField) {
  const Erasure erasure = Sample();
  const auto read = DecodeSettled(
      AsBytes(EncodeFacts(erasure) +
              EncodeOutcome({erasure.generation, erasure.assurance, erasure.key_death_time})));
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(StatementOf(vault_, "acme", *read), StatementOf(vault_, "acme", erasure));
  EXPECT_EQ(read->withheld[0].until, erasure.withheld[0].until);
  EXPECT_EQ(read->withheld[1].until, std::nullopt);
  EXPECT_EQ(read->categories_shredded, erasure.categories_shredded);
  EXPECT_EQ(read->key_commitments, erasure.key_commitments);
}

TEST_F(ReceiptTest, IsVerifiedWithThePublicKeyAlone) {
  Erasure erasure = Sample();
  Sign(vault_, "acme", key_, erasure);
  EXPECT_EQ(erasure.public_key, AsText(key_.public_key()));
  EXPECT_TRUE(crypto::Verify(key_.public_key(), AsBytes(erasure.signed_statement),
                             AsBytes(erasure.signature)));
  std::string altered = erasure.signed_statement;
  altered.back() = static_cast<char>(altered.back() ^ 1);
  EXPECT_FALSE(crypto::Verify(key_.public_key(), AsBytes(altered), AsBytes(erasure.signature)));
}

TEST_F(ReceiptTest, CutShortOrLongerIsMalformed) {
  const std::string facts = EncodeFacts(Sample());
  ASSERT_TRUE(DecodeFacts(AsBytes(facts)).ok()) << "the control";
  for (std::size_t size = 0; size < facts.size(); ++size) {
    EXPECT_FALSE(DecodeFacts(AsBytes(facts.substr(0, size))).ok()) << size;
  }
  EXPECT_FALSE(DecodeFacts(AsBytes(facts + "x")).ok());
}

TEST_F(ReceiptTest, TheShredLogFindsItsReceipt) {
  const Erasure erasure = Sample();
  EXPECT_EQ(ReceiptOfShredFacts(ShredFacts(erasure)), erasure.receipt);
  EXPECT_TRUE(ReceiptOfShredFacts("").is_none());
}

}  // namespace
}  // namespace lethe::vault::rights
