#include "vault/erasure/receipt.h"

#include <string>

#include "base/reason.h"
#include "gtest/gtest.h"
#include "tests/vault/erasure/sample_receipt.h"

namespace lethe::vault::erasure {
namespace {

class ReceiptTest : public ::testing::Test {
 protected:
  SystemRandom random_;
  const VaultId vault_ = VaultId::Draw(random_);
  const Erasure sample_ = SampleReceipt(random_);
};

TEST_F(ReceiptTest, RoundTripsEveryField) {
  const std::string facts = EncodeFacts(sample_);
  const auto read = DecodeSettled(AsBytes(facts + EncodeOutcome(OutcomeOf(sample_))));
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(StatementOf(vault_, "acme", *read), StatementOf(vault_, "acme", sample_));
  EXPECT_EQ(read->withheld[0].until, sample_.withheld[0].until);
  EXPECT_EQ(read->withheld[1].until, std::nullopt);
  EXPECT_EQ(read->categories_shredded, sample_.categories_shredded);
  EXPECT_EQ(read->key_commitments, sample_.key_commitments);
  EXPECT_EQ(read->whose, sample_.whose);
  EXPECT_TRUE(read->horizon_open);
  EXPECT_EQ(read->retired_holders, sample_.retired_holders);
}

TEST_F(ReceiptTest, AStatementIsTakenApartAsItWasPutTogether) {
  const auto stated = ReadStatement(StatementOf(vault_, "acme", sample_));
  ASSERT_TRUE(stated.ok()) << stated.status();
  EXPECT_EQ(stated->vault, vault_);
  EXPECT_EQ(stated->tenant, "acme");
  EXPECT_EQ(EncodeFacts(stated->erasure), EncodeFacts(sample_));
}

// Neither the subject's name nor the nonce is anywhere in what others get to see.
TEST_F(ReceiptTest, NamesNobody) {
  const auto says = [](const std::string& text, std::string_view what) {
    return text.find(std::string(what)) != std::string::npos;
  };
  for (const std::string& text : {StatementOf(vault_, "acme", sample_), ShredFacts(sample_)}) {
    EXPECT_FALSE(says(text, sample_.subject.view()));
    EXPECT_FALSE(says(text, sample_.nonce));
    EXPECT_TRUE(says(text, sample_.receipt.view()))
        << "the control: this is how one would be found";
    EXPECT_TRUE(says(text, sample_.whose));
  }
}

TEST_F(ReceiptTest, WhoseDependsOnNonceTenantAndSubject) {
  const std::string other_nonce(kNonceBytes, 'o');
  EXPECT_EQ(WhoseOf(sample_.nonce, "acme", sample_.subject), sample_.whose);
  EXPECT_NE(WhoseOf(other_nonce, "acme", sample_.subject), sample_.whose);
  EXPECT_NE(WhoseOf(sample_.nonce, "acme2", sample_.subject), sample_.whose);
  EXPECT_NE(WhoseOf(sample_.nonce, "acme", SubjectTag::Draw(random_)), sample_.whose);
}

TEST_F(ReceiptTest, OfNoSingleSubjectItIsNobodys) {
  Erasure of_many = sample_;
  of_many.whose.clear();
  const auto stated = ReadStatement(StatementOf(vault_, "acme", of_many));
  ASSERT_TRUE(stated.ok()) << stated.status();
  EXPECT_EQ(stated->erasure.whose, "");
}

TEST_F(ReceiptTest, OtherVersionsAreRefusedByName) {
  for (const char* label : {"lethe.erasure.v1", "lethe.erasure.v3"}) {
    std::string other = StatementOf(vault_, "acme", sample_);
    other.replace(0, std::string(label).size(), label);
    EXPECT_EQ(ReasonOf(ReadStatement(other).status()), Reason::kUnsupportedFormat) << label;
  }
  EXPECT_EQ(ReadStatement("lethe.backup.v1 and so on").status().code(),
            absl::StatusCode::kDataLoss);
}

TEST_F(ReceiptTest, CutShortOrLongerIsMalformed) {
  const std::string facts = EncodeFacts(sample_);
  ASSERT_TRUE(DecodeFacts(AsBytes(facts)).ok()) << "the control";
  for (std::size_t size = 0; size < facts.size(); ++size) {
    EXPECT_FALSE(DecodeFacts(AsBytes(facts.substr(0, size))).ok()) << size;
  }
  EXPECT_FALSE(DecodeFacts(AsBytes(facts + "x")).ok());
  const std::string statement = StatementOf(vault_, "acme", sample_);
  for (std::size_t size = 0; size < statement.size(); ++size) {
    EXPECT_FALSE(ReadStatement(statement.substr(0, size)).ok()) << size;
  }
  EXPECT_FALSE(ReadStatement(statement + "x").ok());
}

TEST_F(ReceiptTest, TheShredLogFindsItsReceipt) {
  EXPECT_EQ(ReceiptOfShredFacts(ShredFacts(sample_)), sample_.receipt);
  EXPECT_TRUE(ReceiptOfShredFacts("").is_none());
}

}  // namespace
}  // namespace lethe::vault::erasure
