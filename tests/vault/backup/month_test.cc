// A month of daily backups into a folder on a disk that rots: what the list calls good, restores.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <iostream>
#include <iterator>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_format.h"
#include "base/reason.h"
#include "tests/support/replay.h"
#include "tests/support/test_vault.h"
#include "tests/vault/backup/backup_world.h"
#include "tests/vault/backup/store_fault.h"
#include "vault/backup/standing.h"

namespace lethe::test {
namespace {

namespace fs = std::filesystem;
using vault::Record;
using vault::Subject;
using vault::backup::BackupStore;
using vault::backup::File;
using vault::backup::Manifest;
using vault::backup::Standing;
using vault::backup::State;

constexpr int kDays = kSlowBuild ? 8 : 30;
constexpr std::uint64_t kSeed = 20260921;

struct Totals {
  int faults = 0;
  int mended = 0;
  int lost = 0;
  int restored = 0;
  int refused = 0;
  int damaged = 0;  // Backups, at the month's end.
};

class MonthTest : public testing::Test {
 protected:
  MonthTest() : seed_(SeedFromEnvironment(kSeed)), draw_(seed_) {}
  ~MonthTest() override {
    std::cout << absl::StrFormat(
        "seed %d: faults=%d mended=%d lost=%d restored=%d refused=%d damaged=%d of %d\n", seed_,
        totals_.faults, totals_.mended, totals_.lost, totals_.restored, totals_.refused,
        totals_.damaged, kDays);
  }

  std::uint64_t Draw(std::uint64_t below) { return draw_() % below; }

  // People come, are written about and go; tables are written, merged and dropped by that.
  void LiveADay(int day) {
    world_.clock.Advance(absl::Hours(24));
    for (int i = 0; i < 4; ++i) {
      const Subject subject = world_.Create(absl::StrFormat("customer-%d-%d", day, i));
      for (int j = 0; j < 3; ++j) living_.push_back(world_.Put(subject.tag, "support", kText));
    }
    if (day % 3 != 0) return;
    const SubjectTag gone = living_.front().subject;
    ASSERT_THAT(world_->rights().EraseSubject(world_.As("service"), {.subject = gone}), IsOk());
    erased_ = living_.front();
    std::erase_if(living_, [&](const Record& record) { return record.subject == gone; });
  }

  // A few files of the newest backup, which the next one rests on, and now and then one of an
  // older.
  void Rot() {
    if (backups_.empty()) return;
    for (std::uint64_t i = Draw(4); i > 0; --i) RotOne(backups_.back());
    if (Draw(3) == 0) RotOne(backups_[Draw(backups_.size())]);
  }

  void RotOne(const Manifest& backup) {
    const File& file = backup.files[Draw(backup.files.size())];
    const std::string path = world_.Store().PathOf(file.sha256);
    const StoreFault fault = kStoreFaults[Draw(std::size(kStoreFaults))];
    std::error_code error;
    if (fs::file_size(path, error) == 0 || error) return;
    Inflict(fault, path, draw_());
    if (fault == StoreFault::kFlip) unseen_.insert(file.sha256);
    ++totals_.faults;
  }

  // What looking tells is wrong only where a bit rotted since somebody last read.
  void ExpectThatLookingMissesOnlyFreshRot() {
    const auto all = AllStandings(world_.Store());
    ASSERT_THAT(all, IsOk());
    for (const Standing& each : *all) {
      if (each.state != State::kVerified) continue;
      const Manifest& manifest = each.manifest->manifest;
      const bool rotted = std::ranges::any_of(
          manifest.files, [&](const File& file) { return unseen_.contains(file.sha256); });
      EXPECT_TRUE(rotted || IsWhole(world_.Store(), manifest)) << each.position;
    }
  }

  // As `lethe backup list --verify` does.
  std::vector<Standing> ListByReading() {
    const auto store = world_.Store();
    vault::backup::Verification verification(store, [](std::uint64_t) {});
    std::vector<Standing> all = *AllStandings(store);
    for (Standing& each : all) {
      absl::Status noted;
      each = ReadAgain(store, each, verification, world_.clock.Now(), &noted);
      EXPECT_THAT(noted, IsOk());
      const bool whole = IsWhole(store, each.manifest->manifest);
      EXPECT_EQ(each.state, whole ? State::kGood : State::kDamaged) << each.position;
    }
    unseen_.clear();
    return all;
  }

  // With copies of holder and archive: the month goes on in the old folder, as nobody may do.
  void ExpectItRestores(const Standing& standing) {
    SCOPED_TRACE(standing.position);
    const Manifest& manifest = standing.manifest->manifest;
    world_.Close();
    world_.CopyKeysTo(world_.PathOf("copies"));
    const auto restored = world_.RestoreWith(world_.PathOf("copies"), manifest, "restored");
    if (standing.state == State::kGood) {
      ASSERT_THAT(restored, IsOk());
      ExpectTheLiving();
      ++totals_.restored;
    } else {
      EXPECT_TRUE(absl::IsDataLoss(restored.status())) << restored.status();
      EXPECT_FALSE(fs::exists(world_.PathOf("restored")));
      ++totals_.refused;
    }
    world_.Close();
    fs::remove_all(world_.PathOf("restored"));
    fs::remove_all(world_.PathOf("copies"));
  }

  void ExpectTheLiving() {
    world_.Serve(world_.PathOf("restored"));
    for (const Record& record : {living_.front(), living_[Draw(living_.size())], living_.back()}) {
      const auto found = world_->data().GetRecord(world_.As("support"), record.subject, record.tag);
      ASSERT_THAT(found, IsOk());
      EXPECT_EQ(found->data, kText);
    }
    if (!erased_.has_value()) return;
    EXPECT_THAT(world_->data().GetRecord(world_.As("support"), erased_->subject, erased_->tag),
                IsRefused(Reason::kSubjectErased));
  }

  static constexpr char kText[] = R"({"text":"as it was"})";

  const std::uint64_t seed_;
  std::mt19937_64 draw_;
  BackupWorld world_;
  std::vector<Record> living_;
  std::optional<Record> erased_;  // The last one.
  std::vector<Manifest> backups_;
  std::set<crypto::Digest> unseen_;  // Rotted since they were read last.
  Totals totals_;
};

TEST_F(MonthTest, EveryBackupThatTheListCallsGoodRestores) {
  for (int day = 0; day < kDays; ++day) {
    SCOPED_TRACE(absl::StrFormat("day %d", day));
    LiveADay(day);
    Rot();
    const auto taken = world_.TakeBackup();
    ASSERT_TRUE(taken.ok()) << taken.status();
    totals_.mended += static_cast<int>(taken->mended.size());
    totals_.lost += static_cast<int>(taken->lost.size());
    backups_.push_back(taken->manifest.manifest);
    EXPECT_TRUE(IsWhole(world_.Store(), backups_.back()));
    ExpectThatLookingMissesOnlyFreshRot();

    const std::vector<Standing> all = ListByReading();
    EXPECT_EQ(all.back().state, State::kGood);
    // All at the month's end; meanwhile the newest now and then, since a restore takes its time.
    if (day % 3 != 1) continue;
    ExpectItRestores(all.back());
    if (HasFatalFailure()) return;
    world_.Serve(world_.PathOf("vault"));
  }
  for (const Standing& each : ListByReading()) {
    totals_.damaged += each.state == State::kDamaged ? 1 : 0;
    ExpectItRestores(each);
  }
  EXPECT_GT(totals_.mended, 0) << "nothing that was reused was ever damaged";
  EXPECT_GT(totals_.refused, 0) << "no backup was ever beyond mending";
}

// The control: the same month by somebody who believes that what is in the folder is what was put
// there. His backups are all listed, and the newest is not one that can be restored.
TEST_F(MonthTest, WhoeverBelievesWhatIsThereHasBackupsThatDoNotRestore) {
  int broken_when_made = 0;
  for (int day = 0; day < kDays; ++day) {
    LiveADay(day);
    Rot();
    const auto store = world_.Store();
    const std::set<crypto::Digest> there = *store.Contents();
    vault::backup::Receiver receiver(store, there, world_.Signer());
    ASSERT_THAT(world_.Send(there, false, receiver), IsOk());
    const auto found = receiver.Finish();
    ASSERT_THAT(found, IsOk());
    ASSERT_THAT(receiver.Publish(), IsOk());
    backups_.push_back(found->manifest);
    broken_when_made += IsWhole(store, backups_.back()) ? 0 : 1;
  }
  EXPECT_GT(broken_when_made, kDays / 2);
  EXPECT_EQ(world_.Store().List()->size(), static_cast<std::size_t>(kDays));
  // Nor is any of them called good.
  const std::vector<Standing> all = *AllStandings(world_.Store());
  for (const Standing& each : all) {
    EXPECT_NE(each.state, State::kVerified) << each.position;
  }
  world_.Close();
  const auto restored = world_.Restore(backups_.back(), "restored");
  EXPECT_EQ(restored.ok(), IsWhole(world_.Store(), backups_.back()));
}

}  // namespace
}  // namespace lethe::test
