// The raw bytes of a whole file system, searched after a vault lived on it: no personal text, and
// of all keys there ever were only the root that is left. Nothing of the vault's or the kernel's
// way of reading stands between the search and the bytes.
#include <fstream>
#include <set>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "tests/vault/holders/loop_mount.h"
#include "tests/vault/image/image_vault.h"

namespace lethe::test {
namespace {

constexpr int kPeople = 8;

class RawImageTest : public ::testing::TestWithParam<const char*> {
 protected:
  void SetUp() override {
    if (!mount_.ok()) GTEST_SKIP() << mount_.why_not();
    const auto made = vault_.Init();
    ASSERT_TRUE(made.ok()) << made.status();
    EXPECT_EQ(made->assurance, vault::Assurance::kHost);
    ASSERT_TRUE(vault_.Open().ok());
  }

  // Every way there is of making something die.
  void LiveAndDie() {
    for (int i = 0; i < kPeople; ++i) {
      const SubjectTag person = vault_.Come({"account", "support", "telemetry"});
      ChangeAndRestrict(person);
      if (i % 2 == 0) vault_.Put(person, "billing");
      if (i % 4 != 3) vault_.Erase(person);
      if (i == kPeople / 2) {
        vault_.Close();
        ASSERT_TRUE(vault_.Open().ok());
      }
    }
  }

  void ChangeAndRestrict(const SubjectTag& person) {
    const RecordTag record = vault_.Put(person, "account");
    EXPECT_TRUE(
        vault_->data()
            .UpdateRecord(vault_.As("service"), person, record, "", {.data = vault_.NewJson()})
            .ok());
    EXPECT_TRUE(vault_->data().DeleteRecord(vault_.As("service"), person, record, "").ok());
    const vault::Identifier number{"customer_number", vault_.NewText()};
    EXPECT_TRUE(vault_->data().AddIdentifier(vault_.As("service"), person, number).ok());
    EXPECT_TRUE(vault_->data().RemoveIdentifier(vault_.As("service"), person, number).ok());
    EXPECT_TRUE(
        vault_->rights()
            .BeginAct(vault_.As("service"), person, vault::Restriction{.reason = vault_.NewText()})
            .ok());
    EXPECT_TRUE(vault_->rights()
                    .EndAct(vault_.As("service"), person,
                            {vault::ActKind::kRestriction, vault_.clock.Now()})
                    .ok());
  }

  // In the image, of what was written so far.
  std::set<std::string> FindNow(const std::vector<std::string>& wanted) {
    EXPECT_TRUE(test::Run("sync -f " + mount_.path()));
    return FindInFile(mount_.image(), wanted);
  }

  LoopMount mount_{GetParam(), "rw"};
  ImageVault vault_{mount_.path()};
};

TEST_P(RawImageTest, HoldsNoTextAndOfAllKeysOnlyTheRootThatIsLeft) {
  LiveAndDie();
  const std::set<std::string> root = vault_.KeysInTheHolder();
  ASSERT_EQ(root.size(), 1u);
  vault_.Close();
  ASSERT_TRUE(mount_.Unmount());

  ASSERT_GT(vault_.Keys().size(), 200u);
  EXPECT_EQ(FindInFile(mount_.image(), vault_.Keys()), root) << "the living root is the control";
  ASSERT_GT(vault_.texts().size(), 50u);
  EXPECT_TRUE(FindInFile(mount_.image(), vault_.texts()).empty());
}

// A root is in the image as long as it lives, and gone with its destruction.
TEST_P(RawImageTest, ARootIsFoundUntilItIsDestroyed) {
  const SubjectTag person = vault_.Come({"account"});
  const std::set<std::string> before = vault_.KeysInTheHolder();
  ASSERT_EQ(before.size(), 1u);
  const std::vector<std::string> old_root(before.begin(), before.end());
  EXPECT_EQ(FindNow(old_root), before) << "the control: an image of before its destruction";

  EXPECT_EQ(vault_.Erase(person).assurance, vault::Assurance::kHost);

  EXPECT_TRUE(FindNow(old_root).empty());
  EXPECT_NE(vault_.KeysInTheHolder(), before);
}

TEST_P(RawImageTest, ATextInClearIsFound) {
  const std::string planted = vault_.NewText();
  std::ofstream(mount_ / "planted") << "a careless log line with " << planted << " in it";
  EXPECT_EQ(FindNow(vault_.texts()), std::set<std::string>{planted});
}

INSTANTIATE_TEST_SUITE_P(FileSystems, RawImageTest,
                         ::testing::Values("mkfs.ext4 -q -F", "mkfs.xfs -q"),
                         [](const auto& tested) {
                           return std::string(tested.param).starts_with("mkfs.xfs") ? "Xfs"
                                                                                    : "Ext4";
                         });

}  // namespace
}  // namespace lethe::test
