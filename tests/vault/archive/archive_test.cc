#include "vault/archive/archive.h"

#include <string>
#include <vector>

#include "base/descriptors.h"
#include "base/reason.h"
#include "tests/support/temp_dir.h"
#include "tests/vault/archive/archive_fixture.h"
#include "vault/archive/frame.h"
#include "vault/archive/segment.h"

namespace lethe::vault::archive {
namespace {

using test::ArchiveTest;
using test::FrameFrom;
using test::kVaultA;
using test::kVaultB;
using test::MemoryFolder;
using test::SameFrame;

TEST_F(ArchiveTest, IsEmptyWhenNew) {
  EXPECT_EQ(archive_->last_sequence(), 0u);
  EXPECT_EQ(archive_->first_sequence(), 0u);
  EXPECT_TRUE(ReplayAll()->empty());
}

TEST_F(ArchiveTest, GivesItsFramesBackInOrderAfterAReopen) {
  ASSERT_TRUE(archive_->Append(FrameFrom(1, 3)).ok());
  ASSERT_TRUE(archive_->Append(FrameFrom(4)).ok());
  ASSERT_TRUE(archive_->Sync().ok());
  const crypto::Digest chain = archive_->chain();

  ASSERT_TRUE(Open().ok());

  EXPECT_EQ(archive_->first_sequence(), 1u);
  EXPECT_EQ(archive_->last_sequence(), 4u);
  EXPECT_EQ(archive_->chain(), chain);
  const auto frames = ReplayAll();
  ASSERT_TRUE(frames.ok());
  ASSERT_EQ(frames->size(), 2u);
  EXPECT_TRUE(SameFrame((*frames)[0], FrameFrom(1, 3)));
  EXPECT_TRUE(SameFrame((*frames)[1], FrameFrom(4)));
}

TEST_F(ArchiveTest, TellsTheChainAtTheEndOfEachFrameAndNowhereElse) {
  ASSERT_TRUE(Open(kSmallSegment).ok());
  std::vector<crypto::Digest> chains = {archive_->chain()};
  for (std::uint64_t i = 0; i < 6; ++i) {
    ASSERT_TRUE(archive_->Append(FrameFrom(2 * i + 1, 2)).ok());
    chains.push_back(archive_->chain());
  }
  ASSERT_TRUE(archive_->Sync().ok());
  ASSERT_GT(disk_->files.size(), 1u);  // More than one segment.
  ASSERT_TRUE(Open(kSmallSegment).ok());

  for (std::uint64_t i = 0; i < chains.size(); ++i) {
    const auto chain = archive_->ChainAt(2 * i);
    ASSERT_TRUE(chain.ok()) << 2 * i;
    EXPECT_EQ(*chain, chains[i]) << 2 * i;
    EXPECT_EQ(ReasonOf(archive_->ChainAt(2 * i + 1).status()), Reason::kChainBroken);
  }
}

TEST_F(ArchiveTest, AppendsAfterAReopenGoOnWithTheChain) {
  Fill(3);
  test::FolderDisk one_run;
  one_run.files = disk_->files;
  ASSERT_TRUE(Open().ok());
  Fill(2);

  ASSERT_TRUE(Open().ok());
  EXPECT_EQ(ReplayAll()->size(), 5u);
}

TEST_F(ArchiveTest, RefusesAFrameThatDoesNotFollow) {
  Fill(2);
  for (const Frame& frame : {FrameFrom(2), FrameFrom(4), Frame{3, 2, "backwards"}}) {
    EXPECT_EQ(ReasonOf(archive_->Append(frame).status()), Reason::kChainBroken);
  }
  EXPECT_TRUE(archive_->Append(FrameFrom(3)).ok());  // A refusal is no failure.
}

TEST_F(ArchiveTest, ReplayBeginsBehindWhatIsKnown) {
  ASSERT_TRUE(Open(kSmallSegment).ok());
  Fill(10);
  ASSERT_GT(disk_->files.size(), 2u);
  for (std::uint64_t after = 0; after <= 10; ++after) {
    const auto frames = ReplayAll(after);
    ASSERT_TRUE(frames.ok()) << frames.status();
    ASSERT_EQ(frames->size(), 10 - after);
    for (const Frame& frame : *frames)
      EXPECT_TRUE(SameFrame(frame, FrameFrom(frame.first_sequence)));
    EXPECT_TRUE(frames->empty() || frames->front().first_sequence == after + 1);
  }
}

TEST_F(ArchiveTest, ReplayStopsAtTheFirstErrorOfItsCaller) {
  Fill(3);
  int seen = 0;
  const absl::Status status = archive_->Replay(0, [&](const Frame&) {
    return ++seen == 2 ? absl::CancelledError("enough") : absl::OkStatus();
  });
  EXPECT_TRUE(absl::IsCancelled(status));
  EXPECT_EQ(seen, 2);
}

TEST_F(ArchiveTest, SegmentsStayBelowTheirSizeAndChainOverTheirEdges) {
  ASSERT_TRUE(Open(kSmallSegment).ok());
  Fill(10);
  for (const auto& [name, bytes] : disk_->Image()) EXPECT_LE(bytes.size(), kSmallSegment) << name;

  ASSERT_TRUE(Open(kSmallSegment).ok());
  EXPECT_EQ(archive_->last_sequence(), 10u);
  EXPECT_EQ(ReplayAll()->size(), 10u);
}

TEST_F(ArchiveTest, AFrameLargerThanASegmentGetsOneOfItsOwn) {
  ASSERT_TRUE(Open(kSmallSegment).ok());
  Fill(1);
  ASSERT_TRUE(archive_->Append(FrameFrom(2, 1, 5'000)).ok());
  Fill(1);
  EXPECT_EQ(disk_->files.size(), 3u);
  EXPECT_EQ(ReplayAll()->size(), 3u);
}

TEST_F(ArchiveTest, DroppingTheOldestSegmentsLeavesTheRest) {
  ASSERT_TRUE(Open(kSmallSegment).ok());
  Fill(10);
  disk_->files.erase(disk_->files.begin());
  const std::uint64_t first = *ParseSegmentName(disk_->files.begin()->first);

  ASSERT_TRUE(Open(kSmallSegment).ok());
  EXPECT_EQ(archive_->first_sequence(), first);
  EXPECT_EQ(ReplayAll()->size(), 11 - first);
}

TEST_F(ArchiveTest, AMissingSegmentInTheMiddleIsDataLoss) {
  ASSERT_TRUE(Open(kSmallSegment).ok());
  Fill(10);
  ASSERT_GT(disk_->files.size(), 2u);
  disk_->files.erase(std::next(disk_->files.begin()));
  EXPECT_EQ(ReasonOf(Open(kSmallSegment)), Reason::kChainBroken);
}

TEST_F(ArchiveTest, AnotherVaultsArchiveIsRefused) {
  const auto opened = Archive::Open(std::make_unique<MemoryFolder>(disk_), kVaultB);
  EXPECT_TRUE(absl::IsFailedPrecondition(opened.status()));
}

TEST_F(ArchiveTest, ALaterFormatIsRefusedByName) {
  disk_->files.begin()->second.bytes[9] = 2;
  EXPECT_EQ(ReasonOf(Open()), Reason::kUnsupportedFormat);
}

TEST_F(ArchiveTest, ReadBackGivesEachFrameByItsPosition) {
  ASSERT_TRUE(Open(kSmallSegment).ok());
  std::vector<FramePosition> positions;
  for (std::uint64_t i = 1; i <= 8; ++i) {
    const auto position = archive_->Append(FrameFrom(i, 1, i == 5 ? 200'000 : 40));
    ASSERT_TRUE(position.ok());
    positions.push_back(*position);
  }
  for (std::uint64_t i = 1; i <= 8; ++i) {
    const auto frame = archive_->ReadBack(positions[i - 1]);
    ASSERT_TRUE(frame.ok());
    EXPECT_TRUE(SameFrame(*frame, FrameFrom(i, 1, i == 5 ? 200'000 : 40)));
  }
}

TEST_F(ArchiveTest, ReadBackRefusesAlteredBytes) {
  const auto position = archive_->Append(FrameFrom(1));
  ASSERT_TRUE(archive_->ReadBack(*position).ok());
  disk_->files.begin()->second.bytes[position->offset + kFrameHeadBytes + 3] ^= 1;
  EXPECT_EQ(ReasonOf(archive_->ReadBack(*position).status()), Reason::kChainBroken);
}

TEST_F(ArchiveTest, AFailedWriteIsFinal) {
  Fill(1);
  disk_->before_append = [] { return absl::InternalError("injected"); };
  EXPECT_TRUE(absl::IsInternal(archive_->Append(FrameFrom(2)).status()));
  disk_->before_append = [] { return absl::OkStatus(); };

  EXPECT_TRUE(absl::IsInternal(archive_->Append(FrameFrom(2)).status()));
  EXPECT_TRUE(absl::IsInternal(archive_->Sync()));
  EXPECT_EQ(archive_->last_sequence(), 1u);
}

TEST_F(ArchiveTest, ASegmentThatFindsNoDescriptorIsStartedLater) {
  ASSERT_TRUE(Open(kSmallSegment).ok());
  Fill(3);
  const auto image = disk_->Image();
  disk_->before_open = [] { return DescriptorShortage(); };
  EXPECT_EQ(ReasonOf(archive_->Append(FrameFrom(4)).status()), Reason::kDescriptorReserve);
  EXPECT_EQ(disk_->Image(), image);
  disk_->before_open = [] { return absl::OkStatus(); };
  Fill(1);
  EXPECT_EQ(disk_->Image().size(), image.size() + 1);
}

TEST_F(ArchiveTest, AFailedSyncIsNeverTriedAgain) {
  Fill(1);
  ASSERT_TRUE(archive_->Append(FrameFrom(2)).ok());
  disk_->before_sync = [] { return absl::InternalError("injected"); };
  EXPECT_TRUE(absl::IsInternal(archive_->Sync()));
  disk_->before_sync = [] { return absl::OkStatus(); };

  EXPECT_TRUE(absl::IsInternal(archive_->Sync()));
  EXPECT_TRUE(absl::IsInternal(archive_->Append(FrameFrom(3)).status()));
}

TEST_F(ArchiveTest, AFullVolumeIsSeenBeforeAnythingIsWritten) {
  disk_->free_bytes = Archive::kReserveBytes + 1'000;
  EXPECT_TRUE(archive_->CheckRoom(1'000, storage::Room::kSpare).ok());
  EXPECT_EQ(ReasonOf(archive_->CheckRoom(1'001, storage::Room::kSpare)), Reason::kDiskReserve);
  EXPECT_TRUE(archive_->CheckRoom(1'001, storage::Room::kReserve).ok());
  disk_->free_bytes = Archive::kReserveBytes / 2;
  EXPECT_FALSE(archive_->CheckRoom(1, storage::Room::kReserve).ok());
  EXPECT_TRUE(archive_->CheckRoom(1, storage::Room::kLast).ok());
  disk_->free_bytes = Archive::kReserveBytes / 4;
  EXPECT_FALSE(archive_->CheckRoom(1, storage::Room::kLast).ok());
}

TEST_F(ArchiveTest, OpeningAndReadingChangesNothing) {
  Fill(3);
  disk_->files.begin()->second.bytes += "torn";
  const auto before = disk_->Image();
  ASSERT_TRUE(Open().ok());
  ASSERT_TRUE(ReplayAll().ok());
  EXPECT_EQ(disk_->Image(), before);
}

// The same over a folder of the machine.
TEST(ArchiveFolderTest, KeepsFramesInFilesAndReadsThemPastTheCache) {
  const test::TempDir dir;
  const std::string folder = dir / "archive";
  ASSERT_TRUE(Archive::Create(folder, kVaultA).ok());
  FramePosition position;
  {
    auto archive = Archive::Open(folder, kVaultA);
    ASSERT_TRUE(archive.ok()) << archive.status();
    ASSERT_TRUE((*archive)->Append(FrameFrom(1, 1, 100'000)).ok());
    position = *(*archive)->Append(FrameFrom(2, 2, 300'000));
    ASSERT_TRUE((*archive)->Sync().ok());
    EXPECT_TRUE(SameFrame(*(*archive)->ReadBack(position), FrameFrom(2, 2, 300'000)));
    EXPECT_TRUE((*archive)->CheckRoom(1, storage::Room::kSpare).ok());
  }
  auto archive = Archive::Open(folder, kVaultA);
  ASSERT_TRUE(archive.ok());
  EXPECT_EQ((*archive)->last_sequence(), 3u);
  EXPECT_TRUE(SameFrame(*(*archive)->ReadBack(position), FrameFrom(2, 2, 300'000)));
}

TEST(ArchiveFolderTest, IsMadeOnceAndFoundOnlyWhereItIs) {
  const test::TempDir dir;
  EXPECT_TRUE(absl::IsNotFound(Archive::Open(dir / "none", kVaultA).status()));
  EXPECT_TRUE(absl::IsNotFound(Archive::Open(dir.path(), kVaultA).status()));
  ASSERT_TRUE(Archive::Create(dir.path(), kVaultA).ok());
  EXPECT_TRUE(absl::IsAlreadyExists(Archive::Create(dir.path(), kVaultA)));
}

TEST(SegmentNameTest, OnlyItsOwnFormIsAName) {
  EXPECT_EQ(SegmentName(42), "00000000000000000042.lethe");
  EXPECT_EQ(ParseSegmentName("00000000000000000042.lethe"), 42u);
  for (const char* name : {"42.lethe", "+0000000000000000042.lethe", "00000000000000000042.leth",
                           "99999999999999999999.lethe", "0000000000000000004x.lethe", ""}) {
    EXPECT_EQ(ParseSegmentName(name), std::nullopt) << name;
  }
}

// Frozen: archives of format 1 must replay for ever.
TEST_F(ArchiveTest, TheBytesOfFormatOneStayAsTheyAre) {
  Fill(2);
  EXPECT_EQ(ToHex(crypto::Sha256(AsBytes(disk_->files.begin()->second.bytes))),
            "d802fb8cb7b604e34535a840a060576ff6749de4a187b9a93c9d5827fb228928");
}

}  // namespace
}  // namespace lethe::vault::archive
