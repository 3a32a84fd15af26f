// Erases that a holder cuts off: silent for a while, or broken for good.
#include <atomic>
#include <string>
#include <thread>

#include "gtest/gtest.h"
#include "tests/support/test_vault.h"
#include "vault/erasure/receipt_verify.h"
#include "vault/rows/row_schema.h"

namespace lethe::vault::erasure {
namespace {

using test::CustomerNumber;
using test::IsOk;
using test::IsRefused;
using test::TestVault;

// The holder falls silent between PREPARED and the end: the erase waits, and with it the subject.
class UnresolvedEraseTest : public ::testing::Test {
 protected:
  UnresolvedEraseTest() {
    vault_.slots()->before_write = [this] {
      return silent_ ? absl::UnavailableError("silent") : absl::OkStatus();
    };
    record_ = vault_.Put(ann_.tag, "account", "{}");
    neighbour_ = vault_.Put(bob_.tag, "account", "{}");
    silent_ = true;
    erasing_ = std::thread([this] {
      erasure_ = vault_.Erase(ann_.tag);
      answered_ = true;
    });
    while (!vault_->stores().tree->Status().attempt_unresolved && !answered_) {
      std::this_thread::yield();
    }
  }

  TestVault vault_;
  const Subject ann_ = vault_.Create("C-1");
  const Subject bob_ = vault_.Create("C-2");
  Record record_;
  Record neighbour_;
  std::atomic<bool> silent_ = false;
  std::atomic<bool> answered_ = false;
  absl::StatusOr<Erasure> erasure_;
  std::thread erasing_;
};

TEST_F(UnresolvedEraseTest, TheSubjectIsRefusedMeanwhileAndOthersAreServed) {
  EXPECT_FALSE(answered_);
  const auto refused = IsRefused(Reason::kErasureInProgress);
  EXPECT_THAT(vault_.Get(record_, "service"), refused);
  EXPECT_THAT(vault_->data().CreateRecord(vault_.As("service"), ann_.tag,
                                          {.category = "support", .data = "{}"}),
              refused);
  EXPECT_THAT(vault_->rights().BeginAct(vault_.As("service"), ann_.tag, Restriction{}), refused);
  EXPECT_THAT(vault_.Erase(ann_.tag), refused);
  EXPECT_THAT(vault_.Get(neighbour_, "service"), IsOk());
  vault_.Put(bob_.tag, "account", "{}");
  silent_ = false;
  erasing_.join();
  ASSERT_THAT(erasure_, IsOk());
  EXPECT_THAT(vault_.Get(record_, "service"), IsRefused(Reason::kSubjectErased));
}

// The holder fails for good at its n-th write: the vault seals itself, and the restart decides.
class CutOffEraseTest : public ::testing::Test {
 protected:
  // Returns once the vault has been opened again, with a holder that works.
  void EraseWithWritesLeft(int writes) {
    vault_.slots()->before_write = [writes]() mutable {
      return writes-- > 0 ? absl::OkStatus() : absl::InternalError("broken");
    };
    EXPECT_FALSE(vault_->rights().EraseSubject(caller_, {.subject = ann_.tag}).ok());
    EXPECT_TRUE(vault_->operations().Status().sealed);
    EXPECT_FALSE(vault_.Get(record_, "service").ok()) << "what may be dead is not read";
    vault_.slots()->before_write = [] { return absl::OkStatus(); };
    vault_.Restart();
  }

  TestVault vault_;
  const Subject ann_ = vault_.Create("C-1");
  const Subject bob_ = vault_.Create("C-2");
  const Record record_ = vault_.Put(ann_.tag, "account", "{}");
  const Record neighbour_ = vault_.Put(bob_.tag, "account", "{}");
  const Caller caller_ = vault_.As("service");
};

TEST_F(CutOffEraseTest, BeforeTheNewRootStandsARestartUndoesIt) {
  EraseWithWritesLeft(0);
  EXPECT_THAT(vault_.Get(record_, "service"), IsOk());
  EXPECT_THAT(vault_->data().GetSubject(vault_.As("service"), CustomerNumber("C-1")), IsOk());
  EXPECT_THAT(vault_.Erase(ann_.tag), IsOk());
}

TEST_F(CutOffEraseTest, OnceTheNewRootStandsARestartFinishesItAndKnowsItsReceipt) {
  EraseWithWritesLeft(1);
  EXPECT_THAT(vault_.Get(record_, "service"), IsRefused(Reason::kSubjectErased));
  EXPECT_THAT(vault_->data().GetSubject(vault_.As("service"), CustomerNumber("C-1")),
              IsRefused(Reason::kResourceNotFound));
  EXPECT_THAT(vault_.Get(neighbour_, "service"), IsOk());
  const auto receipts = vault_.engine().Scan(table::kReceipt, {}, 10);
  ASSERT_EQ(receipts->size(), 1u);
  const auto receipt = ReceiptTag::FromBytes(AsBytes(receipts->front().key).last(16));
  const auto erasure = vault_->rights().GetErasure(vault_.As("service"), receipt);
  ASSERT_THAT(erasure, IsOk());
  EXPECT_THAT(erasure::VerifyReceipt(erasure->signed_statement, erasure->proof,
                                     vault_->stores().tree->signing_key().public_key()),
              IsOk());
  EXPECT_EQ(erasure->generation, vault_->operations().Status().generation);
  EXPECT_EQ(erasure->key_commitments.size(), 2u);
}

TEST_F(CutOffEraseTest, WhoAsksAgainAfterTheRestartIsToldWhoseItWas) {
  EraseWithWritesLeft(1);
  const auto erasure = vault_->rights().EraseSubject(caller_, {.subject = ann_.tag});
  ASSERT_THAT(erasure, IsOk());
  EXPECT_EQ(erasure->subject, ann_.tag);
  const auto stated = erasure::ReadStatement(erasure->signed_statement);
  ASSERT_THAT(stated, IsOk());
  EXPECT_THAT(erasure::VerifyWhose(*stated, erasure->nonce, ann_.tag), IsOk());
}

}  // namespace
}  // namespace lethe::vault::erasure
