// A receipt is believed only as signed.
#include "cli/commands/receipt_check.h"

#include <google/protobuf/util/json_util.h>
#include <gtest/gtest.h>

#include <set>

#include "cli/output/message_text.h"
#include "crypto/signing.h"
#include "tests/cli/support/cli_runner.h"
#include "tests/vault/erasure/sample_receipt.h"
#include "vault/keytree/receipt_batch.h"

namespace lethe::cli {
namespace {

// What the server tells of the sample, and its proof.
struct ReceiptTest : testing::Test {
  ReceiptTest() {
    const VaultId vault = VaultId::Draw(random);
    const vault::Erasure sample = vault::erasure::SampleReceipt(random);
    Tell(sample);
    Sign(vault, vault::erasure::StatementOf(vault, "acme", sample));
    subject = "tenants/acme/subjects/" + sample.subject.ToString();
    receipt.set_subject(subject);
    receipt.set_nonce(sample.nonce);
    nonce = ToHex(AsBytes(sample.nonce));
  }

  void Tell(const vault::Erasure& sample) {
    receipt.set_name("tenants/acme/erasures/" + sample.receipt.ToString());
    receipt.set_subject_hash(sample.whose);
    receipt.set_ground(v1::ERASURE_GROUND_UNLAWFUL);
    SetTime(1'700'000'000, 123'456'000, receipt.mutable_erase_time());
    receipt.set_records_shredded(7);
    receipt.set_identifiers_shredded(2);
    for (const char* category : {"account", "telemetry"}) receipt.add_categories_shredded(category);
    v1::WithheldData& billing = *receipt.add_withheld();
    billing.set_category("billing");
    billing.set_reference("a law");
    billing.set_record_count(3);
    SetTime(1'900'000'000, 0, billing.mutable_until_time());
    v1::WithheldData& tax = *receipt.add_withheld();
    tax.set_category("tax");
    tax.set_reference("another");
    tax.set_record_count(1);
    for (const char fill : {'a', 'b'}) receipt.add_key_commitments(std::string(32, fill));
    receipt.set_generation(5);
    receipt.set_assurance(v1::ASSURANCE_HOST);
    SetTime(1'700'000'000, 223'456'000, receipt.mutable_key_death_time());
    receipt.set_horizon_open(true);
    receipt.add_retired_holders("holder-2");
  }

  // As the second of a batch of three.
  void Sign(const VaultId& vault, const std::string& statement) {
    const std::string_view batch[] = {"one", statement, "three"};
    const vault::BatchProof proof = vault::keytree::SignBatch(vault, key, batch)[1];
    receipt.set_signed_statement(statement);
    receipt.set_leaf_index(proof.index);
    receipt.set_leaf_count(proof.size);
    for (const std::string& node : proof.path) receipt.add_merkle_path(node);
    receipt.set_signature(proof.signature);
    receipt.set_public_key(std::string(AsText(key.public_key())));
  }

  static void SetTime(std::int64_t seconds, std::int32_t nanos, google::protobuf::Timestamp* time) {
    time->set_seconds(seconds);
    time->set_nanos(nanos);
  }

  bool Passes(const v1::Erasure& changed) const {
    return CheckReceipt(changed, AsText(key.public_key())).ok();
  }

  SystemRandom random;
  crypto::SigningKey key{Secret::Draw(random)};
  v1::Erasure receipt;
  std::string subject, nonce;
};

TEST_F(ReceiptTest, SaysWhatWasSigned) {
  const auto stated = CheckReceipt(receipt, receipt.public_key());
  ASSERT_TRUE(stated.ok()) << stated.status();
  EXPECT_EQ(stated->records_shredded(), 7);
  EXPECT_EQ(stated->subject_hash(), receipt.subject_hash());
  EXPECT_EQ(stated->subject(), "") << "that is not signed; the nonce proves it";
}

TEST_F(ReceiptTest, EveryGroundThatIsSignedHasOneWord) {
  const VaultId vault = VaultId::Draw(random);
  vault::Erasure sample = vault::erasure::SampleReceipt(random);
  std::set<int> words;
  for (int ground = 1; ground < v1::ErasureGround_ARRAYSIZE; ++ground) {
    sample.ground = static_cast<vault::ErasureGround>(ground);
    receipt.Clear();
    Tell(sample);
    Sign(vault, vault::erasure::StatementOf(vault, "acme", sample));
    for (int word = 0; word < v1::ErasureGround_ARRAYSIZE; ++word) {
      receipt.set_ground(static_cast<v1::ErasureGround>(word));
      if (!Passes(receipt)) continue;
      EXPECT_TRUE(words.insert(word).second) << word << " is said of two";
    }
  }
  EXPECT_EQ(words.size(), v1::ErasureGround_ARRAYSIZE - 1u);
  EXPECT_FALSE(words.contains(v1::ERASURE_GROUND_UNSPECIFIED));
}

TEST_F(ReceiptTest, WhatStandsBesideTheStatementMustAgreeWithIt) {
  const auto* type = v1::Erasure::descriptor();
  for (int i = 0; i < type->field_count(); ++i) {
    const auto* field = type->field(i);
    v1::Erasure less = receipt;
    less.GetReflection()->ClearField(&less, field);
    // When rows were cleared is not yet known here, the key is the caller's, and nothing is ahead.
    const bool may_be_missing = field->name() == "hygiene_complete_time" ||
                                field->name() == "public_key" || field->name() == "scheduled_time";
    EXPECT_EQ(Passes(less), may_be_missing) << field->name();
  }
  v1::Erasure more = receipt;
  more.set_records_shredded(8);
  EXPECT_FALSE(Passes(more));
  v1::Erasure ahead = receipt;
  ahead.mutable_scheduled_time()->set_seconds(1);
  EXPECT_FALSE(Passes(ahead));
  ASSERT_TRUE(Passes(receipt)) << "the control";
}

TEST_F(ReceiptTest, AnyFlippedBitOfTheProofIsSeen) {
  for (std::size_t i = 0; i < receipt.signed_statement().size(); ++i) {
    v1::Erasure changed = receipt;
    (*changed.mutable_signed_statement())[i] ^= 1;
    EXPECT_FALSE(Passes(changed)) << i;
  }
  v1::Erasure index = receipt, count = receipt, path = receipt, signature = receipt;
  index.set_leaf_index(0);
  count.set_leaf_count(4);
  (*path.mutable_merkle_path(1))[31] ^= 1;
  (*signature.mutable_signature())[0] ^= 1;
  for (const v1::Erasure& changed : {index, count, path, signature}) EXPECT_FALSE(Passes(changed));
}

TEST_F(ReceiptTest, AsReadAgainItHasNeitherNameNorNonce) {
  receipt.clear_subject();
  receipt.clear_nonce();
  SetTime(1'800'000'000, 0, receipt.mutable_hygiene_complete_time());
  EXPECT_TRUE(Passes(receipt));
}

TEST_F(ReceiptTest, AnotherVaultsKeyDoesNotFit) {
  const crypto::SigningKey other(Secret::Draw(random));
  EXPECT_FALSE(CheckReceipt(receipt, AsText(other.public_key())).ok());
  EXPECT_FALSE(CheckReceipt(receipt, "short").ok());
}

TEST_F(ReceiptTest, TheNonceProvesWhoseItIsAndNothingElseDoes) {
  const std::string uuid = subject.substr(subject.rfind('/') + 1);
  const std::string other = "tenants/acme/subjects/" + SubjectTag::Draw(random).ToString();
  EXPECT_TRUE(CheckWhose(receipt, receipt.nonce(), subject).ok());
  EXPECT_TRUE(CheckWhose(receipt, receipt.nonce(), uuid).ok());
  EXPECT_FALSE(CheckWhose(receipt, receipt.nonce(), other).ok());
  EXPECT_FALSE(CheckWhose(receipt, std::string(32, 'x'), subject).ok());
  EXPECT_FALSE(CheckWhose(receipt, receipt.nonce(), "tenants/globex/subjects/" + uuid).ok());
  v1::Erasure relabelled = receipt;
  relabelled.set_subject(other);
  EXPECT_FALSE(Passes(relabelled)) << "an answer whose name was changed";
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

TEST_F(ReceiptTest, TheCommandProvesWhoseItIs) {
  test::CliRunner lethe;
  receipt.clear_subject();
  receipt.clear_nonce();
  const std::string file = lethe.File("receipt.json", ToJson(receipt).dump(2));
  const auto proved = lethe({"receipt", "verify", file, "--nonce", nonce, "--subject", subject});
  EXPECT_EQ(proved.code, ExitCode::kOk) << proved.err;
  EXPECT_NE(proved.err.find("of that subject"), std::string::npos);
  const std::string other = SubjectTag::Draw(random).ToString();
  EXPECT_EQ(lethe({"receipt", "verify", file, "--nonce", nonce, "--subject", other}).code,
            ExitCode::kLocal);
  EXPECT_EQ(lethe({"receipt", "verify", file, "--nonce", "1234", "--subject", subject}).code,
            ExitCode::kLocal);
  EXPECT_EQ(lethe({"receipt", "verify", file, "--nonce", nonce}).code, ExitCode::kLocal);
}

}  // namespace
}  // namespace lethe::cli
