#include "vault/holders/file_self_test.h"

#include <filesystem>
#include <fstream>
#include <string>

#include <fcntl.h>
#include <linux/fs.h>
#include <linux/magic.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/temp_dir.h"
#include "tests/vault/holders/loop_mount.h"
#include "vault/holders/file_holder.h"
#include "vault/holders/slot_holder.h"

namespace lethe::vault::holders {
namespace {

using test::LoopMount;
using testing::HasSubstr;

// The verdict on a holder file in `folder`; "" if it may forget.
std::string VerdictOn(const std::string& folder) {
  const FileHolderOptions options{.path = folder + "/holder.slots"};
  const absl::Status made = CreateHolderFile(options);
  EXPECT_EQ(std::filesystem::exists(options.path), made.ok());
  if (!made.ok()) {
    EXPECT_TRUE(absl::IsFailedPrecondition(made)) << made;
    return std::string(made.message());
  }
  const auto holder = OpenFileHolder(options);
  EXPECT_TRUE(holder.ok()) << holder.status();
  std::string why;
  EXPECT_EQ((*holder)->CheckAssurance(&why), Assurance::kHost) << why;
  return why;
}

#define SKIP_UNLESS_MOUNTED(mount) \
  if (!(mount).ok()) GTEST_SKIP() << (mount).why_not()

TEST(FileSelfTestTest, Ext4Forgets) {
  const LoopMount mount("mkfs.ext4 -q -F", "rw");
  SKIP_UNLESS_MOUNTED(mount);
  EXPECT_EQ(VerdictOn(mount.path()), "");
}

TEST(FileSelfTestTest, XfsForgets) {
  const LoopMount mount("mkfs.xfs -q", "rw");
  SKIP_UNLESS_MOUNTED(mount);
  EXPECT_EQ(VerdictOn(mount.path()), "");
}

TEST(FileSelfTestTest, Ext4ThatJournalsDataIsRefused) {
  const LoopMount mount("mkfs.ext4 -q -F", "data=journal");
  SKIP_UNLESS_MOUNTED(mount);
  EXPECT_THAT(VerdictOn(mount.path()), HasSubstr("data=journal"));
}

TEST(FileSelfTestTest, AFileWhoseOwnDataIsJournaledIsRefused) {
  const LoopMount mount("mkfs.ext4 -q -F", "rw");
  SKIP_UNLESS_MOUNTED(mount);
  if (!test::Run("chattr +j " + mount.path())) GTEST_SKIP() << "chattr +j needs CAP_SYS_RESOURCE";
  EXPECT_THAT(VerdictOn(mount.path()), HasSubstr("data=journal"));
}

TEST(FileSelfTestTest, Ext2UnderTheSameDriverIsRefused) {
  const LoopMount mount("mkfs.ext2 -q -F", "rw");
  SKIP_UNLESS_MOUNTED(mount);
  EXPECT_THAT(VerdictOn(mount.path()), HasSubstr("only ext4 and XFS"));
}

TEST(FileSelfTestTest, TmpfsIsRefused) {
  const test::TempDir dir;
  if (!test::EnterOwnMountNamespace() || !test::Run("mount -t tmpfs none " + dir.path())) {
    GTEST_SKIP() << "cannot mount a tmpfs here";
  }
  EXPECT_THAT(VerdictOn(dir.path()), HasSubstr("tmpfs"));
  umount2(dir.path().c_str(), MNT_DETACH);
}

TEST(FileSelfTestTest, AFileThatFindsNoRoomIsNotLeftBehind) {
  const test::TempDir dir;
  if (!test::EnterOwnMountNamespace() ||
      !test::Run("mount -t tmpfs -o size=512k none " + dir.path())) {
    GTEST_SKIP() << "cannot mount a tmpfs here";
  }
  EXPECT_FALSE(CreateHolderFile({.path = dir / "holder.slots", .dev = true}).ok());
  EXPECT_FALSE(std::filesystem::exists(dir / "holder.slots"));
  umount2(dir.path().c_str(), MNT_DETACH);
}

TEST(FileSelfTestTest, AnOverlayIsRefused) {
  const LoopMount base("mkfs.ext4 -q -F", "rw");
  SKIP_UNLESS_MOUNTED(base);
  const std::string options =
      "lowerdir=" + base / "low" + ",upperdir=" + base / "up" + ",workdir=" + base / "work";
  if (!test::Run("cd " + base.path() + " && mkdir low up work all") ||
      !test::Run("mount -t overlay overlay -o " + options + " " + base / "all")) {
    GTEST_SKIP() << "cannot mount an overlay here";
  }
  EXPECT_THAT(VerdictOn(base / "all"), HasSubstr("overlay"));
  umount2((base / "all").c_str(), MNT_DETACH);
}

TEST(FileSelfTestTest, DataInTheInodeIsRefusedAndAHolderFileIsTooLargeForIt) {
  const LoopMount mount("mkfs.ext4 -q -F -O inline_data -I 256", "rw");
  SKIP_UNLESS_MOUNTED(mount);
  std::ofstream(mount / "small") << "32 bytes of a key would lie here";
  const int fd = open((mount / "small").c_str(), O_RDWR);
  EXPECT_THAT(std::string(ReadOwnExtents(fd, 32).status().message()), HasSubstr("inode"));
  close(fd);

  EXPECT_EQ(VerdictOn(mount.path()), "");
}

// A holder on `mount` and what it says of itself after `happens`.
template <typename Event>
std::string WhyNoneAfter(const LoopMount& mount, Event happens) {
  const FileHolderOptions options{.path = mount / "holder.slots"};
  EXPECT_TRUE(CreateHolderFile(options).ok());
  const auto holder = OpenFileHolder(options);
  std::string why;
  EXPECT_EQ((*holder)->CheckAssurance(&why), Assurance::kHost) << why;
  happens(options.path);
  return (*holder)->CheckAssurance(&why) == Assurance::kNone ? why : "";
}

void Reflink(const std::string& from, const std::string& to) {
  const int source = open(from.c_str(), O_RDONLY);
  const int target = open(to.c_str(), O_RDWR | O_CREAT, 0600);
  EXPECT_EQ(ioctl(target, FICLONE, source), 0);
  close(source);
  close(target);
}

TEST(FileSelfTestTest, ACopyThatSharesBlocksEndsTheAssurance) {
  const LoopMount mount("mkfs.xfs -q -m reflink=1", "rw");
  SKIP_UNLESS_MOUNTED(mount);
  const std::string why =
      WhyNoneAfter(mount, [&](const std::string& path) { Reflink(path, mount / "copy"); });
  EXPECT_THAT(why, HasSubstr("shares blocks"));
}

// The copy is gone, but the write in between went to new blocks: the old root may lie in the old.
TEST(FileSelfTestTest, BlocksThatMovedEndTheAssurance) {
  const LoopMount mount("mkfs.xfs -q -m reflink=1", "rw");
  SKIP_UNLESS_MOUNTED(mount);
  const std::string why = WhyNoneAfter(mount, [&](const std::string& path) {
    Reflink(path, mount / "copy");
    std::fstream(path, std::ios::in | std::ios::out | std::ios::binary) << "overwritten";
    EXPECT_TRUE(test::Run("sync -f " + path));
    // Emptied, not removed: XFS frees a removed file's blocks some time later.
    std::filesystem::resize_file(mount / "copy", 0);
  });
  EXPECT_THAT(why, HasSubstr("moved"));
}

TEST(FileSelfTestTest, AFileThatWasReplacedEndsTheAssurance) {
  const LoopMount mount("mkfs.ext4 -q -F", "rw");
  SKIP_UNLESS_MOUNTED(mount);
  const std::string why = WhyNoneAfter(mount, [&](const std::string& path) {
    std::filesystem::copy_file(path, path + ".new");
    std::filesystem::rename(path + ".new", path);
  });
  EXPECT_THAT(why, HasSubstr("another file"));
}

// The control: overwriting in place, as a holder does, is what both must allow.
TEST(FileSelfTestTest, OverwritingInPlaceKeepsTheAssurance) {
  for (const char* make : {"mkfs.ext4 -q -F", "mkfs.xfs -q"}) {
    const LoopMount mount(make, "rw");
    SKIP_UNLESS_MOUNTED(mount);
    EXPECT_EQ(WhyNoneAfter(mount,
                           [](const std::string& path) {
                             std::fstream(path, std::ios::in | std::ios::out) << "in place";
                             EXPECT_TRUE(test::Run("sync -f " + path));
                           }),
              "");
  }
}

TEST(FileSelfTestTest, AFileWithHolesOrUnwrittenBlocksIsRefused) {
  const LoopMount mount("mkfs.ext4 -q -F", "rw");
  SKIP_UNLESS_MOUNTED(mount);
  const int fd = open((mount / "file").c_str(), O_RDWR | O_CREAT, 0600);
  ASSERT_EQ(ftruncate(fd, 1 << 20), 0);
  EXPECT_THAT(std::string(ReadOwnExtents(fd, 1 << 20).status().message()), HasSubstr("holes"));
  ASSERT_EQ(posix_fallocate(fd, 0, 1 << 20), 0);
  EXPECT_THAT(std::string(ReadOwnExtents(fd, 1 << 20).status().message()),
              HasSubstr("never written"));
  close(fd);

  const int gap = open((mount / "gap").c_str(), O_RDWR | O_CREAT, 0600);
  const std::string ends(64u << 10, 'x');
  ASSERT_EQ(pwrite(gap, ends.data(), ends.size(), 0), static_cast<ssize_t>(ends.size()));
  ASSERT_EQ(pwrite(gap, ends.data(), ends.size(), 960 << 10), static_cast<ssize_t>(ends.size()));
  EXPECT_THAT(std::string(ReadOwnExtents(gap, 1 << 20).status().message()), HasSubstr("holes"));
  close(gap);
}

FileSystemFacts Ext4Facts() {
  return {.magic = EXT4_SUPER_MAGIC, .type = "ext4", .super_options = "rw", .device = "sda1"};
}

TEST(JudgeFileSystemTest, RefusesWhatIsNotKnownToOverwrite) {
  EXPECT_TRUE(JudgeFileSystem(Ext4Facts()).ok());
  for (const std::int64_t magic :
       {std::int64_t{BTRFS_SUPER_MAGIC}, std::int64_t{0x2fc12fc1}, std::int64_t{NFS_SUPER_MAGIC},
        std::int64_t{0xff534d42}, std::int64_t{FUSE_SUPER_MAGIC}, std::int64_t{F2FS_SUPER_MAGIC}}) {
    FileSystemFacts facts = Ext4Facts();
    facts.magic = magic;
    EXPECT_TRUE(absl::IsFailedPrecondition(JudgeFileSystem(facts))) << magic;
  }
}

TEST(JudgeFileSystemTest, RefusesAMountItCannotSee) {
  FileSystemFacts facts = Ext4Facts();
  facts.type = "";
  EXPECT_FALSE(JudgeFileSystem(facts).ok());
}

TEST(JudgeFileSystemTest, ReadsOptionsAsWholeWords) {
  FileSystemFacts facts = Ext4Facts();
  for (const char* harmless : {"rw,data=ordered", "rw,journal_checksum", "data=journals"}) {
    facts.super_options = harmless;
    EXPECT_TRUE(JudgeFileSystem(facts).ok()) << harmless;
  }
  for (const char* journaled : {"data=journal", "rw,data=journal", "rw,data=journal,discard"}) {
    facts.super_options = journaled;
    EXPECT_FALSE(JudgeFileSystem(facts).ok()) << journaled;
  }
  facts = Ext4Facts();
  facts.inode_journals_data = true;
  EXPECT_FALSE(JudgeFileSystem(facts).ok());
}

TEST(JudgeFileSystemTest, RefusesDevicesThatAreSomebodyElsesStorage) {
  FileSystemFacts facts = Ext4Facts();
  for (const char* device : {"nbd0p1", "rbd3", "drbd0", "zd16", "bcache0", "zram1"}) {
    facts.device = device;
    EXPECT_FALSE(JudgeFileSystem(facts).ok()) << device;
  }
}

TEST(FindMountTest, FindsTheFileSystemOfADevice) {
  constexpr std::string_view kMountinfo =
      "22 27 0:21 / /proc rw,relatime - proc proc rw\n"
      "27 1 254:0 / / rw,relatime shared:1 master:2 - ext4 /dev/vda rw,data=journal\n"
      "28 27 254:01 / /other rw - xfs /dev/vdb rw\n"
      "broken line\n";
  const auto found = FindMount(kMountinfo, "254:0");
  ASSERT_TRUE(found.has_value());
  EXPECT_EQ(found->type, "ext4");
  EXPECT_EQ(found->super_options, "rw,data=journal");
  EXPECT_FALSE(FindMount(kMountinfo, "254:9").has_value());
  EXPECT_FALSE(FindMount("", "254:0").has_value());
}

}  // namespace
}  // namespace lethe::vault::holders
