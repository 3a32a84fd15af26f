// Every kind of holder and every pair: shreds, restarts, cuts between two holders, and the attacker
// who has all that was ever written and the root that is left.

#include "tests/vault/holders/holders_fixture.h"

namespace lethe::test {
namespace {

using vault::Place;
using enum HolderKind;

struct Setup {
  std::string name;
  std::vector<HolderKind> kinds;
  bool outer;
};

class HolderKindsTest : public HoldersFixture, public ::testing::WithParamInterface<Setup> {
 protected:
  void SetUp() override {
    if (GetParam().outer) services_ = {&service_};
    const bool soft = std::ranges::count(GetParam().kinds, HolderKind::kSoftToken) > 0;
    if (soft && SoftToken::Get() == nullptr) GTEST_SKIP() << "SoftHSM2 is not installed";
    CreateWith(GetParam().kinds);
  }

  // The n-th slot write of holder `index` from now on (0: the next) and all after it fail.
  void CutOffAt(std::size_t index, int n, std::size_t torn_bytes) {
    auto left = std::make_shared<int>(n);
    holders_[index]->slots->torn_bytes = torn_bytes;
    holders_[index]->slots->before_write = [left]() -> absl::Status {
      return (*left)-- > 0 ? absl::OkStatus() : absl::InternalError("cut off here");
    };
  }
  void Heal() {
    for (const auto& holder : holders_) {
      holder->slots->before_write = [] { return absl::OkStatus(); };
      holder->slots->torn_bytes = 0;
    }
  }
  // A real token makes keys slowly; one torn write is enough to see that it takes part.
  static std::vector<std::size_t> TornSizes() {
    const bool soft = std::ranges::count(GetParam().kinds, kSoftToken) > 0;
    return soft ? std::vector<std::size_t>{100} : std::vector<std::size_t>{0, 100, 4'095};
  }
  // No token keeps more keys than there are slots with a root.
  void ExpectNoStrayKeys() {
    for (const auto& holder : holders_) {
      const auto token = TokenOf(*holder);
      if (token == nullptr) continue;
      EXPECT_EQ(token->List()->size(), 1u);
    }
  }

  ServiceModel service_;
};

TEST_P(HolderKindsTest, AShredLeavesNothingAndARestartFindsEverythingElse) {
  TreeAttacker attacker(vault_);
  const auto places = AddMany(70);
  Photograph(attacker);
  const Secret before = RootsIn(0).front().Clone();

  const auto outcome = Shred({places[0], places[63], places[64]});

  ASSERT_TRUE(outcome.ok()) << outcome.status();
  Photograph(attacker);
  ExpectClosed(attacker);
  ExpectNoStrayKeys();
  EXPECT_EQ(Recovered(attacker, before, erased_), erased_.size()) << "the control must succeed";
  const absl::Status reopened = ReopenHolders();
  ASSERT_TRUE(reopened.ok()) << reopened;
  ExpectLivingReadable();
  ExpectNoStrayKeys();
}

// At each write of each holder, whole, torn and not at all: the restart finishes or undoes it in
// every holder, and the next erase is closed from every one.
TEST_P(HolderKindsTest, CutOffAtAnyWriteNoOldRootIsLeftInAnyHolder) {
  TreeAttacker attacker(vault_);
  for (std::size_t index = 0; index < holders_.size(); ++index) {
    for (const int write : {0, 1}) {
      for (const std::size_t torn : TornSizes()) {
        SCOPED_TRACE(testing::Message()
                     << "holder " << index << " write " << write << " torn " << torn);
        const auto places = AddMany(3);
        Photograph(attacker);
        CutOffAt(index, write, torn);
        ASSERT_FALSE(tree_->Shred({{places[0]}, {}, {}, {}}).ok());
        Photograph(attacker);
        Heal();
        const absl::Status reopened = ReopenHolders();
        ASSERT_TRUE(reopened.ok()) << reopened;
        if (!tree_->Unwrap(places[0]).ok()) {
          erased_[places[0]] = living_[places[0]];
          living_.erase(places[0]);
        }
        ASSERT_TRUE(Shred({places[1]}).ok());
        Photograph(attacker);
        ExpectClosed(attacker);
        ExpectLivingReadable();
        ExpectNoStrayKeys();
      }
    }
  }
}

TEST_P(HolderKindsTest, TheWeakestHolderIsWhatAReceiptSays) {
  const auto outcome = Shred({Add()});
  ASSERT_TRUE(outcome.ok()) << outcome.status();
  const bool files = std::ranges::count(GetParam().kinds, HolderKind::kFile) ==
                     static_cast<std::ptrdiff_t>(GetParam().kinds.size());
  EXPECT_EQ(outcome->assurance, !files ? vault::Assurance::kTest : vault::Assurance::kHost);
  EXPECT_FALSE(outcome->horizon_open);
  EXPECT_EQ(Keys().holders.size(), holders_.size());
  for (const vault::HolderStatus& holder : Keys().holders) {
    EXPECT_TRUE(holder.current) << holder.why;
    EXPECT_EQ(holder.service, GetParam().outer ? "kms-1" : "");
  }
}

INSTANTIATE_TEST_SUITE_P(All, HolderKindsTest,
                         ::testing::Values(Setup{"File", {kFile}, false},
                                           Setup{"Token", {kToken}, false},
                                           Setup{"FileOuter", {kFile}, true},
                                           Setup{"TokenOuter", {kToken}, true},
                                           Setup{"FileFile", {kFile, kFile}, false},
                                           Setup{"FileToken", {kFile, kToken}, false},
                                           Setup{"FileTokenOuter", {kFile, kToken}, true},
                                           Setup{"SoftHsm", {kSoftToken}, false},
                                           Setup{"FileSoftHsm", {kFile, kSoftToken}, false}),
                         [](const auto& info) { return info.param.name; });

class TokenMutantTest : public HoldersFixture {};

// A token that says yes and destroys nothing, and a slot that somebody copied: the old root opens,
// and with it the dead. Without this the zeros above would mean nothing.
TEST_F(TokenMutantTest, ATokenKeyThatIsNotDestroyedIsFound) {
  CreateWith({kToken});
  TreeAttacker attacker(vault_);
  const Place place = Add();
  Photograph(attacker);
  const std::string old_slots = holders_[0]->slots->bytes;
  for (const bool mutant : {true, false}) {
    holders_[0]->token->keeps_destroyed = mutant;
    const auto copy = std::make_shared<HolderDisk>();
    copy->slots->bytes = old_slots;
    copy->token = holders_[0]->token;
    if (mutant) {
      ASSERT_TRUE(Shred({place}).ok());
      Photograph(attacker);
    } else {
      ASSERT_TRUE(tree_->Rotate({}).ok());  // Sweeps up what the mutant left.
    }
    holders_.push_back(copy);
    const std::vector<Secret> found = RootsIn(1);
    holders_.pop_back();
    ASSERT_EQ(found.size(), mutant ? 1u : 0u);
    for (const Secret& root : found) EXPECT_EQ(Recovered(attacker, root, erased_), 1u);
  }
}

}  // namespace
}  // namespace lethe::test
