// What a journal takes while its disk runs full.
#include <atomic>
#include <cstdint>
#include <functional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "base/descriptors.h"
#include "base/reason.h"
#include "gtest/gtest.h"
#include "tests/vault/journal/journal_fixture.h"

namespace lethe::vault {
namespace {

class JournalRoomTest : public test::JournalTest {};

TEST_F(JournalRoomTest, WhatMustGoOnIsCommittedWhereNewDataIsRefused) {
  engine_->reserve = [](std::uint64_t) { return Refuse(Reason::kDiskReserve, "injected"); };
  const auto commit = [&](const std::string& key, storage::Room room) {
    return journal_->Commit(Events(), Row(key), Durability::kSynced, room).status();
  };
  EXPECT_EQ(ReasonOf(commit("new", storage::Room::kSpare)), Reason::kDiskReserve);
  EXPECT_TRUE(commit("read", storage::Room::kReserve).ok());
  EXPECT_TRUE(commit("end", storage::Room::kLast).ok());
  EXPECT_FALSE(Has("new"));
  EXPECT_TRUE(Has("read"));

  folder_->free_bytes = archive::Archive::kReserveBytes / 4;
  EXPECT_EQ(ReasonOf(commit("read", storage::Room::kReserve)), Reason::kDiskReserve);
  EXPECT_EQ(ReasonOf(commit("end", storage::Room::kLast)), Reason::kDiskReserve);
}

// One group holds what may wait and what may not: the first is refused, and takes nothing along.
TEST_F(JournalRoomTest, ARefusalForRoomLeavesTheOthersOfItsGroupAlone) {
  engine_->reserve = [](std::uint64_t) { return Refuse(Reason::kDiskReserve, "injected"); };
  std::atomic<int> refused = 0;
  std::atomic<int> committed = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 16; ++i) {
    threads.emplace_back([&, i] {
      const auto room = i % 2 == 0 ? storage::Room::kSpare : storage::Room::kReserve;
      const auto done =
          journal_->Commit(Events(), Row(std::to_string(i)), Durability::kSynced, room);
      ++(done.ok() ? committed : refused);
    });
  }
  for (std::thread& thread : threads) thread.join();

  EXPECT_EQ(refused, 8);
  EXPECT_EQ(committed, 8);
  for (int i = 0; i < 16; ++i) EXPECT_EQ(Has(std::to_string(i)), i % 2 == 1);
  EXPECT_EQ(journal_->sequence(), 8u);
}

TEST_F(JournalRoomTest, AFullDiskIsRefusedBeforeAnythingIsWritten) {
  ASSERT_TRUE(Commit(Row("a")).ok());
  const auto image = folder_->Image();
  engine_->reserve = [](std::uint64_t bytes) {
    EXPECT_GT(bytes, 100u);
    return Refuse(Reason::kDiskReserve, "injected");
  };
  EXPECT_EQ(ReasonOf(Commit(Row("b", std::string(100, 'x'))).status()), Reason::kDiskReserve);
  engine_->reserve = [](std::uint64_t) { return absl::OkStatus(); };
  folder_->free_bytes = 0;
  EXPECT_EQ(ReasonOf(Commit(Row("c")).status()), Reason::kDiskReserve);

  EXPECT_EQ(folder_->Image(), image);
  EXPECT_EQ(engine_->Writes().size(), 1u);
  folder_->free_bytes = std::uint64_t{1} << 40;
  EXPECT_EQ(Commit(Row("d"))->sequence, 2u);  // Room again: it goes on.
  EXPECT_FALSE(journal_->sealed());
}

// Its archive begins a segment with each commit but the first, which is made.
class JournalRotationTest : public test::JournalTest {
 protected:
  JournalRotationTest() {
    segment_bytes_max_ = 1;
    EXPECT_TRUE(Start().ok());
    EXPECT_TRUE(Commit(Row("first")).ok());
  }
  // What the next opening of a file is answered.
  void Answer(std::function<absl::Status()> answer) { folder_->before_open = std::move(answer); }
  void Withhold() {
    Answer([] { return DescriptorShortage(); });
  }
  void GiveBack() {
    Answer([] { return absl::OkStatus(); });
  }
};

TEST_F(JournalRotationTest, WithoutADescriptorForTheArchiveNothingIsWrittenAndNothingSealed) {
  const auto image = folder_->Image();
  Withhold();
  EXPECT_EQ(ReasonOf(Commit(Row("a")).status()), Reason::kDescriptorReserve);
  EXPECT_FALSE(journal_->sealed());
  EXPECT_EQ(folder_->Image(), image);
  EXPECT_EQ(engine_->Writes().size(), 1u);
  GiveBack();
  EXPECT_EQ(Commit(Row("a"))->sequence, 2u);
  EXPECT_EQ(folder_->Image().size(), 2u) << "the control: it opened a segment";
}

// What was refused is in no frame, so nothing that is kept for a power cut follows it.
TEST_F(JournalRotationTest, AfterARefusedRotationAnUnsyncedCommitSurvivesThePowerCut) {
  Withhold();
  EXPECT_EQ(ReasonOf(Commit(Row("refused")).status()), Reason::kDescriptorReserve);
  GiveBack();
  ASSERT_TRUE(Commit(Row("kept"), Durability::kWritten).ok());
  journal_ = nullptr;
  folder_->LosePower();
  ASSERT_EQ((*OpenArchive())->last_sequence(), 1u) << "the control: the archive lost it";
  const absl::Status start = Start();
  ASSERT_TRUE(start.ok()) << start;
  EXPECT_EQ(journal_->archive()->last_sequence(), 2u);
  EXPECT_TRUE(Has("kept"));
  EXPECT_FALSE(Has("refused"));
}

TEST_F(JournalRotationTest, WhatCannotBeTakenBackWaitsForADescriptor) {
  int refusals = 3;
  Answer([&refusals] { return refusals-- > 0 ? DescriptorShortage() : absl::OkStatus(); });
  const auto done =
      journal_->Commit(Events(), Row("end"), Durability::kWritten, storage::Room::kLast);
  EXPECT_TRUE(done.ok()) << done.status();
  EXPECT_LT(refusals, 0);
  EXPECT_TRUE(Has("end"));
}

// The control: any other failure to open is a failed write.
TEST_F(JournalRotationTest, AnArchiveThatFailsToOpenSeals) {
  Answer([] { return absl::InternalError("injected"); });
  EXPECT_EQ(ReasonOf(Commit(Row("a")).status()), Reason::kInternal);
  EXPECT_TRUE(journal_->sealed());
}

}  // namespace
}  // namespace lethe::vault
