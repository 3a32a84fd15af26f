// The outer factor: a key service that is down is no outage, and a step of the horizon with the old
// key version destroyed makes every old copy of a slot worthless.

#include "tests/vault/holders/holders_fixture.h"

namespace lethe::test {
namespace {

using vault::Place;

class HorizonTest : public HoldersFixture {
 protected:
  void SetUp() override {
    services_ = {&service_};
    CreateWith({HolderKind::kFile});
  }

  // What a copy of the slots from some moment opens to now.
  std::vector<Secret> RootsInCopy(const std::string& slots) {
    auto copy = std::make_shared<HolderDisk>();
    copy->slots->bytes = slots;
    holders_.push_back(copy);
    std::vector<Secret> roots = RootsIn(holders_.size() - 1);
    holders_.pop_back();
    return roots;
  }

  ServiceModel service_;
};

TEST_F(HorizonTest, TheFirstStartAddsTheOuterPart) {
  const vault::KeyStatus keys = Keys();
  ASSERT_EQ(keys.holders.size(), 1u);
  EXPECT_EQ(keys.holders[0].factors, (std::vector<std::string>{"file", "kmsv2"}));
  EXPECT_EQ(keys.holders[0].service_key, "version-1");
  EXPECT_TRUE(keys.open_horizons.empty()) << "there was no key version before";
  const Secret root = RootsIn(0).front().Clone();
  EXPECT_EQ(holders_[0]->slots->bytes.find(AsText(root.Reveal())), std::string::npos);
}

TEST_F(HorizonTest, AServiceThatIsDownWhileRunningIsNoOutage) {
  const auto places = AddMany(3);
  service_.SetSilent(true);
  const int calls = service_.calls();
  EXPECT_TRUE(Shred({places[0]}).ok());
  EXPECT_TRUE(tree_->Rotate({}).ok());
  EXPECT_EQ(service_.calls(), calls) << "no shred asks the service";
  ExpectLivingReadable();
}

TEST_F(HorizonTest, AServiceThatIsDownAtStartKeepsTheVaultClosedAndNothingIsWritten) {
  Close();
  service_.SetSilent(true);
  const std::string slots = holders_[0]->slots->bytes;
  ASSERT_TRUE(OpenJournal(false).ok());
  EXPECT_EQ(ReasonOf(OpenHolders()), Reason::kHolderUnreachable);
  EXPECT_EQ(holders_[0]->slots->bytes, slots);
  service_.SetSilent(false);
  EXPECT_TRUE(OpenHolders().ok());
}

TEST_F(HorizonTest, AStepNeedsANewKeyVersionFirst) {
  EXPECT_EQ(ReasonOf(tree_->StepHorizon({})), Reason::kKeyNotRotated);
  service_.Rotate();
  EXPECT_TRUE(tree_->StepHorizon({}).ok());
  EXPECT_EQ(ReasonOf(tree_->StepHorizon({})), Reason::kKeyNotRotated);
}

TEST_F(HorizonTest, WithoutArchiveOrDatabaseTheVaultAsksTheServiceForNothing) {
  service_.Rotate();
  const int calls = service_.calls();
  std::filesystem::rename(dir_ / "archive", dir_ / "away");
  EXPECT_EQ(ReasonOf(tree_->StepHorizon({})), Reason::kArchiveMissing);
  EXPECT_EQ(service_.calls(), calls);
  std::filesystem::rename(dir_ / "away", dir_ / "archive");
  std::filesystem::rename(dir_ / "db", dir_ / "away");
  EXPECT_EQ(ReasonOf(tree_->StepHorizon({})), Reason::kDatabaseMissing);
  EXPECT_EQ(service_.calls(), calls);
  std::filesystem::rename(dir_ / "away", dir_ / "db");
  EXPECT_TRUE(tree_->StepHorizon({}).ok());
}

TEST_F(HorizonTest, AServiceThatSealsSomethingElseIsNotTrustedWithTheRoot) {
  service_.Rotate();
  service_.SetGarbage(true);
  const std::uint64_t generation = tree_->Status().generation;
  EXPECT_EQ(ReasonOf(tree_->StepHorizon({})), Reason::kHolderUnreachable);
  EXPECT_EQ(tree_->Status().generation, generation);
  ASSERT_TRUE(ReopenHolders().ok());
}

TEST_F(HorizonTest, TheHorizonStaysOpenOverRestartsUntilItIsAttested) {
  service_.Rotate();
  ASSERT_TRUE(tree_->StepHorizon({}).ok());
  EXPECT_EQ(Keys().open_horizons, std::vector<std::string>{"kms-1/version-1"});
  EXPECT_TRUE(Shred({Add()})->horizon_open);
  ASSERT_TRUE(ReopenHolders().ok());
  EXPECT_TRUE(Shred({Add()})->horizon_open);

  EXPECT_EQ(ReasonOf(tree_->AttestHorizon("kms-1/version-2", By(1))), Reason::kResourceNotFound);
  ASSERT_TRUE(tree_->AttestHorizon("version-1", By(1)).ok());

  EXPECT_FALSE(Shred({Add()})->horizon_open);
  ASSERT_TRUE(ReopenHolders().ok());
  EXPECT_TRUE(Keys().open_horizons.empty());
}

TEST_F(HorizonTest, OldCopiesOfTheSlotsOpenOnlyWhileTheOldVersionLives) {
  TreeAttacker attacker(vault_);
  const Place place = Add();
  Photograph(attacker);
  const std::string copy = holders_[0]->slots->bytes;
  ASSERT_TRUE(Shred({place}).ok());
  service_.Rotate();
  ASSERT_TRUE(tree_->StepHorizon({}).ok());
  const std::vector<Secret> alive = RootsInCopy(copy);
  ASSERT_EQ(alive.size(), 1u) << "the control: with the version alive the copy opens";
  EXPECT_EQ(Recovered(attacker, alive[0], erased_), 1u);

  service_.Destroy("version-1");

  EXPECT_TRUE(RootsInCopy(copy).empty());
  ASSERT_TRUE(ReopenHolders().ok()) << "the vault itself does not need it";
}

// A step that a crash cut off: the version it was to leave may still be needed.
TEST_F(HorizonTest, AVersionThatASlotIsSealedWithCannotBeAttested) {
  service_.Rotate();
  holders_[0]->slots->before_write = [] { return absl::InternalError("cut off here"); };
  ASSERT_FALSE(tree_->StepHorizon({}).ok());
  holders_[0]->slots->before_write = [] { return absl::OkStatus(); };
  ASSERT_TRUE(ReopenHolders().ok());
  EXPECT_EQ(ReasonOf(tree_->AttestHorizon("version-1", By(1))), Reason::kHolderNeeded);
  ASSERT_TRUE(tree_->StepHorizon({}).ok());
  EXPECT_TRUE(tree_->AttestHorizon("version-1", By(1)).ok());
}

TEST_F(HorizonTest, ASecondServiceTakesOverAndTheFirstStillOpens) {
  Close();
  ServiceModel second("kms-2");
  services_ = {&second, &service_};
  ASSERT_TRUE(OpenJournal(false).ok());
  ASSERT_TRUE(OpenHolders().ok());
  ASSERT_TRUE(tree_->StepHorizon({}).ok());
  EXPECT_EQ(Keys().holders[0].service, "kms-2");
  EXPECT_EQ(Keys().open_horizons, std::vector<std::string>{"kms-1/version-1"});
  Close();
  services_ = {&second};
  ASSERT_TRUE(OpenJournal(false).ok());
  EXPECT_TRUE(OpenHolders().ok());
  tree_.reset();
}

}  // namespace
}  // namespace lethe::test
