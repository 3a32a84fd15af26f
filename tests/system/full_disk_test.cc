// A disk that fills up under the real server: new data is refused while the free-space reserve is
// touched, reads and rights go on, also after a crash, and with room again everything does.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <filesystem>
#include <functional>

#include "tests/system/made_up.h"
#include "tests/system/running_vault.h"
#include "tests/vault/holders/loop_mount.h"

namespace lethe::test {
namespace {

constexpr std::uint64_t kSeed = 20260105;
// lethed's reserve, and what the filler leaves free beyond it.
constexpr std::int64_t kReserveBytes = std::int64_t{64} << 20;
constexpr std::int64_t kRoomBytes = std::int64_t{2} << 20;
constexpr std::size_t kRecordBytes = 60'000;
constexpr int kCallsMax = 600;  // Far more than kRoomBytes holds, of the large ones.

class FullDiskTest : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!disk_.ok()) GTEST_SKIP() << disk_.why_not();
    auto vault = RunningVault::MakeIn(disk_.path());
    ASSERT_TRUE(vault.ok()) << vault.status();
    vault_ = std::move(*vault);
    ASSERT_TRUE(vault_->Up().ok());
  }

  const Client& client() const { return vault_->client(); }

  void FillUp() {
    struct statvfs found = {};
    ASSERT_EQ(statvfs(disk_.path().c_str(), &found), 0);
    const auto free_bytes = static_cast<std::int64_t>(found.f_bavail * found.f_frsize);
    ASSERT_GT(free_bytes, kReserveBytes + kRoomBytes);
    const int file = open(Filler().c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    ASSERT_GE(file, 0);
    EXPECT_EQ(posix_fallocate(file, 0, free_bytes - kReserveBytes - kRoomBytes), 0);
    close(file);
  }
  void MakeRoom() { std::filesystem::remove(Filler()); }

  std::string NewSubject() {
    const auto name = client().CreateSubject({MakeEmail(++people_)}, rng_.RequestId());
    EXPECT_TRUE(name.ok()) << name.error().ToText();
    return *name;
  }
  Answer<std::string> Put(const std::string& subject, std::size_t bytes = 100) {
    std::string data = MakeData(rng_, "account-disk", 1);
    if (data.size() < bytes) data.insert(data.size() - 2, bytes - data.size(), 'x');
    return client().CreateRecord(subject, kAccount, data, rng_.RequestId());
  }
  // Again and again: what still fits takes room as well. True if it is refused for the right
  // reason.
  static bool RefusedInTheEnd(const std::function<CallError()>& call) {
    for (int i = 0; i < kCallsMax; ++i) {
      const CallError error = call();
      if (error.outcome() != Outcome::kDone) return error.reason == "DISK_RESERVE";
    }
    return false;
  }
  void ExpectNewDataRefused(const std::string& subject, const std::string& record) {
    EXPECT_TRUE(RefusedInTheEnd([&] { return Put(subject, kRecordBytes).error(); }));
    EXPECT_TRUE(RefusedInTheEnd([&] { return Put(subject).error(); }));
    EXPECT_TRUE(RefusedInTheEnd([&] {
      const std::string data = MakeData(rng_, "account-disk", 2);
      return client().UpdateRecord(record, data, rng_.RequestId()).error();
    }));
    EXPECT_TRUE(RefusedInTheEnd(
        [&] { return client().CreateSubject({MakeEmail(++people_)}, rng_.RequestId()).error(); }));
  }
  void ExpectReadsGoOn(const std::string& subject, const std::string& record) {
    EXPECT_EQ(client().GetRecord(record, kService).error().ToText(), CallError().ToText());
    EXPECT_TRUE(client().ListRecords(subject, kService).ok());
    EXPECT_TRUE(client().Document(DocumentKind::kReport, subject).ok());
  }

  std::string Filler() const { return disk_ / "filler"; }

  LoopMount disk_{"mkfs.ext4 -q -F -m 0", "rw"};
  std::unique_ptr<RunningVault> vault_;
  Rng rng_{kSeed, 1};
  std::uint64_t people_ = 0;
};

TEST_F(FullDiskTest, NewDataIsRefusedReadsAndRightsGoOnAndRoomHeals) {
  const std::string kept = NewSubject();
  const std::string leaving = NewSubject();
  const std::string contested = NewSubject();
  const auto record = Put(kept);
  const auto unwanted = Put(kept);
  ASSERT_TRUE(record.ok() && unwanted.ok() && Put(leaving).ok() && Put(contested).ok());

  FillUp();
  ExpectNewDataRefused(kept, *record);
  ExpectReadsGoOn(kept, *record);
  EXPECT_TRUE(client().DeleteRecord(*unwanted, rng_.RequestId()).ok());
  EXPECT_TRUE(client().Restrict(contested, rng_.RequestId()).ok());
  EXPECT_TRUE(client().Unrestrict(contested, rng_.RequestId()).ok());
  const auto erased = client().Erase(leaving, rng_.RequestId());
  EXPECT_TRUE(erased.ok()) << erased.error().ToText();

  ASSERT_TRUE(vault_->server().Kill().ok());
  ASSERT_TRUE(vault_->Up().ok());
  ExpectReadsGoOn(kept, *record);
  ExpectNewDataRefused(kept, *record);
  EXPECT_TRUE(client().GetSubject(leaving, kService).Is("SUBJECT_ERASED"));
  EXPECT_TRUE(client().GetErasure(erased->name).ok());
  EXPECT_TRUE(client().GetRecord(*unwanted, kService).Is("RESOURCE_NOT_FOUND"));

  MakeRoom();
  EXPECT_TRUE(Put(kept).ok());
  NewSubject();
}

}  // namespace
}  // namespace lethe::test
