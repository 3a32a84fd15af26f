// Receipts as a vault gives them: told once whose they are, found again for ever, signed together.
#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include "gtest/gtest.h"
#include "tests/support/test_vault.h"
#include "vault/erasure/receipt_verify.h"
#include "vault/rows/row_schema.h"

namespace lethe::vault::erasure {
namespace {

using test::CustomerNumber;
using test::Disk;
using test::IsOk;
using test::IsRefused;
using test::TestVault;

absl::StatusOr<erasure::Stated> Verify(const Erasure& erasure) {
  return erasure::VerifyReceipt(erasure.signed_statement, erasure.proof,
                                *ArrayFrom<sizeof(crypto::PublicKey)>(AsBytes(erasure.public_key)));
}

class ReceiptCallsTest : public ::testing::TestWithParam<Disk> {
 protected:
  TestVault vault_{{.disk = GetParam()}};
  const Subject ann_ = vault_.Create("C-1");
  const Subject bob_ = vault_.Create("C-2");
};

INSTANTIATE_TEST_SUITE_P(Disks, ReceiptCallsTest, ::testing::Values(Disk::kMemory, Disk::kRocks),
                         [](const auto& info) {
                           return info.param == Disk::kMemory ? "Memory" : "Rocks";
                         });

TEST_P(ReceiptCallsTest, TheAnswerProvesWhoseErasureItWas) {
  vault_.Put(ann_.tag, "account", "{}");
  vault_.Put(ann_.tag, "billing", "{}");
  const auto erasure = vault_.Erase(ann_.tag);
  ASSERT_THAT(erasure, IsOk());
  EXPECT_EQ(erasure->subject, ann_.tag);
  const auto stated = Verify(*erasure);
  ASSERT_THAT(stated, IsOk());
  EXPECT_EQ(stated->vault, vault_.id());
  EXPECT_EQ(stated->tenant, "acme");
  EXPECT_EQ(stated->erasure.generation, vault_->operations().Status().generation);
  EXPECT_EQ(stated->erasure.withheld.size(), 1u);
  EXPECT_THAT(erasure::VerifyWhose(*stated, erasure->nonce, ann_.tag), IsOk());
  EXPECT_FALSE(erasure::VerifyWhose(*stated, erasure->nonce, bob_.tag).ok());
}

TEST_P(ReceiptCallsTest, EveryEraseHasANonceOfItsOwn) {
  vault_.Put(ann_.tag, "billing", "{}");
  const auto first = vault_.Erase(ann_.tag);
  const auto second = vault_.Erase(ann_.tag);
  ASSERT_THAT(second, IsOk());
  EXPECT_NE(first->nonce, second->nonce);
  EXPECT_NE(first->whose, second->whose) << "two receipts of one person do not look related";
}

TEST_P(ReceiptCallsTest, ReadAgainItStatesTheSameForEverAndNamesNobody) {
  vault_.Put(ann_.tag, "account", "{}");
  const auto erasure = vault_.Erase(ann_.tag);
  ASSERT_THAT(erasure, IsOk());
  for (const bool restarted : {false, true}) {
    if (restarted) vault_.Restart();
    const auto again = vault_->rights().GetErasure(vault_.As("service"), erasure->receipt);
    ASSERT_THAT(again, IsOk());
    EXPECT_EQ(again->signed_statement, erasure->signed_statement);
    EXPECT_THAT(Verify(*again), IsOk());
    EXPECT_TRUE(again->subject.is_none());
    EXPECT_EQ(again->nonce, "");
  }
  EXPECT_THAT(vault_->rights().GetErasure(vault_.As("service", "globex"), erasure->receipt),
              IsRefused(Reason::kResourceNotFound));
  EXPECT_THAT(vault_->rights().GetErasure(vault_.As("service"), ReceiptTag::Draw(vault_.random)),
              IsRefused(Reason::kResourceNotFound));
}

TEST_P(ReceiptCallsTest, ItTellsWhenTheDeadRowsWereCleared) {
  for (int i = 0; i < 3; ++i) vault_.Put(ann_.tag, "account", "{}");
  const auto erasure = vault_.Erase(ann_.tag);
  ASSERT_THAT(erasure, IsOk());
  EXPECT_EQ(erasure->hygiene_complete_time, std::nullopt);
  const auto before = vault_->rights().GetErasure(vault_.As("service"), erasure->receipt);
  ASSERT_THAT(before, IsOk());
  EXPECT_EQ(before->hygiene_complete_time, std::nullopt) << "the rows are still there";
  EXPECT_EQ(vault_.engine().Scan(table::kRecord, {}, 10)->size(), 3u);

  vault_.clock.Advance(absl::Minutes(5));
  ASSERT_THAT(vault_->RunHousekeeping(), IsOk());
  const absl::Time cleared = absl::FromUnixMicros(absl::ToUnixMicros(vault_.clock.Now()));
  vault_.clock.Advance(absl::Minutes(5));
  const auto after = vault_->rights().GetErasure(vault_.As("service"), erasure->receipt);
  ASSERT_THAT(after, IsOk());
  EXPECT_EQ(after->hygiene_complete_time, cleared);
  EXPECT_EQ(after->signed_statement, erasure->signed_statement) << "it is older than that";
  EXPECT_EQ(vault_.engine().Scan(table::kRecord, {}, 10)->size(), 0u);
}

// Two erases of one person, both waiting for hygiene: each learns of its own.
TEST_P(ReceiptCallsTest, TwoErasesOfOnePersonAreClearedEach) {
  vault_.Put(ann_.tag, "account", "{}");
  vault_.Put(ann_.tag, "billing", "{}");
  const auto first = vault_.Erase(ann_.tag);
  const auto second = vault_.Erase(ann_.tag);
  ASSERT_THAT(second, IsOk());
  ASSERT_THAT(vault_->RunHousekeeping(), IsOk());
  for (const auto& erasure : {first, second}) {
    const auto again = vault_->rights().GetErasure(vault_.As("service"), erasure->receipt);
    ASSERT_THAT(again, IsOk());
    EXPECT_TRUE(again->hygiene_complete_time.has_value());
  }
}

// What a power cut right behind the shred leaves: the facts without their outcome.
TEST_P(ReceiptCallsTest, CutOffFromItsOutcomeItFindsItInTheShredLog) {
  vault_.Put(ann_.tag, "account", "{}");
  const auto erasure = vault_.Erase(ann_.tag);
  ASSERT_THAT(erasure, IsOk());
  ASSERT_THAT(vault_.Erase(bob_.tag), IsOk());
  const tenants::Tenant& tenant = *vault_->stores().tenants.Find("acme");
  storage::Batch cut_off;
  vault_->erasures().receipts.PutFacts(tenant, *erasure, cut_off);
  ASSERT_THAT(vault_->stores().journal->Commit({audit::Event{}}, std::move(cut_off),
                                               storage::Durability::kSynced),
              IsOk());
  const auto again = vault_->rights().GetErasure(vault_.As("service"), erasure->receipt);
  ASSERT_THAT(again, IsOk());
  EXPECT_EQ(again->signed_statement, erasure->signed_statement);
  EXPECT_THAT(Verify(*again), IsOk());
}

TEST_P(ReceiptCallsTest, ARowOfAnotherFormatIsRefusedByName) {
  const auto erasure = vault_.Erase(ann_.tag);
  ASSERT_THAT(erasure, IsOk());
  const auto rows = vault_.engine().Scan(table::kReceipt, {}, 10);
  ASSERT_EQ(rows->size(), 1u);
  std::string old = rows->front().value;
  old[0] = 1;  // The format that named the subject.
  storage::Batch change;
  change.Put(table::kReceipt, rows->front().key, old);
  ASSERT_THAT(vault_->stores().journal->Commit({audit::Event{}}, std::move(change),
                                               storage::Durability::kSynced),
              IsOk());
  EXPECT_THAT(vault_->rights().GetErasure(vault_.As("service"), erasure->receipt),
              IsRefused(Reason::kUnsupportedFormat));
}

TEST_P(ReceiptCallsTest, ARepeatedRequestIsToldTheSameAlsoAfterARestart) {
  vault_.Put(ann_.tag, "account", "{}");
  const Caller caller = vault_.As("service");
  EraseRequest request{.subject = CustomerNumber("C-1")};
  const auto first = vault_->rights().EraseSubject(caller, request);
  ASSERT_THAT(first, IsOk());
  for (const bool restarted : {false, true}) {
    if (restarted) vault_.Restart();
    const auto again = vault_->rights().EraseSubject(caller, request);
    ASSERT_THAT(again, IsOk()) << "although nobody has that identifier any more";
    EXPECT_EQ(again->signed_statement, first->signed_statement);
    EXPECT_EQ(again->subject, ann_.tag);
    EXPECT_EQ(again->nonce, first->nonce);
    EXPECT_THAT(erasure::VerifyWhose(*Verify(*again), again->nonce, again->subject), IsOk());
  }
  request.subject = bob_.tag;
  EXPECT_THAT(vault_->rights().EraseSubject(caller, request), IsRefused(Reason::kRequestIdReused));
  request.subject = ann_.tag;
  EXPECT_THAT(vault_->rights().EraseSubject(caller, request), IsOk());
  request.ground = ErasureGround::kUnlawful;
  EXPECT_THAT(vault_->rights().EraseSubject(caller, request), IsRefused(Reason::kRequestIdReused));
  EXPECT_THAT(vault_->data().GetSubject(vault_.As("service"), CustomerNumber("C-2")), IsOk());
}

// The first erase is held up at its holder until the others stand in the queue behind it: they are
// the next attempt, together.
class SharedSignatureTest : public ::testing::Test {
 protected:
  static constexpr std::size_t kErases = 6;

  void EraseAllAtOnce() {
    vault_.slots()->before_write = [this] {
      held_up_ = true;
      while (!go_on_) std::this_thread::yield();
      return absl::OkStatus();
    };
    for (std::size_t i = 0; i < kErases; ++i) {
      subjects_.push_back(vault_.Create("C-" + std::to_string(i)));
      leaves_.push_back(LeafOf(subjects_.back()));
    }
    std::vector<std::thread> erasing;
    receipts_.resize(kErases);
    const auto erase = [this](std::size_t i) { receipts_[i] = vault_.Erase(subjects_[i].tag); };
    erasing.emplace_back(erase, 0);
    while (!held_up_) std::this_thread::yield();
    for (std::size_t i = 1; i < kErases; ++i) erasing.emplace_back(erase, i);
    for (std::size_t i = 1; i < kErases; ++i) {
      while (!absl::IsNotFound(vault_->stores().tree->Unwrap(leaves_[i]).status())) {
        std::this_thread::yield();
      }
    }
    go_on_ = true;
    for (std::thread& thread : erasing) thread.join();
  }

  Place LeafOf(const Subject& subject) {
    calls::Stores& stores = vault_->stores();
    return stores.subjects.Load(*stores.tenants.Find("acme"), subject.tag)->leaf;
  }

  std::atomic<bool> held_up_ = false;
  std::atomic<bool> go_on_ = false;
  std::vector<Subject> subjects_;
  std::vector<Place> leaves_;  // Dying from the moment their shred stands in the queue.
  std::vector<absl::StatusOr<Erasure>> receipts_;
  TestVault vault_;
};

TEST_F(SharedSignatureTest, AllErasesOfOneAttemptHaveOneSignature) {
  EraseAllAtOnce();
  std::vector<bool> seen(kErases - 1);
  for (std::size_t i = 0; i < kErases; ++i) {
    ASSERT_THAT(receipts_[i], IsOk());
    const BatchProof& proof = receipts_[i]->proof;
    EXPECT_THAT(Verify(*receipts_[i]), IsOk());
    if (i == 0) {
      EXPECT_EQ(proof.size, 1u);
      continue;
    }
    EXPECT_EQ(proof.size, kErases - 1);
    EXPECT_EQ(proof.signature, receipts_[1]->proof.signature);
    EXPECT_NE(proof.signature, receipts_[0]->proof.signature);
    EXPECT_FALSE(seen.at(proof.index));
    seen.at(proof.index) = true;
    EXPECT_EQ(receipts_[i]->generation, receipts_[1]->generation);
  }
}

}  // namespace
}  // namespace lethe::vault::erasure
