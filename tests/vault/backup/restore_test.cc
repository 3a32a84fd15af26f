// Whatever backup is restored, it brings back everything living, with today's rights, and nobody
// else. The rights are a table: a new one is a row.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <map>
#include <string>
#include <thread>
#include <vector>

#include "base/reason.h"
#include "tests/support/test_vault.h"
#include "tests/vault/backup/backup_world.h"

namespace lethe::test {
namespace {

namespace fs = std::filesystem;
using vault::Record;
using vault::Subject;
using vault::backup::Manifest;

constexpr int kMoments = 20;
// Past the end of what is kept for a month, on every calendar.
constexpr absl::Duration kMonthOver = absl::Hours(24 * 33);

// One right: what a person has before it, how it is exercised, and what must be true ever after.
struct Right {
  const char* name;
  std::function<void(BackupWorld&, const Subject&, std::vector<Record>&)> before;
  std::function<void(BackupWorld&, const Subject&, std::vector<Record>&)> exercise;
  std::function<void(BackupWorld&, const Subject&, const std::vector<Record>&)> check;
};

absl::StatusOr<std::string> Read(BackupWorld& world, const Record& record,
                                 const std::string& purpose) {
  const auto found = world->data().GetRecord(world.As(purpose), record.subject, record.tag);
  if (!found.ok()) return found.status();
  return found->data;
}

void Change(BackupWorld& world, const Record& record, const std::string& data) {
  const auto changed = world->data().UpdateRecord(world.As("support"), record.subject, record.tag,
                                                  "", {.data = data});
  ASSERT_TRUE(changed.ok()) << changed.status();
}

void Erase(BackupWorld& world, const Subject& subject) {
  const auto erased = world->rights().EraseSubject(world.As("service"), {.subject = subject.tag});
  ASSERT_TRUE(erased.ok()) << erased.status();
}

void Restrict(BackupWorld& world, const Subject& subject) {
  ASSERT_THAT(world->rights().BeginAct(world.As("service"), subject.tag, vault::Restriction{}),
              IsOk());
}

void PutSupport(BackupWorld& world, const Subject& subject, std::vector<Record>& records) {
  records.push_back(world.Put(subject.tag, "support", R"({"text":"as it was"})"));
}

void NothingYet(BackupWorld&, const Subject&, std::vector<Record>&) {}

std::vector<Right> Rights() {
  return {
      {"nothing happens", PutSupport, NothingYet,
       [](BackupWorld& world, const Subject&, const std::vector<Record>& records) {
         EXPECT_EQ(Read(world, records[0], "support").value_or(""), R"({"text":"as it was"})");
       }},
      {"rectify one and delete one of ten",
       [](BackupWorld& world, const Subject& subject, std::vector<Record>& records) {
         for (int i = 0; i < 10; ++i) PutSupport(world, subject, records);
       },
       [](BackupWorld& world, const Subject&, std::vector<Record>& records) {
         Change(world, records[3], R"({"text":"corrected"})");
         ASSERT_THAT(world->data().DeleteRecord(world.As("support"), records[7].subject,
                                                records[7].tag, ""),
                     IsOk());
       },
       [](BackupWorld& world, const Subject&, const std::vector<Record>& records) {
         int living = 0;
         for (const Record& record : records) living += Read(world, record, "support").ok() ? 1 : 0;
         EXPECT_EQ(living, 9);
         EXPECT_EQ(Read(world, records[3], "support").value_or(""), R"({"text":"corrected"})");
         EXPECT_THAT(Read(world, records[7], "support"), IsRefused(Reason::kResourceNotFound));
       }},
      {"created later", NothingYet, PutSupport,
       [](BackupWorld& world, const Subject&, const std::vector<Record>& records) {
         EXPECT_EQ(Read(world, records[0], "support").value_or(""), R"({"text":"as it was"})");
       }},
      {"restrict", PutSupport,
       [](BackupWorld& world, const Subject& subject, std::vector<Record>&) {
         Restrict(world, subject);
       },
       [](BackupWorld& world, const Subject&, const std::vector<Record>& records) {
         EXPECT_THAT(Read(world, records[0], "support"), IsRefused(Reason::kProcessingRestricted));
       }},
      {"lift",
       [](BackupWorld& world, const Subject& subject, std::vector<Record>& records) {
         PutSupport(world, subject, records);
         Restrict(world, subject);
       },
       [](BackupWorld& world, const Subject& subject, std::vector<Record>&) {
         ASSERT_THAT(world->rights().EndAct(world.As("service"), subject.tag,
                                            {vault::ActKind::kRestriction, world.clock.Now()}),
                     IsOk());
       },
       [](BackupWorld& world, const Subject&, const std::vector<Record>& records) {
         EXPECT_THAT(Read(world, records[0], "support"), IsOk());
       }},
      {"the end of a period",
       [](BackupWorld& world, const Subject& subject, std::vector<Record>& records) {
         records.push_back(world.Put(subject.tag, "telemetry", R"({"seen":true})"));
       },
       [](BackupWorld& world, const Subject&, std::vector<Record>&) {
         const std::uint64_t before = world->operations().Status().generation;
         world.clock.Advance(kMonthOver);
         while (world->operations().Status().generation == before) std::this_thread::yield();
       },
       [](BackupWorld& world, const Subject&, const std::vector<Record>& records) {
         EXPECT_THAT(Read(world, records[0], "service"), IsRefused(Reason::kResourceNotFound));
       }},
      {"erase", PutSupport,
       [](BackupWorld& world, const Subject& subject, std::vector<Record>&) {
         Erase(world, subject);
       },
       [](BackupWorld& world, const Subject& subject, const std::vector<Record>& records) {
         EXPECT_THAT(Read(world, records[0], "support"), IsRefused(Reason::kSubjectErased));
         EXPECT_THAT(world->rights().AccessReport(world.As("access"), subject.tag),
                     IsRefused(Reason::kSubjectErased));
       }},
      {"erase what no law keeps",
       [](BackupWorld& world, const Subject& subject, std::vector<Record>& records) {
         PutSupport(world, subject, records);
         records.push_back(world.Put(subject.tag, "billing", R"({"total":"12.00"})"));
       },
       [](BackupWorld& world, const Subject& subject, std::vector<Record>&) {
         Erase(world, subject);
       },
       [](BackupWorld& world, const Subject&, const std::vector<Record>& records) {
         EXPECT_THAT(Read(world, records[0], "support"), IsRefused(Reason::kSubjectErased));
         EXPECT_THAT(Read(world, records[1], "billing"), IsRefused(Reason::kSubjectErased));
         EXPECT_EQ(Read(world, records[1], "tax").value_or(""), R"({"total":"12.00"})");
       }},
  };
}

// A right with the person who has it.
struct Case {
  Right right;
  std::string number;
  Subject subject;
  std::vector<Record> records;
};

std::vector<Case> MakeCases(BackupWorld& world) {
  std::vector<Case> cases;
  for (Right& right : Rights()) {
    Case one{std::move(right), "customer-" + std::to_string(cases.size()), {}, {}};
    one.subject = world.Create(one.number);
    one.right.before(world, one.subject, one.records);
    cases.push_back(std::move(one));
  }
  return cases;
}

void CheckAll(BackupWorld& world, const std::vector<Case>& cases) {
  for (const Case& one : cases) {
    SCOPED_TRACE(one.right.name);
    one.right.check(world, one.subject, one.records);
  }
}

TEST(RestoreTest, FromTwentyMomentsEverythingIsAsOfToday) {
  BackupWorld world;
  std::vector<Case> cases = MakeCases(world);
  std::vector<Manifest> backups;
  for (int moment = 0; moment < kMoments; ++moment) {
    const auto backup = world.Backup();
    ASSERT_TRUE(backup.ok()) << backup.status();
    backups.push_back(*backup);
    // Each right is exercised once, at a moment of its own; the others' records come between.
    if (moment < static_cast<int>(cases.size())) {
      Case& one = cases[static_cast<std::size_t>(moment)];
      one.right.exercise(world, one.subject, one.records);
    }
    world.Create("passer-by-" + std::to_string(moment));
  }
  world.Close();

  for (const Manifest& backup : backups) {
    SCOPED_TRACE(backup.position);
    const std::string to = "restored-" + std::to_string(backup.position);
    const auto restored = world.Restore(backup, to);
    ASSERT_TRUE(restored.ok()) << restored.status();
    EXPECT_GT(restored->position, backups.back().position);
    world.Serve(world.PathOf(to));
    CheckAll(world, cases);
    world.Close();
    fs::remove_all(world.PathOf(to));
  }
}

// The same check would notice if a restore brought people back: it does where somebody has kept
// what nobody may keep, a copy of the holder.
TEST(RestoreTest, ACopiedHolderWouldBringTheErasedBack) {
  BackupWorld world;
  const Subject ann = world.Create("ann");
  const Record record = world.Put(ann.tag, "support", "{}");
  const auto backup = world.Backup();
  ASSERT_TRUE(backup.ok()) << backup.status();
  world.CopyKeysTo(world.PathOf("copies"));
  Erase(world, ann);
  world.Close();

  ASSERT_THAT(world.RestoreWith(world.PathOf("copies"), *backup, "naive"), IsOk());
  world.Serve(world.PathOf("naive"));
  EXPECT_THAT(Read(world, record, "support"), IsOk());
  ASSERT_THAT(world.Restore(*backup, "right"), IsOk());
  world.Serve(world.PathOf("right"));
  EXPECT_THAT(Read(world, record, "support"), IsRefused(Reason::kSubjectErased));
}

// Everything below a folder, by name.
std::map<std::string, std::string> Contents(const std::string& folder) {
  std::map<std::string, std::string> contents;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (!entry.is_regular_file()) continue;
    std::ifstream in(entry.path(), std::ios::binary);
    contents[entry.path().string()] = {std::istreambuf_iterator<char>(in), {}};
  }
  return contents;
}

constexpr char kSegment[] = "/archive/00000000000000000001.lethe";

// A development vault was never asked whether its file systems forget, and its holder may stand
// beside its data: no restore makes more of it, whatever the file system of the new place.
TEST(RestoreDevTest, ADevelopmentVaultStaysOneUntold) {
  BackupWorld world;
  EXPECT_EQ(world->operations().Status().assurance, vault::Assurance::kUnverified);
  const Manifest backup = *world.Backup();
  EXPECT_TRUE(backup.dev);
  world.Close();
  ASSERT_THAT(world.Restore(backup, "restored"), IsOk());
  world.Serve(world.PathOf("restored"));
  EXPECT_EQ(world->operations().Status().assurance, vault::Assurance::kUnverified);
}

class HardStopTest : public testing::Test {
 protected:
  HardStopTest() {
    ann_ = world_.Create("ann");
    world_.Put(ann_.tag, "support", "{}");
    backup_ = *world_.Backup();
    world_.Put(ann_.tag, "support", "{}");
    bytes_before_erasure_ = fs::file_size(world_.PathOf("keys") + kSegment);
    Erase(world_, ann_);
    world_.Close();
    world_.CopyKeysTo(copies_);
  }

  // Refused for `reason`, with nothing changed but the new folder, which holds no vault.
  void ExpectHardStop(Reason reason) {
    const auto keys = Contents(copies_);
    const auto store = Contents(world_.PathOf("backups"));
    EXPECT_THAT(world_.RestoreWith(copies_, backup_, "restored"), IsRefused(reason));
    EXPECT_TRUE(Contents(copies_) == keys);
    EXPECT_TRUE(Contents(world_.PathOf("backups")) == store);
    EXPECT_FALSE(fs::exists(world_.PathOf("restored/vault.json")));
    // What was missing brought, it goes on.
    fs::remove_all(world_.PathOf("restored"));
    EXPECT_THAT(world_.Restore(backup_, "restored"), IsOk());
  }

  BackupWorld world_;
  Subject ann_;
  Manifest backup_;
  const std::string copies_ = world_.PathOf("copies");
  const std::string segment_ = copies_ + kSegment;
  std::uintmax_t bytes_before_erasure_ = 0;
};

TEST_F(HardStopTest, AnArchiveOneCommitBehindTheErasure) {
  fs::resize_file(segment_, bytes_before_erasure_);
  ExpectHardStop(Reason::kLeafLost);
}

TEST_F(HardStopTest, AnArchiveThatEndsBeforeTheBackup) {
  fs::resize_file(segment_, 200);
  ExpectHardStop(Reason::kChainBroken);
}

TEST_F(HardStopTest, AnArchiveWithADamagedFrameBehindTheBackup) {
  std::fstream file(segment_, std::ios::in | std::ios::out | std::ios::binary);
  file.seekp(static_cast<std::streamoff>(fs::file_size(segment_) / 2));
  file.put('\x5a');
  file.close();
  ExpectHardStop(Reason::kChainBroken);
}

}  // namespace
}  // namespace lethe::test
