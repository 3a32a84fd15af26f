// What an archive does with bytes that are not as it wrote them: it may end earlier where they were
// never known to be synced, it may refuse, it never gives other content.
#include <random>
#include <string>
#include <vector>

#include "base/reason.h"
#include "tests/vault/archive/archive_fixture.h"
#include "vault/archive/frame.h"
#include "vault/archive/segment.h"

namespace lethe::vault::archive {
namespace {

using test::ArchiveTest;
using test::FrameFrom;
using test::SameFrame;

class ArchiveDamageTest : public ArchiveTest {
 protected:
  std::string& Last() { return disk_->files.rbegin()->second.bytes; }

  // Where the frames of FrameFrom begin in the first segment.
  static std::size_t StartOf(std::uint64_t frame) {
    return kSegmentHeaderBytes + (frame - 1) * (kFrameOverheadBytes + 40);
  }

  // Opens and reads everything: the frames that are left, all of them as written, or none if
  // refused.
  std::optional<std::size_t> FramesLeft() {
    const absl::Status opened = Open(kSmallSegment);
    const auto frames = opened.ok() ? ReplayAll() : opened;
    if (!frames.ok()) {
      EXPECT_TRUE(absl::IsDataLoss(frames.status()) || absl::IsFailedPrecondition(frames.status()))
          << frames.status();
      return std::nullopt;
    }
    for (std::size_t i = 0; i < frames->size(); ++i) {
      EXPECT_TRUE(SameFrame((*frames)[i], FrameFrom(i + 1)));
    }
    return frames->size();
  }
};

TEST_F(ArchiveDamageTest, ABitFlippedAnywhereIsRefusedOrCutsTheLastFrameOnly) {
  constexpr int kFrames = 3;
  Fill(kFrames);
  const std::string whole = Last();
  int cut = 0;
  for (std::size_t at = 0; at < whole.size(); ++at) {
    for (int bit = 0; bit < 8; ++bit) {
      Last() = whole;
      Last()[at] = static_cast<char>(whole[at] ^ (1 << bit));
      const std::optional<std::size_t> left = FramesLeft();
      if (at < StartOf(kFrames)) {
        EXPECT_EQ(left, std::nullopt) << at << "." << bit;
      } else {
        EXPECT_EQ(left, kFrames - 1) << at << "." << bit;
        ++cut;
      }
    }
  }
  EXPECT_EQ(cut, 8 * static_cast<int>(whole.size() - StartOf(kFrames)));
}

TEST_F(ArchiveDamageTest, ABitFlippedInAnOlderSegmentIsRefusedWhenRead) {
  ASSERT_TRUE(Open(kSmallSegment).ok());
  Fill(10);
  std::string& older = disk_->files.begin()->second.bytes;
  const std::string whole = older;
  for (std::size_t at = 0; at < whole.size(); ++at) {
    older = whole;
    older[at] = static_cast<char>(older[at] ^ 4);
    EXPECT_EQ(FramesLeft(), std::nullopt) << at;
  }
}

TEST_F(ArchiveDamageTest, AFileCutAnywhereEndsAtItsLastWholeFrame) {
  Fill(3);
  const std::string whole = Last();
  for (std::size_t size = 0; size <= whole.size(); ++size) {
    Last() = whole.substr(0, size);
    const std::optional<std::size_t> left = FramesLeft();
    if (size < kSegmentHeaderBytes) {
      EXPECT_EQ(left, std::nullopt) << size;
    } else {
      EXPECT_EQ(left, (size - kSegmentHeaderBytes) / (kFrameOverheadBytes + 40)) << size;
    }
  }
}

TEST_F(ArchiveDamageTest, ATornTailIsCutBeforeTheNextFrameIsWritten) {
  Fill(2);
  const std::string whole = Last();
  Last() += whole.substr(StartOf(2), 70);
  ASSERT_TRUE(Open().ok());
  EXPECT_EQ(archive_->last_sequence(), 2u);
  Fill(1);

  EXPECT_EQ(Last().size(), StartOf(4));
  EXPECT_EQ(FramesLeft(), 3u);
}

// A power cut may keep a later page and lose an earlier one of what was not synced.
TEST_F(ArchiveDamageTest, AHoleAmongFramesThatWereNeverSyncedEndsTheArchive) {
  Fill(2);
  ASSERT_TRUE(archive_->Append(FrameFrom(3)).ok());
  ASSERT_TRUE(archive_->Append(FrameFrom(4)).ok());
  std::fill_n(Last().begin() + StartOf(3), 50, '\0');

  EXPECT_EQ(FramesLeft(), 2u);
}

// The control: the same hole, but a frame behind it has seen the third one synced.
TEST_F(ArchiveDamageTest, AHoleAmongFramesThatWereSyncedIsDataLoss) {
  Fill(2);
  ASSERT_TRUE(archive_->Append(FrameFrom(3)).ok());
  ASSERT_TRUE(archive_->Sync().ok());
  ASSERT_TRUE(archive_->Append(FrameFrom(4)).ok());
  std::fill_n(Last().begin() + StartOf(3), 50, '\0');

  EXPECT_EQ(FramesLeft(), std::nullopt);
}

TEST_F(ArchiveDamageTest, AFrameOfAnotherHistoryIsDataLoss) {
  Fill(2);
  const std::string branch = Last();
  ASSERT_TRUE(archive_->Append(FrameFrom(3)).ok());
  const std::string third = Last().substr(StartOf(3));
  Last() = branch.substr(0, StartOf(2)) + third;  // Follows neither by number nor by chain.

  EXPECT_EQ(FramesLeft(), std::nullopt);
}

TEST_F(ArchiveDamageTest, AFrameWithTheRightNumberButAnotherPastIsDataLoss) {
  ASSERT_TRUE(archive_->Append(FrameFrom(1, 1, 40)).ok());
  ASSERT_TRUE(archive_->Append({2, 2, std::string(40, 'x')}).ok());
  ASSERT_TRUE(archive_->Append(FrameFrom(3)).ok());
  const std::string other_third = Last().substr(StartOf(3));
  Last().resize(kSegmentHeaderBytes);
  ASSERT_TRUE(Open().ok());
  Fill(2);
  Last() += other_third;

  EXPECT_EQ(FramesLeft(), std::nullopt);
}

// After a crash of the process frames may be in the page cache only; the next frame says that they
// are synced, so they must be.
TEST_F(ArchiveDamageTest, WhatWasFoundAtOpenIsSyncedBeforeAFrameFollows) {
  Fill(1);
  ASSERT_TRUE(archive_->Append(FrameFrom(2)).ok());
  ASSERT_TRUE(Open().ok());
  ASSERT_TRUE(archive_->Append(FrameFrom(3)).ok());
  disk_->LosePower();

  EXPECT_EQ(FramesLeft(), 2u);
}

TEST_F(ArchiveDamageTest, ATornSegmentThatDoesNotFollowIsDataLoss) {
  Fill(3);
  disk_->files[SegmentName(9)].bytes = "";
  EXPECT_EQ(FramesLeft(), std::nullopt);
}

TEST_F(ArchiveDamageTest, ASegmentWhoseHeaderWasTornWhenItWasMadeIsMadeAgain) {
  ASSERT_TRUE(Open(kSmallSegment).ok());
  Fill(3);
  ASSERT_EQ(disk_->files.size(), 1u);
  const std::string header = Last().substr(0, kSegmentHeaderBytes);
  for (std::size_t size = 0; size < kSegmentHeaderBytes; ++size) {
    disk_->files[SegmentName(4)].bytes = header.substr(0, size);
    EXPECT_EQ(FramesLeft(), 3u) << size;
    EXPECT_EQ(archive_->last_sequence(), 3u);
    Fill(1);
    EXPECT_EQ(FramesLeft(), 4u) << size;
    EXPECT_EQ(disk_->files.size(), 2u);
    disk_->files.erase(SegmentName(4));
  }
}

TEST_F(ArchiveDamageTest, GarbageOfAnyKindNeverBecomesContent) {
  Fill(3);
  const std::string whole = Last();
  std::mt19937 random(20'240'501);
  for (int round = 0; round < 2'000; ++round) {
    Last() = whole;
    const std::size_t at = random() % whole.size();
    const std::size_t length = 1 + random() % 200;
    for (std::size_t i = at; i < std::min(at + length, whole.size()); ++i) {
      Last()[i] = static_cast<char>(random());
    }
    FramesLeft();
  }
}

}  // namespace
}  // namespace lethe::vault::archive
