// What an engine gets of the rest of an archive that is lost for good: all that leads on from it to
// the archive's newest end, or nothing.
#include <gtest/gtest.h>

#include <cstdint>
#include <memory>
#include <string>

#include "base/reason.h"
#include "tests/vault/journal/journal_fixture.h"
#include "vault/archive/segment.h"
#include "vault/journal/journal_level.h"

namespace lethe::vault {
namespace {

// Five commits, each with a segment of its own; the last two are in the archive alone, as after a
// power cut just behind a rotation, and an older segment is missing.
class JournalRestTest : public test::JournalTest {
 protected:
  JournalRestTest() {
    segment_bytes_max_ = 1;
    EXPECT_TRUE(Start().ok());
    for (int i = 1; i <= 5; ++i) EXPECT_TRUE(Commit(Row(std::to_string(i))).ok());
    journal_ = nullptr;
    while (engine_->writes.size() > 3) engine_->writes.pop_back();
    engine_->LosePower();
    folder_->files.erase(archive::SegmentName(2));
    EXPECT_EQ(ReasonOf(Start()), Reason::kChainBroken) << "the archive is lost";
    EXPECT_EQ(engine_->engine->Position(), 3u);
  }

  std::string& Segment(std::uint64_t first) {
    return folder_->files.at(archive::SegmentName(first)).bytes;
  }
  absl::Status Bring() {
    return BringInTheRest(*engine_->engine, test::MemoryFolder(folder_), VaultId());
  }
  void ExpectBroughtThrough(std::uint64_t sequence) {
    const absl::Status brought = Bring();
    EXPECT_TRUE(brought.ok()) << brought;
    EXPECT_EQ(engine_->engine->Position(), sequence);
    EXPECT_TRUE(Has(std::to_string(sequence)));
    EXPECT_FALSE(Has(std::to_string(sequence + 1)));
  }
  void ExpectRefusedUnchanged() {
    EXPECT_EQ(ReasonOf(Bring()), Reason::kChainBroken);
    EXPECT_EQ(engine_->engine->Position(), 3u);
  }
};

TEST_F(JournalRestTest, TheSegmentsThatLeadToTheNewestAreBroughtIn) { ExpectBroughtThrough(5); }

TEST_F(JournalRestTest, WhatTheEngineHasNeedNotBeWhole) {
  Segment(3).back() ^= 1;
  Segment(1).clear();
  ExpectBroughtThrough(5);
}

TEST_F(JournalRestTest, TheNewestsEndMayBeTorn) {
  Segment(5).pop_back();
  ExpectBroughtThrough(4);
}

TEST_F(JournalRestTest, TheNewestsHeaderMayBeTorn) {
  Segment(5).resize(10);
  ExpectBroughtThrough(4);
}

TEST_F(JournalRestTest, WhereOneOfThemIsGoneOrDamagedNothingIsBroughtIn) {
  const std::string whole = Segment(4);
  folder_->files.erase(archive::SegmentName(4));
  ExpectRefusedUnchanged();
  Segment(5).resize(archive::kSegmentHeaderBytes);  // That it was begun is enough.
  ExpectRefusedUnchanged();
  folder_->files[archive::SegmentName(4)].bytes = whole;
  Segment(4).pop_back();
  ExpectRefusedUnchanged();
  Segment(4) = whole;
  ExpectBroughtThrough(4);
}

// A segment that the newest one does not name as what came before it.
TEST_F(JournalRestTest, AnotherHistoryIsNotBroughtIn) {
  folder_->files.erase(archive::SegmentName(4));
  auto other = std::make_shared<test::FolderDisk>();
  test::MemoryFolder beside(other);
  ASSERT_TRUE(archive::Archive::Create(beside, VaultId(), {.after = 3}).ok());
  auto archive = archive::Archive::Open(std::make_unique<test::MemoryFolder>(other), VaultId());
  ASSERT_TRUE((*archive)->Append({4, 4, Row("of another history").Encode()}).ok());
  folder_->files[archive::SegmentName(4)] = other->files.at(archive::SegmentName(4));
  ExpectRefusedUnchanged();
}

}  // namespace
}  // namespace lethe::vault
