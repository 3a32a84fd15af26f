// An archive whose folder or newest segment is not what the next start would find at its path; and
// one that begins where another was lost.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <functional>
#include <string>

#include "base/reason.h"
#include "tests/support/temp_dir.h"
#include "tests/vault/archive/archive_fixture.h"
#include "tests/vault/archive/blind_folder.h"
#include "vault/archive/segment.h"

namespace lethe::test {
namespace {

namespace fs = std::filesystem;
using vault::archive::Archive;
using vault::archive::Beginning;
using vault::archive::FramePosition;

class MissingArchiveTest : public testing::Test {
 protected:
  MissingArchiveTest() {
    EXPECT_TRUE(Archive::Create(Folder(), kVaultA).ok());
    Open();
  }

  void Open() {
    auto opened = Archive::Open(Folder(), kVaultA);
    ASSERT_TRUE(opened.ok()) << opened.status();
    archive_ = *std::move(opened);
  }
  FramePosition Append() {
    const auto position = archive_->Append(FrameFrom(archive_->last_sequence() + 1));
    EXPECT_TRUE(position.ok() && archive_->Sync().ok());
    return *position;
  }
  std::optional<Reason> Missing() const { return ReasonOf(archive_->CheckThere()); }

  std::string Folder() const { return dir_ / "archive"; }
  std::string Away() const { return dir_ / "away"; }
  std::string Newest() const { return Folder() + "/" + vault::archive::SegmentName(1); }

  TempDir dir_;
  std::unique_ptr<Archive> archive_;
};

struct Way {
  const char* name;
  std::function<void(const std::string& folder, const std::string& newest)> take;
};

std::vector<Way> Ways() {
  return {{"folder renamed", [](auto& folder, auto&) { fs::rename(folder, folder + ".old"); }},
          {"folder deleted", [](auto& folder, auto&) { fs::remove_all(folder); }},
          {"folder copied and put in its place",
           [](auto& folder, auto&) {
             fs::rename(folder, folder + ".old");
             fs::copy(folder + ".old", folder, fs::copy_options::recursive);
           }},
          {"segment deleted", [](auto&, auto& newest) { fs::remove(newest); }},
          {"segment renamed", [](auto&, auto& newest) { fs::rename(newest, newest + ".old"); }},
          {"segment replaced by a copy",
           [](auto&, auto& newest) {
             fs::copy(newest, newest + ".new");
             fs::rename(newest + ".new", newest);
           }},
          {"segment one byte shorter",
           [](auto&, auto& newest) { fs::resize_file(newest, fs::file_size(newest) - 1); }}};
}

TEST_F(MissingArchiveTest, EveryWayToLoseItIsSeenBeforeAndAfterTheFirstAppend) {
  for (const Way& way : Ways()) {
    for (const bool written : {false, true}) {
      SCOPED_TRACE(std::string(way.name) + (written ? ", written to" : ", just opened"));
      archive_ = nullptr;
      fs::remove_all(Folder());
      fs::remove_all(Folder() + ".old");
      ASSERT_TRUE(Archive::Create(Folder(), kVaultA).ok());
      Open();
      Append();
      if (!written) Open();
      ASSERT_EQ(archive_->CheckThere(), absl::OkStatus());
      way.take(Folder(), Newest());
      // A copy in the segment's place is the segment, as long as nobody has the other open.
      const bool same = !written && std::string(way.name).ends_with("replaced by a copy");
      EXPECT_EQ(Missing(), same ? std::nullopt : std::optional(Reason::kArchiveMissing));
    }
  }
}

TEST_F(MissingArchiveTest, TheVeryFolderPutBackIsThereAgain) {
  Append();
  fs::rename(Folder(), Away());
  EXPECT_EQ(Missing(), Reason::kArchiveMissing);
  fs::rename(Away(), Folder());
  EXPECT_EQ(archive_->CheckThere(), absl::OkStatus());
  Append();
  Open();
  EXPECT_EQ(archive_->last_sequence(), 2u);
}

TEST_F(MissingArchiveTest, WhatIsReadBackFromNowhereIsNoDamage) {
  const FramePosition position = Append();
  ASSERT_TRUE(archive_->ReadBack(position).ok());
  fs::rename(Folder(), Away());
  EXPECT_EQ(ReasonOf(archive_->ReadBack(position).status()), Reason::kArchiveMissing);
}

// The control: without the look at the path, writing goes on into a folder that no start finds.
TEST_F(MissingArchiveTest, NobodyWhoDoesNotLookNoticesIt) {
  auto blind = Archive::Open(
      std::make_unique<BlindFolder>(*vault::archive::OpenPosixFolder(Folder())), kVaultA);
  archive_ = *std::move(blind);
  Append();
  fs::remove_all(Folder());
  EXPECT_EQ(archive_->CheckThere(), absl::OkStatus());
  const FramePosition lost = Append();
  const auto read = archive_->ReadBack(lost);
  EXPECT_FALSE(read.ok());
  EXPECT_NE(ReasonOf(read.status()), Reason::kArchiveMissing);
}

TEST_F(MissingArchiveTest, ANewOneBeginsWhereTheOtherWasLost) {
  const Beginning beginning{41, crypto::Digest{7}};
  ASSERT_TRUE(Archive::Create(Away(), kVaultA, beginning).ok());
  archive_ = *Archive::Open(Away(), kVaultA);
  EXPECT_EQ(archive_->last_sequence(), 41u);
  EXPECT_EQ(archive_->begins_after(), 41u);
  EXPECT_EQ(archive_->chain(), beginning.chain);
  EXPECT_EQ(archive_->Append(FrameFrom(1)).status().code(), absl::StatusCode::kDataLoss);

  archive_ = *Archive::Open(Away(), kVaultA);
  EXPECT_EQ(Append().segment, 42u);
  archive_ = *Archive::Open(Away(), kVaultA);
  EXPECT_EQ(archive_->last_sequence(), 42u);
  EXPECT_EQ(*archive_->ChainAt(41), beginning.chain);
  EXPECT_EQ(ReasonOf(archive_->ChainAt(40).status()), Reason::kChainBroken);
  int frames = 0;
  EXPECT_TRUE(archive_->Replay(41, [&](const auto&) { return ++frames, absl::OkStatus(); }).ok());
  EXPECT_EQ(frames, 1);
}

}  // namespace
}  // namespace lethe::test
