// What a journal does when its archive is back and cannot take yet what it missed: nothing that is
// promised the archive is written, nothing seals, and it goes on by itself.
#include <gtest/gtest.h>

#include <cstdint>
#include <string>

#include "base/descriptors.h"
#include "base/reason.h"
#include "tests/vault/journal/journal_fixture.h"
#include "vault/journal/unsynced_frames.h"

namespace lethe::vault {
namespace {

constexpr std::uint64_t kHalfReserve = archive::Archive::kReserveBytes / 2;

class JournalBacklogTest : public test::JournalTest {
 protected:
  JournalBacklogTest() {
    segment_bytes_max_ = 1;  // Every frame that is brought opens a segment.
    EXPECT_TRUE(Start().ok());
    EXPECT_TRUE(Change("first").ok());
    folder_->there = false;
    for (int i = 0; i < 3; ++i) EXPECT_TRUE(Tell().ok());
    folder_->there = true;
  }

  absl::Status Change(const std::string& key, storage::Room room = storage::Room::kReserve) {
    return journal_->Commit(Events(), Row(key), Durability::kSynced, room).status();
  }
  absl::Status Tell() {
    return journal_->Commit(Events(), {}, Durability::kSynced, storage::Room::kReserve).status();
  }
  std::uint64_t ArchivedThrough() { return (*OpenArchive())->last_sequence(); }
  std::uint64_t ArchiveBytes() {
    std::uint64_t bytes = 0;
    for (const auto& [name, content] : folder_->Image()) bytes += content.size();
    return bytes;
  }
  // As long as it cannot take the backlog.
  void ExpectOnlyWhatNeedsNoArchive(Reason reason) {
    const std::uint64_t before = journal_->sequence();
    EXPECT_EQ(ReasonOf(Change("refused")), reason);
    EXPECT_EQ(ReasonOf(journal_->Copy().status()), reason);
    EXPECT_EQ(journal_->sequence(), before);
    EXPECT_TRUE(Tell().ok());
    EXPECT_TRUE(Change("end", storage::Room::kLast).ok());
    EXPECT_FALSE(journal_->sealed());
    EXPECT_EQ(CountRows(table::kUnsynced), journal_->sequence() - 1);
  }
  void ExpectBroughtByTheNextChange() {
    EXPECT_TRUE(Change("next").ok());
    EXPECT_EQ(ArchivedThrough(), journal_->sequence());
    EXPECT_EQ(CountRows(table::kUnsynced), 0u);
    EXPECT_FALSE(Has("refused"));
    ASSERT_TRUE(Start().ok());
    EXPECT_EQ(journal_->archive()->last_sequence(), journal_->sequence());
  }
};

TEST_F(JournalBacklogTest, AFullDiskIsMetBeforeTheFirstMissedFrame) {
  const auto image = folder_->Image();
  folder_->free_bytes = kHalfReserve;
  ExpectOnlyWhatNeedsNoArchive(Reason::kDiskReserve);
  EXPECT_EQ(folder_->Image(), image);
  folder_->free_bytes = std::uint64_t{1} << 40;
  ExpectBroughtByTheNextChange();
}

TEST_F(JournalBacklogTest, WithoutADescriptorForASegmentItWaits) {
  const auto image = folder_->Image();
  folder_->before_open = [] { return DescriptorShortage(); };
  ExpectOnlyWhatNeedsNoArchive(Reason::kDescriptorReserve);
  EXPECT_EQ(folder_->Image(), image);
  folder_->before_open = [] { return absl::OkStatus(); };
  ExpectBroughtByTheNextChange();
}

TEST_F(JournalBacklogTest, WhatWasBroughtBeforeTheDescriptorsEndedIsNotBroughtAgain) {
  int left = 1;
  folder_->before_open = [&left] { return left-- > 0 ? absl::OkStatus() : DescriptorShortage(); };
  ExpectOnlyWhatNeedsNoArchive(Reason::kDescriptorReserve);
  EXPECT_EQ(ArchivedThrough(), 2u);
  folder_->before_open = [] { return absl::OkStatus(); };
  ExpectBroughtByTheNextChange();
}

// And a power cut in between loses nothing of it.
TEST_F(JournalBacklogTest, WhatWaitsIsBroughtByTheNextStartToo) {
  folder_->free_bytes = kHalfReserve;
  ExpectOnlyWhatNeedsNoArchive(Reason::kDiskReserve);
  const std::uint64_t told = journal_->sequence();
  journal_ = nullptr;
  engine_->LosePower();
  folder_->LosePower();
  ASSERT_TRUE(Start().ok()) << "it may use the reserve to get level";
  EXPECT_EQ(ArchivedThrough(), told);
}

TEST_F(JournalBacklogTest, WhatIsAskedForIsWhatTheArchiveGrowsBy) {
  segment_bytes_max_ = archive::Archive::kSegmentBytesMax;
  ASSERT_TRUE(Start().ok());  // Level: from here on anew.
  folder_->there = false;
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(Tell().ok());
  folder_->there = true;
  const auto kept = UnsyncedFrames::Load(*engine_->engine);
  const std::uint64_t missed = kept->ArchiveBytesBehind(ArchivedThrough());
  const std::uint64_t before = ArchiveBytes();

  folder_->free_bytes = kHalfReserve + missed - 1;
  EXPECT_EQ(ReasonOf(journal_->Copy().status()), Reason::kDiskReserve);
  EXPECT_EQ(ArchiveBytes(), before);
  folder_->free_bytes = kHalfReserve + missed;
  EXPECT_TRUE(journal_->Copy().ok());
  EXPECT_EQ(ArchiveBytes(), before + missed);
  EXPECT_EQ(kept->ArchiveBytesBehind(ArchivedThrough()), 0u);
}

}  // namespace
}  // namespace lethe::vault
