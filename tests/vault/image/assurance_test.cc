// What an erasure's receipt says of the file system below the holder, end to end: unsuitable ones
// are refused before anything is made, and what happens to a good one later stands on the next
// receipt.
#include <filesystem>
#include <utility>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/vault/holders/loop_mount.h"
#include "tests/vault/image/image_vault.h"

namespace lethe::test {
namespace {

using testing::HasSubstr;
using vault::Assurance;

// Why no vault can be made in `folder`; "" if one can. Refused, nothing of it may be left.
std::string WhyNoVaultIn(const std::string& folder) {
  ImageVault vault(folder);
  const auto made = vault.Init();
  if (made.ok()) return "";
  EXPECT_TRUE(absl::IsFailedPrecondition(made.status())) << made.status();
  EXPECT_FALSE(std::filesystem::exists(vault.holder()));
  EXPECT_FALSE(std::filesystem::exists(folder + "/vault/vault.json"));
  EXPECT_FALSE(std::filesystem::exists(folder + "/keys/archive"));
  return std::string(made.status().message());
}

struct Unsuitable {
  const char* name;
  const char* make;
  const char* options;
  const char* why;
};

class UnsuitableFileSystemTest : public ::testing::TestWithParam<Unsuitable> {};

TEST_P(UnsuitableFileSystemTest, IsRefusedAndNothingIsMade) {
  const LoopMount mount(GetParam().make, GetParam().options);
  if (!mount.ok()) GTEST_SKIP() << mount.why_not();
  EXPECT_THAT(WhyNoVaultIn(mount.path()), HasSubstr(GetParam().why));
}

INSTANTIATE_TEST_SUITE_P(
    FileSystems, UnsuitableFileSystemTest,
    ::testing::Values(Unsuitable{"Ext4ThatJournalsData", "mkfs.ext4 -q -F", "data=journal",
                                 "data=journal"},
                      Unsuitable{"Ext2", "mkfs.ext2 -q -F", "rw", "only ext4 and XFS"},
                      Unsuitable{"Btrfs", "mkfs.btrfs -q -f", "rw", "only ext4 and XFS"}),
    [](const auto& tested) { return std::string(tested.param.name); });

TEST(UnsuitableTest, TmpfsIsRefused) {
  const TempDir dir;
  if (!EnterOwnMountNamespace() || !test::Run("mount -t tmpfs none " + dir.path())) {
    GTEST_SKIP() << "cannot mount a tmpfs here";
  }
  EXPECT_THAT(WhyNoVaultIn(dir.path()), HasSubstr("tmpfs"));
  umount2(dir.path().c_str(), MNT_DETACH);
}

TEST(UnsuitableTest, AnOverlayIsRefused) {
  const LoopMount base("mkfs.ext4 -q -F", "rw");
  if (!base.ok()) GTEST_SKIP() << base.why_not();
  const std::string options =
      "lowerdir=" + base / "low" + ",upperdir=" + base / "up" + ",workdir=" + base / "work";
  if (!test::Run("cd " + base.path() + " && mkdir low up work all") ||
      !test::Run("mount -t overlay overlay -o " + options + " " + base / "all")) {
    GTEST_SKIP() << "cannot mount an overlay here";
  }
  EXPECT_THAT(WhyNoVaultIn(base / "all"), HasSubstr("overlay"));
  umount2((base / "all").c_str(), MNT_DETACH);
}

// The control of the above.
TEST(SuitableTest, Ext4AndXfsAreNotRefused) {
  for (const char* make : {"mkfs.ext4 -q -F", "mkfs.xfs -q"}) {
    const LoopMount mount(make, "rw");
    if (!mount.ok()) GTEST_SKIP() << mount.why_not();
    EXPECT_EQ(WhyNoVaultIn(mount.path()), "");
  }
}

class ReceiptTest : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!mount_.ok()) GTEST_SKIP() << mount_.why_not();
    ASSERT_TRUE(vault_.Init().ok());
    ASSERT_TRUE(vault_.Open().ok());
    EXPECT_EQ(EraseSomebody(), Assurance::kHost);
  }

  Assurance EraseSomebody() { return vault_.Erase(vault_.Come({"account"})).assurance; }
  bool CopyHolder(const std::string& how) {
    return test::Run("cp --reflink=" + how + " " + vault_.holder() + " " + mount_ / "copy");
  }

  LoopMount mount_{"mkfs.xfs -q -m reflink=1", "rw"};
  ImageVault vault_{mount_.path()};
};

TEST_F(ReceiptTest, SaysNoneAfterAReflinkCopyOfTheHolder) {
  const std::set<std::string> root = vault_.KeysInTheHolder();
  if (!CopyHolder("always")) GTEST_SKIP() << "cp cannot make reflink copies here";
  EXPECT_EQ(EraseSomebody(), Assurance::kNone);

  // It is right to: the copy has the root that was to be destroyed.
  ASSERT_EQ(root.size(), 1u);
  EXPECT_EQ(FindInFile(mount_ / "copy", {{*root.begin()}}), root);
}

// The control. Such a copy, too, is what nobody may make; but it shares no block, and no server can
// see it.
TEST_F(ReceiptTest, SaysHostAfterAnOrdinaryCopy) {
  ASSERT_TRUE(CopyHolder("never"));
  EXPECT_EQ(EraseSomebody(), Assurance::kHost);
}

TEST_F(ReceiptTest, SaysHostAgainAfterARestartOnGoodGround) {
  ASSERT_TRUE(CopyHolder("always"));
  EXPECT_EQ(EraseSomebody(), Assurance::kNone);
  vault_.Close();
  ASSERT_TRUE(std::filesystem::remove(mount_ / "copy"));
  ASSERT_TRUE(mount_.Unmount());
  mount_.MountAgain("rw");
  ASSERT_TRUE(vault_.Open().ok());
  EXPECT_EQ(EraseSomebody(), Assurance::kHost);
}

// Good when the vault was made, and mounted otherwise later.
TEST(RemountTest, SaysNoneWhereDataIsJournaledNow) {
  LoopMount mount("mkfs.ext4 -q -F", "rw");
  if (!mount.ok()) GTEST_SKIP() << mount.why_not();
  ImageVault vault(mount.path());
  ASSERT_TRUE(vault.Init().ok());
  for (const auto& [options, assurance] :
       {std::pair{"rw", Assurance::kHost}, std::pair{"data=journal", Assurance::kNone}}) {
    ASSERT_TRUE(mount.Unmount());
    mount.MountAgain(options);
    if (!mount.ok()) GTEST_SKIP() << mount.why_not();
    ASSERT_TRUE(vault.Open().ok());
    EXPECT_EQ(vault.Erase(vault.Come({"account"})).assurance, assurance) << options;
    vault.Close();
  }
}

}  // namespace
}  // namespace lethe::test
