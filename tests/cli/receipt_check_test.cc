// A receipt is believed only as signed.
#include "cli/receipt_check.h"

#include <google/protobuf/util/json_util.h>
#include <gtest/gtest.h>

#include "base/random.h"
#include "cli/message_text.h"
#include "crypto/signing.h"
#include "tests/cli/cli_runner.h"
#include "vault/rights/receipt.h"

namespace lethe::cli {
namespace {

struct ReceiptTest : testing::Test {
  ReceiptTest() {
    vault::Erasure erasure;
    erasure.receipt = ReceiptTag::Draw(random);
    erasure.subject = SubjectTag::Draw(random);
    erasure.ground = vault::ErasureGround::kObjection;
    erasure.erase_time = absl::FromUnixMicros(1'700'000'000'123'456);
    erasure.key_death_time = absl::FromUnixMicros(1'700'000'000'223'456);
    erasure.records_shredded = 4;
    erasure.identifiers_shredded = 2;
    erasure.categories_shredded = {"account"};
    erasure.withheld = {{"billing", "a law", 2, absl::FromUnixMicros(1'900'000'000'000'000)},
                        {"tax", "another", 1, std::nullopt}};
    erasure.key_commitments = {std::string(32, 'c')};
    erasure.generation = 9;
    erasure.assurance = vault::Assurance::kHost;
    vault::rights::Sign(VaultId::Draw(random), "acme", key, erasure);
    const auto stated = ReadStatement(erasure.signed_statement);
    EXPECT_TRUE(stated.ok());
    receipt = *stated;
    receipt.set_signed_statement(erasure.signed_statement);
    receipt.set_signature(erasure.signature);
    receipt.set_public_key(erasure.public_key);
  }

  SystemRandom random;
  crypto::SigningKey key{Secret::Draw(random)};
  v1::Erasure receipt;
};

TEST_F(ReceiptTest, SaysWhatWasSigned) {
  EXPECT_TRUE(CheckReceipt(receipt, receipt.public_key()).ok());
  EXPECT_EQ(receipt.records_shredded(), 4);
  EXPECT_EQ(receipt.assurance(), v1::ASSURANCE_HOST);
  EXPECT_EQ(receipt.withheld(0).until_time().seconds(), 1'900'000'000);
  EXPECT_FALSE(receipt.withheld(1).has_until_time());
  EXPECT_EQ(receipt.erase_time().nanos(), 123'456'000);
}

TEST_F(ReceiptTest, AnyFlippedBitOfTheStatementIsSeen) {
  for (std::size_t i = 0; i < receipt.signed_statement().size(); ++i) {
    v1::Erasure changed = receipt;
    (*changed.mutable_signed_statement())[i] ^= 1;
    EXPECT_FALSE(CheckReceipt(changed, receipt.public_key()).ok()) << i;
  }
}

TEST_F(ReceiptTest, WhatStandsBesideTheStatementMustAgreeWithIt) {
  v1::Erasure more = receipt, less = receipt;
  more.set_records_shredded(5);
  less.mutable_withheld()->RemoveLast();
  EXPECT_FALSE(CheckReceipt(more, receipt.public_key()).ok());
  EXPECT_FALSE(CheckReceipt(less, receipt.public_key()).ok());
}

TEST_F(ReceiptTest, AnotherVaultsKeyDoesNotFit) {
  const crypto::SigningKey other(Secret::Draw(random));
  EXPECT_FALSE(CheckReceipt(receipt, AsText(other.public_key())).ok());
  EXPECT_FALSE(CheckReceipt(receipt, "short").ok());
}

TEST_F(ReceiptTest, TheCommandReadsWhatTheCommandPrinted) {
  test::CliRunner lethe;
  const std::string file = lethe.File("receipt.json", ToJson(receipt).dump(2));
  const std::string hex = ToHex(AsBytes(receipt.public_key()));
  EXPECT_EQ(lethe({"receipt", "verify", file, "--public-key", hex}).code, ExitCode::kOk);
  const std::string base64 = ToJson(receipt).at("publicKey");
  EXPECT_EQ(lethe({"receipt", "verify", file, "--public-key", base64}).code, ExitCode::kOk);
  EXPECT_EQ(lethe({"receipt", "verify", file, "--public-key", "?"}).code, ExitCode::kLocal);
  const auto own = lethe({"receipt", "verify", file});
  EXPECT_EQ(own.code, ExitCode::kOk);
  EXPECT_NE(own.err.find("published"), std::string::npos);
  v1::Erasure changed = receipt;
  changed.set_generation(1);
  const std::string bad = lethe.File("bad.json", ToJson(changed).dump());
  EXPECT_EQ(lethe({"receipt", "verify", bad, "--public-key", hex}).code, ExitCode::kLocal);
  EXPECT_EQ(lethe({"receipt", "verify", lethe.File("x", "{}")}).code, ExitCode::kLocal);
}

}  // namespace
}  // namespace lethe::cli
