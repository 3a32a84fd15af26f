// A key tree whose holder's file is moved while it runs: no erase counts that the next start could
// not open, a write counts where another holder has the root, and a rejoined holder is like new.

#include <thread>

#include "absl/synchronization/notification.h"
#include "tests/vault/holders/holders_fixture.h"
#include "vault/shredlog/shred_log.h"

namespace lethe::test {
namespace {

using vault::Place;
using enum HolderKind;

class MovedFixture : public HoldersFixture {
 protected:
  // The key service of a test dies before the fixture does.
  void TearDown() override { Close(); }
  // What an editor, rsync or a restore tool makes of a holder's file.
  std::shared_ptr<SlotDisk> CopyOf(std::size_t index) {
    auto copy = std::make_shared<SlotDisk>();
    copy->bytes = holders_[index]->slots->bytes;
    return copy;
  }
  // `stands` is at its path from now on.
  void Move(std::size_t index, std::shared_ptr<SlotDisk> stands = std::make_shared<SlotDisk>()) {
    holders_[index]->slots->at_path = std::move(stands);
    holders_[index]->slots->moved = true;
  }

  ServiceModel service_;
};

struct Setup {
  std::string name;
  std::vector<HolderKind> kinds;
  bool outer;
};

class MovedHolderTest : public MovedFixture, public ::testing::WithParamInterface<Setup> {
 protected:
  void SetUp() override {
    if (GetParam().outer) services_ = {&service_};
    CreateWith(GetParam().kinds);
  }
  void PutBack(std::size_t index) { holders_[index]->slots->moved = false; }
  // As a process that starts now finds it.
  void UseWhatStandsThere(std::size_t index) {
    const std::shared_ptr<SlotDisk> stands = holders_[index]->slots->at_path;
    holders_[index]->slots = stands;
  }
  // The committer looks when it runs anything.
  absl::Status Writable() {
    EXPECT_TRUE(tree_->Keys().ok());
    return tree_->CheckWritable();
  }
  bool alone() const { return holders_.size() == 1; }
};

TEST_P(MovedHolderTest, NothingIsErasedOrWrittenThatTheNextStartCouldNotOpen) {
  const auto places = AddMany(3);
  EXPECT_TRUE(Writable().ok()) << "the control";
  const auto stands = CopyOf(0);
  Move(0, stands);
  const std::string before = holders_[0]->slots->bytes;
  const std::string there = stands->bytes;
  const std::uint64_t sequence = journal_->sequence();

  EXPECT_EQ(ReasonOf(tree_->Shred({{places[0]}, {}, {}, {}}).status()), Reason::kHolderUnreachable);

  EXPECT_EQ(journal_->sequence(), sequence) << "no PREPARED";
  EXPECT_EQ(holders_[0]->slots->bytes, before);
  EXPECT_EQ(stands->bytes, there);
  ExpectLivingReadable();
  const vault::KeyStatus keys = Keys();
  EXPECT_FALSE(keys.holders[0].reachable);
  EXPECT_NE(keys.holders[0].why.find("lethe key holder rejoin holder-1"), std::string::npos);
  ASSERT_EQ(tree_->Status().lost_places.size(), 1u);
  EXPECT_FALSE(tree_->Status().sealed);
  EXPECT_EQ(ReasonOf(Writable()) == Reason::kHolderUnreachable, alone())
      << "another holder has the root, or none";

  PutBack(0);
  EXPECT_TRUE(Writable().ok());
  EXPECT_TRUE(tree_->Status().lost_places.empty());
  EXPECT_TRUE(Shred({places[0]}).ok());
}

TEST_P(MovedHolderTest, ARejoinedHolderErasesAndIsFoundByTheNextStart) {
  TreeAttacker attacker(vault_);
  const auto places = AddMany(5);
  Photograph(attacker);
  const auto stale = CopyOf(0);
  const Secret stale_root = RootsIn(0).front().Clone();
  ASSERT_TRUE(Shred({places[0]}).ok());
  EXPECT_EQ(Recovered(attacker, stale_root, erased_), 1u) << "the control: what stands there opens";
  Move(0, stale);
  const auto former = holders_[0]->slots;

  const absl::Status rejoined = tree_->RejoinHolder("holder-1", By(1));

  ASSERT_TRUE(rejoined.ok()) << rejoined;
  EXPECT_TRUE(tree_->CheckWritable().ok()) << "at once";
  EXPECT_EQ(former->bytes.find_first_not_of('\0'), std::string::npos) << "it keeps no root";
  UseWhatStandsThere(0);
  EXPECT_TRUE(Keys().holders[0].current);
  EXPECT_EQ(Keys().holders[0].service, GetParam().outer ? "kms-1" : "");
  ASSERT_TRUE(Shred({places[1]}).ok());
  Photograph(attacker);
  const absl::Status reopened = ReopenHolders();
  ASSERT_TRUE(reopened.ok()) << reopened;
  ExpectLivingReadable();
  ExpectClosed(attacker);
  for (const auto& holder : holders_) {
    const auto token = TokenOf(*holder);
    if (token != nullptr) {
      EXPECT_EQ(token->List()->size(), 1u);
    }
  }
}

// Between PREPARED and the first slot: the attempt waits, and a rejoin finishes it.
TEST_P(MovedHolderTest, AnEraseThatLosesItsHolderMidwayIsFinishedByTheRejoin) {
  TreeAttacker attacker(vault_);
  const auto places = AddMany(3);
  Photograph(attacker);
  const auto disk = holders_[0]->slots;
  auto moved = std::make_shared<absl::Notification>();
  disk->before_write = [this, moved] {
    if (!moved->HasBeenNotified()) {
      Move(0);
      moved->Notify();
    }
    return absl::OkStatus();
  };
  absl::StatusOr<ShredOutcome> outcome = absl::UnknownError("not run");
  std::thread eraser([&] { outcome = Shred({places[0]}); });
  moved->WaitForNotification();

  EXPECT_TRUE(tree_->RejoinHolder("holder-1", By(1)).ok());
  eraser.join();

  ASSERT_TRUE(outcome.ok()) << outcome.status();
  UseWhatStandsThere(0);
  Photograph(attacker);
  const absl::Status reopened = ReopenHolders();
  ASSERT_TRUE(reopened.ok()) << reopened;
  ExpectLivingReadable();
  ExpectClosed(attacker);
}

// Nobody waits for the committer's next round.
TEST_P(MovedHolderTest, TheNextWriteFindsThatItMovedAndThatItIsBack) {
  EXPECT_TRUE(tree_->CheckWritable().ok()) << "the control";
  Move(0);
  EXPECT_EQ(ReasonOf(tree_->CheckWritable()) == Reason::kHolderUnreachable, alone());
  PutBack(0);
  EXPECT_TRUE(tree_->CheckWritable().ok());
}

// `cp` of an old copy over it: the place is right, the bytes are not.
TEST_P(MovedHolderTest, AnOverwrittenHolderIsNoSealAndARejoinMendsIt) {
  TreeAttacker attacker(vault_);
  const auto places = AddMany(5);
  Photograph(attacker);
  const std::string old = holders_[0]->slots->bytes;
  ASSERT_TRUE(Shred({places[0]}).ok());
  const std::uint64_t sequence = journal_->sequence();
  holders_[0]->slots->Overwrite(old);

  EXPECT_EQ(ReasonOf(tree_->Shred({{places[1]}, {}, {}, {}}).status()), Reason::kHolderUnreachable);

  EXPECT_EQ(journal_->sequence(), sequence) << "no PREPARED";
  EXPECT_EQ(holders_[0]->slots->bytes, old);
  EXPECT_FALSE(tree_->Status().sealed);
  ExpectLivingReadable();
  EXPECT_EQ(ReasonOf(Writable()) == Reason::kHolderUnreachable, alone());
  const vault::KeyStatus keys = Keys();
  EXPECT_FALSE(keys.holders[0].current);
  EXPECT_NE(keys.holders[0].why.find("lethe key holder rejoin holder-1"), std::string::npos);
  EXPECT_EQ(tree_->Status().lost_places.size(), 1u);

  ASSERT_TRUE(tree_->RejoinHolder("holder-1", By(1)).ok());

  EXPECT_TRUE(tree_->CheckWritable().ok()) << "at once";
  EXPECT_TRUE(Keys().holders[0].current);
  EXPECT_TRUE(Keys().retired_holders.empty()) << "its blocks are the same";
  ASSERT_TRUE(Shred({places[1]}).ok());
  Photograph(attacker);
  const absl::Status reopened = ReopenHolders();
  ASSERT_TRUE(reopened.ok()) << reopened;
  ExpectLivingReadable();
  ExpectClosed(attacker);
}

// The descriptor is closed: what it had can never be destroyed any more.
TEST_P(MovedHolderTest, AFormerFileThatCannotBeOverwrittenIsNamedForEver) {
  const bool token = GetParam().kinds[0] == kToken;
  const std::vector<std::string> named =
      token ? std::vector<std::string>{} : std::vector<std::string>{"a former file of holder-1"};
  const auto places = AddMany(2);
  for (int time = 0; time < 2; ++time) {
    const auto former = holders_[0]->slots;
    former->before_write = [] { return absl::InternalError("a broken disk"); };
    Move(0, CopyOf(0));

    ASSERT_TRUE(tree_->RejoinHolder("holder-1", By(1)).ok());

    UseWhatStandsThere(0);
    EXPECT_EQ(Keys().retired_holders, named) << "once";
    const auto log = vault::shredlog::LoadLogState(journal_->engine());
    const auto entry = vault::shredlog::LoadLogEntry(journal_->engine(), log->last_sequence);
    ASSERT_TRUE(entry.ok()) << entry.status();
    EXPECT_EQ(entry->kind, vault::shredlog::EntryKind::kHolderRejoined);
  }
  EXPECT_EQ(Shred({places[0]})->retired_holders, named);
  ASSERT_TRUE(ReopenHolders().ok());
  EXPECT_EQ(Keys().retired_holders, named);
  EXPECT_TRUE(Keys().holders[0].current);
}

INSTANTIATE_TEST_SUITE_P(All, MovedHolderTest,
                         ::testing::Values(Setup{"File", {kFile}, false},
                                           Setup{"Token", {kToken}, false},
                                           Setup{"FileOuter", {kFile}, true},
                                           Setup{"TokenOuter", {kToken}, true},
                                           Setup{"FileFile", {kFile, kFile}, false},
                                           Setup{"FileTokenOuter", {kFile, kToken}, true}),
                         [](const auto& info) { return info.param.name; });

class MovedFileHolderTest : public MovedFixture {
 protected:
  void SetUp() override { CreateWith({kFile}); }
};

// The control of all this: a file that does not know its path, as it was before. The erase counts,
// and nothing opens the vault again.
TEST_F(MovedFileHolderTest, WithoutTheCheckAnErasedAnswerLosesTheVault) {
  const auto places = AddMany(3);
  const auto copy = CopyOf(0);

  ASSERT_TRUE(Shred({places[0]}).ok()) << "the root went to the file that is unlinked";

  holders_[0]->slots = copy;  // What stands at the path.
  const absl::Status reopened = ReopenHolders();
  EXPECT_EQ(ReasonOf(reopened), Reason::kLeafLost) << reopened;
}

TEST_F(MovedFileHolderTest, RejoiningNamesAHolderThatThereIsAndOneInItsPlaceStaysAsItIs) {
  EXPECT_EQ(ReasonOf(tree_->RejoinHolder("holder-9", By(1))), Reason::kResourceNotFound);
  const std::string before = holders_[0]->slots->bytes;
  EXPECT_TRUE(tree_->RejoinHolder("holder-1", By(1)).ok());
  EXPECT_EQ(holders_[0]->slots->bytes, before);
}

class MovedOuterTest : public MovedFixture {
 protected:
  void SetUp() override {
    services_ = {&service_};
    CreateWith({kFile});
  }
};

// A horizon that was stepped stays stepped: the old copy's outer part is not taken up again,
// however it came there.
TEST_F(MovedOuterTest, AnOldOuterPartIsNotTakenUpFromAnOverwrittenFile) {
  const std::string old = holders_[0]->slots->bytes;
  service_.Rotate();
  ASSERT_TRUE(tree_->StepHorizon({}).ok());
  holders_[0]->slots->Overwrite(old);
  service_.SetSilent(true);
  EXPECT_FALSE(Keys().holders[0].current);
  EXPECT_TRUE(absl::IsUnavailable(tree_->CheckWritable())) << "that is seen without the service";
  ASSERT_TRUE(tree_->RejoinHolder("holder-1", By(1)).ok());
  service_.SetSilent(false);
  EXPECT_EQ(Keys().holders[0].service_key, service_.current());
  service_.Destroy("version-1");
  EXPECT_TRUE(ReopenHolders().ok());
}

TEST_F(MovedOuterTest, TheOuterPartOfNowMovesAlongEvenWhileTheServiceIsSilent) {
  const auto old = CopyOf(0);
  service_.Rotate();
  ASSERT_TRUE(tree_->StepHorizon({}).ok());
  const std::string key = Keys().holders[0].service_key;
  Move(0, old);
  service_.SetSilent(true);

  const absl::Status rejoined = tree_->RejoinHolder("holder-1", By(1));

  ASSERT_TRUE(rejoined.ok()) << rejoined;
  EXPECT_EQ(Keys().holders[0].service_key, key);
  EXPECT_EQ(key, service_.current());
}

}  // namespace
}  // namespace lethe::test
