// Several holders: absent at start, silent midway, stale when they come back, given up.

#include <thread>

#include "absl/synchronization/notification.h"
#include "tests/vault/holders/holders_fixture.h"
#include "vault/shredlog/shred_log.h"

namespace lethe::test {
namespace {

class HolderSetTest : public HoldersFixture {
 protected:
  void SetUp() override { CreateWith({HolderKind::kFile, HolderKind::kFile}); }
};

TEST_F(HolderSetTest, AnAbsentHolderDoesNotKeepTheVaultClosedButEverythingAlive) {
  const auto places = AddMany(3);
  Close();
  SetAbsent(1, true);
  ASSERT_TRUE(OpenJournal(false).ok());

  const absl::Status opened = OpenHolders();

  ASSERT_TRUE(opened.ok()) << opened;
  ExpectLivingReadable();
  Add();
  const std::uint64_t sequence = journal_->sequence();
  const auto refused = tree_->Shred({{places[0]}, {}, {}, {}});
  EXPECT_EQ(ReasonOf(refused.status()), Reason::kHolderUnreachable);
  EXPECT_EQ(journal_->sequence(), sequence) << "nothing changed";
  EXPECT_TRUE(tree_->Unwrap(places[0]).ok());
  EXPECT_FALSE(Keys().holders[1].reachable);

  SetAbsent(1, false);
  EXPECT_TRUE(Shred({places[0]}).ok());
  EXPECT_TRUE(Keys().holders[1].current);
}

TEST_F(HolderSetTest, AStaleHolderThatComesBackIsGivenTheRootAndLosesItsOwn) {
  TreeAttacker attacker(vault_);
  const auto places = AddMany(3);
  Photograph(attacker);
  const std::string stale = holders_[1]->slots->bytes;
  const Secret stale_root = RootsIn(1).front().Clone();
  ASSERT_TRUE(Shred({places[0]}).ok());
  Close();
  SetAbsent(1, true);
  ASSERT_TRUE(OpenJournal(false).ok());
  ASSERT_TRUE(OpenHolders().ok());
  holders_[1]->slots->bytes = stale;  // Someone put an old copy of the volume back.
  EXPECT_EQ(Recovered(attacker, stale_root, erased_), 1u) << "the control";
  SetAbsent(1, false);

  ASSERT_TRUE(Shred({places[1]}).ok());

  Photograph(attacker);
  ExpectClosed(attacker);
  EXPECT_EQ(holders_[1]->slots->bytes.find(AsText(stale_root.Reveal())), std::string::npos);
}

// Without anybody asking for an erase.
TEST_F(HolderSetTest, AHolderThatComesBackIsMendedByItself) {
  Close();
  SetAbsent(1, true);
  auto mended = std::make_shared<absl::Notification>();
  holders_[1]->slots->before_write = [mended] {
    if (!mended->HasBeenNotified()) mended->Notify();
    return absl::OkStatus();
  };
  ASSERT_TRUE(OpenJournal(false).ok());
  ASSERT_TRUE(OpenHolders().ok());
  EXPECT_FALSE(mended->HasBeenNotified());
  SetAbsent(1, false);
  EXPECT_TRUE(mended->WaitForNotificationWithTimeout(absl::Seconds(30)));
  EXPECT_TRUE(Keys().holders[1].current);
}

TEST_F(HolderSetTest, AHigherEpochInAHolderThatComesBackSealsTheVault) {
  Close();
  SetAbsent(1, true);
  ASSERT_TRUE(OpenJournal(false).ok());
  ASSERT_TRUE(OpenHolders().ok());
  SetAbsent(1, false);
  auto slots = HolderOf(1)->ReadSlots();
  const int whole = (*slots)[0].state == vault::holders::Slot::State::kWhole ? 0 : 1;
  vault::holders::SlotContent other = (*slots)[whole].content->Clone();
  other.owner_epoch += 100;
  ASSERT_TRUE(HolderOf(1)->WriteSlot(1 - whole, other).ok());

  EXPECT_EQ(ReasonOf(tree_->Rotate({})), Reason::kSealed);
  EXPECT_TRUE(tree_->Status().sealed);
}

// The attempt fails at the second holder after the first took it; then another erase.
TEST_F(HolderSetTest, AnAttemptThatFailedHalfwayIsClosedFromEveryHolder) {
  TreeAttacker attacker(vault_);
  const auto places = AddMany(5);
  Photograph(attacker);
  const Secret before = RootsIn(0).front().Clone();
  holders_[1]->slots->before_write = [] { return absl::InternalError("broken"); };
  ASSERT_FALSE(Shred({places[0]}).ok());
  Photograph(attacker);
  EXPECT_EQ(RootsIn(0).size(), 2u) << "the first holder took it";
  holders_[1]->slots->before_write = [] { return absl::OkStatus(); };
  ASSERT_TRUE(ReopenHolders().ok());

  ASSERT_TRUE(Shred({places[1]}).ok());

  Photograph(attacker);
  ExpectClosed(attacker);
  EXPECT_EQ(Recovered(attacker, before, erased_), 2u) << "the control must succeed";
}

TEST_F(HolderSetTest, RetiringTakesTwoPrincipalsAndStaysOnEveryReceipt) {
  const auto places = AddMany(2);
  EXPECT_EQ(ReasonOf(tree_->RetireHolder("holder-9", By(1))), Reason::kResourceNotFound);
  ASSERT_TRUE(tree_->RetireHolder("holder-2", By(1)).ok());
  EXPECT_EQ(Keys().retirement_asked, "holder-2");
  ASSERT_TRUE(tree_->RetireHolder("holder-2", By(1)).ok());
  EXPECT_EQ(Keys().holders.size(), 2u) << "the same principal twice is one principal";
  clock_.Advance(absl::Hours(25));
  ASSERT_TRUE(tree_->RetireHolder("holder-2", By(2)).ok());
  EXPECT_EQ(Keys().holders.size(), 2u) << "too late: this asks anew";

  ASSERT_TRUE(tree_->RetireHolder("holder-2", By(3)).ok());

  EXPECT_EQ(Keys().holders.size(), 1u);
  SetAbsent(1, true);
  const auto outcome = Shred({places[0]});
  ASSERT_TRUE(outcome.ok()) << outcome.status();
  EXPECT_EQ(outcome->retired_holders, std::vector<std::string>{"holder-2"});
  EXPECT_EQ(ReasonOf(tree_->RetireHolder("holder-1", By(1))), Reason::kHolderNeeded);
  ASSERT_TRUE(ReopenHolders().ok());
  EXPECT_EQ(Keys().retired_holders, std::vector<std::string>{"holder-2"});
  EXPECT_EQ(Keys().holders.size(), 1u);
}

// The way out when a holder is lost for good in the middle of an erase.
TEST_F(HolderSetTest, RetiringTheHolderThatAnAttemptWaitsForFinishesIt) {
  const auto places = AddMany(2);
  auto silent = std::make_shared<absl::Notification>();
  holders_[1]->slots->before_write = [silent]() -> absl::Status {
    if (!silent->HasBeenNotified()) silent->Notify();
    return absl::UnavailableError("gone");
  };
  absl::StatusOr<ShredOutcome> outcome = absl::UnknownError("not run");
  std::thread eraser([&] { outcome = Shred({places[0]}); });
  silent->WaitForNotification();
  EXPECT_TRUE(tree_->RetireHolder("holder-2", By(1)).ok());
  EXPECT_TRUE(tree_->RetireHolder("holder-2", By(2)).ok());
  eraser.join();

  ASSERT_TRUE(outcome.ok()) << outcome.status();
  EXPECT_EQ(outcome->retired_holders.size(), 1u);
  EXPECT_FALSE(tree_->Status().attempt_unresolved);
  ASSERT_TRUE(ReopenHolders().ok());
  EXPECT_FALSE(tree_->Unwrap(places[0]).ok());
}

TEST_F(HolderSetTest, TheHolderThatAloneHasTheRootCannotBeRetired) {
  SetAbsent(1, true);
  EXPECT_EQ(ReasonOf(tree_->RetireHolder("holder-1", By(1))), Reason::kHolderNeeded);
  EXPECT_TRUE(tree_->RetireHolder("holder-2", By(1)).ok()) << "the control";
}

}  // namespace
}  // namespace lethe::test
