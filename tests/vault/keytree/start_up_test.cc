// What a restart does with an attempt that was cut off: each line of the table in
// docs/architecture.md, "Start-up", forced one by one.

#include "vault/keytree/start_up.h"

#include "base/reason.h"
#include "tests/vault/keytree/tree_fixture.h"

namespace lethe::test {
namespace {

using vault::Place;

class StartUpTest : public TreeFixture {
 protected:
  // The n-th slot write from now on (0: the next) and all after it fail, `torn_bytes` of it kept.
  void FailSlotWritesFrom(int n, std::size_t torn_bytes = 0, std::size_t disk = 0) {
    auto left = std::make_shared<int>(n);
    disks_[disk]->torn_bytes = torn_bytes;
    disks_[disk]->before_write = [left]() -> absl::Status {
      return (*left)-- > 0 ? absl::OkStatus() : absl::InternalError("cut off here");
    };
  }
  void HealSlots() {
    for (const auto& disk : disks_) {
      disk->before_write = disk->before_read = [] { return absl::OkStatus(); };
      disk->torn_bytes = 0;
    }
  }

  // All of `leaves` live or none does; says which.
  bool AllLive(const std::vector<Place>& leaves) {
    std::size_t alive = 0;
    for (const Place& leaf : leaves) alive += tree_->Unwrap(leaf).ok() ? 1 : 0;
    EXPECT_TRUE(alive == 0 || alive == leaves.size());
    return alive == leaves.size();
  }

  void ExpectLivingReadable() {
    for (const auto& [place, secret] : living_) {
      const auto unwrapped = tree_->Unwrap(place);
      ASSERT_TRUE(unwrapped.ok()) << unwrapped.status();
      EXPECT_EQ(AsText(unwrapped->Reveal()), secret);
    }
  }
};

TEST_F(StartUpTest, CutOffBeforeTheNewRootIsWrittenTheAttemptIsAborted) {
  const auto places = AddMany(10);
  FailSlotWritesFrom(0);
  ASSERT_FALSE(Shred({places[1], places[2]}).ok());
  EXPECT_TRUE(tree_->Status().sealed);
  HealSlots();

  ASSERT_TRUE(Reopen().ok());

  EXPECT_TRUE(AllLive({places[1], places[2]}));
  ExpectLivingReadable();
  EXPECT_EQ(vault::shredlog::LoadLogState(journal_->engine())->tail_sequence, 0u);
  EXPECT_TRUE(Shred({places[1], places[2]}).ok());
  EXPECT_FALSE(AllLive({places[1], places[2]}));
}

TEST_F(StartUpTest, ATornNewRootIsDestroyedAndTheAttemptAborted) {
  for (const std::size_t torn : {1u, 40u, 200u, 4'000u}) {
    const auto places = AddMany(3);
    FailSlotWritesFrom(0, torn);
    ASSERT_FALSE(Shred({places[0]}).ok());
    HealSlots();

    ASSERT_TRUE(Reopen().ok()) << torn;

    EXPECT_TRUE(AllLive({places[0]}));
    living_[places[0]] = erased_[places[0]];
    erased_.erase(places[0]);
    ExpectLivingReadable();
    CurrentRoot();  // Expects exactly one root in the slots.
  }
}

TEST_F(StartUpTest, CutOffBeforeTheOldRootIsDestroyedTheShredIsFinished) {
  TreeAttacker attacker(vault_);
  const auto places = AddMany(10);
  Photograph(attacker);
  const Secret old_root = CurrentRoot();
  FailSlotWritesFrom(1);
  ASSERT_FALSE(Shred({places[1], places[2]}).ok());
  HealSlots();

  ASSERT_TRUE(Reopen().ok());
  Photograph(attacker);

  EXPECT_FALSE(AllLive({places[1], places[2]}));
  ExpectLivingReadable();
  EXPECT_EQ(Recovered(attacker, CurrentRoot(), erased_), 0u);
  EXPECT_EQ(Recovered(attacker, old_root, erased_), 2u);
}

TEST_F(StartUpTest, AHalfDestroyedOldRootIsDestroyedWhole) {
  for (const std::size_t torn : {1u, 100u, 3'000u}) {
    const auto places = AddMany(3);
    const Secret old_root = CurrentRoot();
    FailSlotWritesFrom(1, torn);
    ASSERT_FALSE(Shred({places[0]}).ok());
    HealSlots();
    ASSERT_TRUE(Reopen().ok());

    EXPECT_FALSE(AllLive({places[0]}));
    EXPECT_EQ(disks_[0]->bytes.find(AsText(old_root.Reveal())), std::string::npos);
  }
}

TEST_F(StartUpTest, OnCommitChangesStandAlsoWhenARestartFinishesTheShred) {
  const Place place = Add();
  storage::Batch on_commit;
  on_commit.Put(vault::table::kMeta, "test.row", "after");
  FailSlotWritesFrom(1);
  ASSERT_FALSE(tree_->Shred(ShredRequest{{place}, {}, {}, std::move(on_commit)}).ok());
  ASSERT_FALSE(journal_->engine().Get(vault::table::kMeta, "test.row").ok());
  HealSlots();

  ASSERT_TRUE(Reopen().ok());

  EXPECT_EQ(*journal_->engine().Get(vault::table::kMeta, "test.row"), "after");
}

TEST_F(StartUpTest, AnAbortedAttemptLeavesNoNodeBehind) {
  const Place place = Add();
  const auto before = journal_->engine().Scan(vault::table::kNode, {}, 1'000);
  FailSlotWritesFrom(0);
  ASSERT_FALSE(Shred({place}).ok());
  HealSlots();
  ASSERT_TRUE(Reopen().ok());

  const auto after = journal_->engine().Scan(vault::table::kNode, {}, 1'000);
  ASSERT_EQ(after->size(), before->size());
  EXPECT_TRUE(journal_->engine().Scan(vault::table::kPending, {}, 10)->empty());
}

TEST_F(StartUpTest, ATornEpochRaiseLosesNothing) {
  const auto places = AddMany(5);
  for (int n = 0; n < 2; ++n) {
    for (const std::size_t torn : {0u, 50u, 4'000u}) {
      Close();
      FailSlotWritesFrom(n, torn);
      ASSERT_TRUE(OpenJournal(false).ok());
      EXPECT_FALSE(OpenTree().ok());
      HealSlots();
      ASSERT_TRUE(Reopen().ok()) << n << " " << torn;
      ExpectLivingReadable();
      CurrentRoot();
    }
  }
}

TEST_F(StartUpTest, NoRootAtAllIsAHardStopThatChangesNothing) {
  Add();
  Close();
  const std::string slots = disks_[0]->bytes;
  disks_[0]->bytes.assign(disks_[0]->bytes.size(), '\0');
  ASSERT_TRUE(OpenJournal(false).ok());
  const std::uint64_t sequence = journal_->sequence();

  EXPECT_EQ(ReasonOf(OpenTree()), Reason::kLeafLost);

  EXPECT_EQ(journal_->sequence(), sequence);
  disks_[0]->bytes = slots;
  EXPECT_TRUE(OpenTree().ok());
}

TEST_F(StartUpTest, AnOldRootBroughtBackDoesNotOpenTheVault) {
  const Place place = Add();
  const std::string old_slots = disks_[0]->bytes;
  ASSERT_TRUE(Shred({place}).ok());
  Close();
  disks_[0]->bytes = old_slots;
  ASSERT_TRUE(OpenJournal(false).ok());

  EXPECT_EQ(ReasonOf(OpenTree()), Reason::kLeafLost);
}

TEST_F(StartUpTest, ABrokenNodeOfTheTailMeansTheHeadIsKept) {
  const auto places = AddMany(3);
  FailSlotWritesFrom(1);
  ASSERT_FALSE(Shred({places[0]}).ok());
  HealSlots();
  tree_.reset();
  const auto log = vault::shredlog::LoadLogState(journal_->engine());
  const auto tail = vault::shredlog::LoadLogEntry(journal_->engine(), log->tail_sequence);
  storage::Batch damage;
  damage.Delete(vault::table::kNode,
                vault::keytree::NodeId{0, places[0].group, tail->attempt}.Key());
  ASSERT_TRUE(Commit(std::move(damage)).ok());

  ASSERT_TRUE(Reopen().ok());

  EXPECT_TRUE(AllLive({places[0]}));
}

TEST_F(StartUpTest, WithoutTheRowThatSaysHowFarTheTreeIsGivenOutNothingIsTouched) {
  const auto places = AddMany(2);
  storage::Batch damage;
  damage.Delete(vault::table::kMeta, "keytree.first_free_group");
  ASSERT_TRUE(Commit(std::move(damage)).ok());
  const std::string slots = disks_[0]->bytes;

  EXPECT_EQ(ReasonOf(Reopen()), Reason::kLeafLost);

  EXPECT_EQ(disks_[0]->bytes, slots);
}

class TwoHoldersTest : public StartUpTest {
 protected:
  void SetUp() override { Create(2); }
};

TEST_F(TwoHoldersTest, EitherHolderAloneOpensTheVault) {
  const auto places = AddMany(4);
  ASSERT_TRUE(Shred({places[0]}).ok());
  for (std::size_t lost = 0; lost < 2; ++lost) {
    Close();
    const std::string kept = disks_[lost]->bytes;
    disks_[lost]->bytes.assign(kept.size(), '\0');
    ASSERT_TRUE(OpenJournal(false).ok());
    ASSERT_TRUE(OpenTree().ok()) << lost;
    ExpectLivingReadable();
    CurrentRoot(lost);  // The emptied holder has joined again.
  }
}

TEST_F(TwoHoldersTest, CutOffBetweenTheHoldersNoOldRootIsLeftInAny) {
  const auto places = AddMany(4);
  const Secret old_root = CurrentRoot();
  FailSlotWritesFrom(0, 0, 1);  // Holder 1 has the new root, holder 2 never gets it.
  ASSERT_FALSE(Shred({places[0]}).ok());
  HealSlots();

  ASSERT_TRUE(Reopen().ok());

  EXPECT_FALSE(AllLive({places[0]}));
  for (const auto& disk : disks_) {
    EXPECT_EQ(disk->bytes.find(AsText(old_root.Reveal())), std::string::npos);
  }
  EXPECT_TRUE(CurrentRoot(0).Equals(CurrentRoot(1)));
}

TEST_F(TwoHoldersTest, ASilentHolderThatCouldDecideKeepsTheVaultClosed) {
  Add();
  Close();
  disks_[0]->bytes.assign(disks_[0]->bytes.size(), '\0');
  disks_[1]->before_read = [] { return absl::UnavailableError("silent"); };
  ASSERT_TRUE(OpenJournal(false).ok());

  EXPECT_EQ(ReasonOf(OpenTree()), Reason::kHolderUnreachable);

  HealSlots();
  EXPECT_TRUE(OpenTree().ok());
}

TEST_F(TwoHoldersTest, AHolderThatFallsSilentMidwayIsWaitedFor) {
  const auto places = AddMany(2);
  auto reads = std::make_shared<int>(0);
  disks_[1]->before_write = [reads]() -> absl::Status {
    return (*reads)++ == 0 ? absl::UnavailableError("silent once") : absl::OkStatus();
  };

  const auto outcome = Shred({places[0]});

  ASSERT_TRUE(outcome.ok()) << outcome.status();
  EXPECT_GE(*reads, 2);
  EXPECT_FALSE(tree_->Unwrap(places[0]).ok());
  EXPECT_FALSE(tree_->Status().attempt_unresolved);
}

// A silent holder may have kept a part of what it was given: of the new root, of the zeros over the
// old one. Asked again, it is given the whole.
TEST_F(StartUpTest, ASlotTornByAHolderThatFellSilentIsWrittenOrDestroyedAnew) {
  for (const int cut_off : {0, 1}) {  // The write of the new root, the destruction of the old one.
    for (const std::size_t torn : {1u, 100u, 2'000u, 4'095u}) {
      const auto places = AddMany(2);
      const Secret old_root = CurrentRoot();
      auto writes = std::make_shared<int>(0);
      disks_[0]->torn_bytes = torn;
      disks_[0]->before_write = [writes, cut_off]() -> absl::Status {
        return (*writes)++ == cut_off ? absl::UnavailableError("silent once") : absl::OkStatus();
      };

      const auto outcome = Shred({places[0]});

      ASSERT_TRUE(outcome.ok()) << outcome.status();
      EXPECT_EQ(*writes, 3) << "one of the two writes is done twice";
      EXPECT_EQ(disks_[0]->bytes.find(AsText(old_root.Reveal())), std::string::npos);
      EXPECT_FALSE(CurrentRoot().Equals(old_root));
      HealSlots();
      ASSERT_TRUE(Reopen().ok()) << torn;
      EXPECT_FALSE(AllLive({places[0]}));
      ExpectLivingReadable();
    }
  }
}

}  // namespace
}  // namespace lethe::test
