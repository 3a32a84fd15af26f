// Receipts as an outsider checks them: this program links lethe_receipt and nothing that could open
// a vault.
#include "vault/erasure/receipt_verify.h"

#include <functional>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "tests/vault/erasure/sample_receipt.h"
#include "vault/keytree/receipt_batch.h"

namespace lethe::vault::erasure {
namespace {

constexpr std::size_t kBatch = 5;  // Not a power of two: paths of different lengths.

class ReceiptVerifyTest : public ::testing::Test {
 protected:
  ReceiptVerifyTest() {
    for (std::size_t i = 0; i < kBatch; ++i) {
      erasures_.push_back(SampleReceipt(random_));
      statements_.push_back(StatementOf(vault_, "acme", erasures_.back()));
    }
    proofs_ = Sign(statements_);
  }

  std::vector<BatchProof> Sign(const std::vector<std::string>& statements) const {
    return keytree::SignBatch(vault_, key_,
                              std::vector<std::string_view>(statements.begin(), statements.end()));
  }
  bool Verifies(const std::string& statement, const BatchProof& proof) const {
    return VerifyReceipt(statement, proof, key_.public_key()).ok();
  }

  SystemRandom random_;
  const VaultId vault_ = VaultId::Draw(random_);
  const crypto::SigningKey key_{Secret::Draw(random_)};
  std::vector<Erasure> erasures_;
  std::vector<std::string> statements_;
  std::vector<BatchProof> proofs_;
};

TEST_F(ReceiptVerifyTest, OneSignatureCoversTheWholeBatch) {
  for (std::size_t i = 0; i < kBatch; ++i) {
    EXPECT_EQ(proofs_[i].index, i);
    EXPECT_EQ(proofs_[i].size, kBatch);
    EXPECT_EQ(proofs_[i].signature, proofs_[0].signature);
    const auto stated = VerifyReceipt(statements_[i], proofs_[i], key_.public_key());
    ASSERT_TRUE(stated.ok()) << stated.status();
    EXPECT_EQ(stated->erasure.receipt, erasures_[i].receipt);
  }
  EXPECT_TRUE(Sign({}).empty());
}

TEST_F(ReceiptVerifyTest, ABatchOfOneHasNoPath) {
  const BatchProof alone = Sign({statements_[0]}).front();
  EXPECT_TRUE(alone.path.empty());
  EXPECT_TRUE(Verifies(statements_[0], alone));
  EXPECT_FALSE(Verifies(statements_[1], alone));
}

TEST_F(ReceiptVerifyTest, AnotherPlaceOrAnotherBatchIsRefused) {
  std::vector<std::string> others = statements_;
  others[4] = StatementOf(vault_, "acme", SampleReceipt(random_));
  const std::vector<BatchProof> other = Sign(others);
  for (std::size_t i = 0; i < kBatch; ++i) {
    for (std::size_t j = 0; j < kBatch; ++j) {
      EXPECT_EQ(Verifies(statements_[i], proofs_[j]), i == j) << i << " " << j;
    }
    EXPECT_EQ(Verifies(statements_[i], other[i]), i != 4) << i;
    BatchProof mixed = proofs_[i];
    mixed.signature = other[i].signature;
    EXPECT_FALSE(Verifies(statements_[i], mixed)) << "a root is signed, not a key";
  }
}

TEST_F(ReceiptVerifyTest, AnotherKeyOrAnotherVaultIsRefused) {
  const crypto::SigningKey other(Secret::Draw(random_));
  EXPECT_FALSE(VerifyReceipt(statements_[0], proofs_[0], other.public_key()).ok());
  const std::string elsewhere = StatementOf(VaultId::Draw(random_), "acme", erasures_[0]);
  EXPECT_FALSE(Verifies(elsewhere, Sign({elsewhere}).front())) << "signed for this vault only";
}

TEST_F(ReceiptVerifyTest, EveryFieldIsUnderTheSignature) {
  using Mutate = std::function<void(Erasure&)>;
  const std::vector<Mutate> mutants = {
      [this](Erasure& e) { e.receipt = ReceiptTag::Draw(random_); },
      [](Erasure& e) { e.whose[0] ^= 1; },
      [](Erasure& e) { e.whose.clear(); },
      [](Erasure& e) { e.ground = ErasureGround::kObjection; },
      [](Erasure& e) { e.erase_time += absl::Microseconds(1); },
      [](Erasure& e) { ++e.records_shredded; },
      [](Erasure& e) { ++e.identifiers_shredded; },
      [](Erasure& e) { e.categories_shredded[1] = "support"; },
      [](Erasure& e) { e.categories_shredded.pop_back(); },
      [](Erasure& e) { e.withheld.pop_back(); },
      [](Erasure& e) { e.withheld[0].category = "support"; },
      [](Erasure& e) { e.withheld[0].reference = "no law"; },
      [](Erasure& e) { ++e.withheld[0].record_count; },
      [](Erasure& e) { e.withheld[0].until.reset(); },
      [](Erasure& e) { e.withheld[1].until = absl::UnixEpoch(); },
      [](Erasure& e) { e.key_commitments[0][0] ^= 1; },
      [](Erasure& e) { e.key_commitments.pop_back(); },
      [](Erasure& e) { ++e.generation; },
      [](Erasure& e) { e.assurance = Assurance::kHardware; },
      [](Erasure& e) { e.key_death_time -= absl::Microseconds(1); },
      [](Erasure& e) { e.horizon_open = false; },
      [](Erasure& e) { e.retired_holders.clear(); },
      [](Erasure& e) { e.retired_holders[0] = "holder-3"; },
  };
  for (std::size_t i = 0; i < mutants.size(); ++i) {
    Erasure mutant = erasures_[2];
    mutants[i](mutant);
    const std::string statement = StatementOf(vault_, "acme", mutant);
    ASSERT_TRUE(ReadStatement(statement).ok()) << i << ": well formed, and yet";
    EXPECT_FALSE(Verifies(statement, proofs_[2])) << i;
  }
  EXPECT_FALSE(Verifies(StatementOf(vault_, "acme2", erasures_[2]), proofs_[2]));
  EXPECT_TRUE(Verifies(StatementOf(vault_, "acme", erasures_[2]), proofs_[2])) << "the control";
}

TEST_F(ReceiptVerifyTest, AnyFlippedBitIsSeen) {
  const std::string& statement = statements_[2];
  const BatchProof& proof = proofs_[2];
  for (std::size_t bit = 0; bit < statement.size() * 8; ++bit) {
    std::string flipped = statement;
    flipped[bit / 8] ^= static_cast<char>(1 << bit % 8);
    EXPECT_FALSE(Verifies(flipped, proof)) << "statement " << bit;
  }
  for (std::size_t bit = 0; bit < proof.signature.size() * 8; ++bit) {
    BatchProof flipped = proof;
    flipped.signature[bit / 8] ^= static_cast<char>(1 << bit % 8);
    EXPECT_FALSE(Verifies(statement, flipped)) << "signature " << bit;
  }
  for (std::size_t node = 0; node < proof.path.size(); ++node) {
    for (std::size_t bit = 0; bit < 256; ++bit) {
      BatchProof flipped = proof;
      flipped.path[node][bit / 8] ^= static_cast<char>(1 << bit % 8);
      EXPECT_FALSE(Verifies(statement, flipped)) << "path " << node << " " << bit;
    }
  }
  for (int bit = 0; bit < 64; ++bit) {
    BatchProof index = proof;
    BatchProof size = proof;
    index.index ^= std::uint64_t{1} << bit;
    size.size ^= std::uint64_t{1} << bit;
    EXPECT_FALSE(Verifies(statement, index)) << "index " << bit;
    EXPECT_FALSE(Verifies(statement, size)) << "size " << bit;
  }
}

TEST_F(ReceiptVerifyTest, APathOfAnotherShapeIsRefused) {
  BatchProof shorter = proofs_[0];
  BatchProof longer = proofs_[0];
  BatchProof clipped = proofs_[0];
  shorter.path.pop_back();
  longer.path.push_back(longer.path.back());
  clipped.path[0].pop_back();
  for (const BatchProof& proof : {shorter, longer, clipped, BatchProof{}}) {
    EXPECT_FALSE(Verifies(statements_[0], proof));
  }
}

TEST_F(ReceiptVerifyTest, TheNonceProvesWhoseItIs) {
  const auto stated = VerifyReceipt(statements_[0], proofs_[0], key_.public_key());
  ASSERT_TRUE(stated.ok());
  const Erasure& erasure = erasures_[0];
  EXPECT_TRUE(VerifyWhose(*stated, erasure.nonce, erasure.subject).ok());
  EXPECT_TRUE(absl::IsDataLoss(VerifyWhose(*stated, std::string(32, 'x'), erasure.subject)));
  EXPECT_TRUE(absl::IsDataLoss(VerifyWhose(*stated, erasure.nonce, erasures_[1].subject)));
  EXPECT_TRUE(absl::IsInvalidArgument(VerifyWhose(*stated, "short", erasure.subject)));
}

}  // namespace
}  // namespace lethe::vault::erasure
