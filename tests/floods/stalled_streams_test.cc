// Callers that ask for much and read nothing.
#include <gtest/gtest.h>

#include <algorithm>

#include "absl/time/clock.h"
#include "tests/floods/flood_world.h"
#include "tests/system/made_up.h"
#include "tests/system/vault_folder.h"

namespace lethe::test {
namespace {

constexpr int kRecords = 24;
constexpr std::size_t kRecordBytes = 1'000'000;

class StalledStreamsTest : public ::testing::Test {
 protected:
  void SetUp() override {
    auto world = FloodWorld::Make({"--limits-stalled", "3s"});
    ASSERT_TRUE(world.ok()) << world.status();
    world_ = std::move(*world);
    const Client& client = world_->flooder();
    const auto subject = client.CreateSubject({}, rng_.RequestId());
    ASSERT_TRUE(subject.ok()) << subject.error().ToText();
    subject_ = *subject;
    const std::string data = "{\"text\":\"" + std::string(kRecordBytes, 'x') + "\"}";
    for (int i = 0; i < kRecords; ++i) {
      const absl::Time start = absl::Now();
      const auto record = client.CreateRecord(subject_, kAccount, data, rng_.RequestId());
      ASSERT_TRUE(record.ok()) << record.error().ToText();
      large_put_ = std::max(large_put_, absl::Now() - start);
    }
  }

  void ExpectHeld(const std::string& flood, const std::string& who = kTenant,
                  absl::Duration always_allowed = {}) {
    const auto begin = [&] { return world_->Flood(flood, who, subject_); };
    ExpectBounded(flood, Measure(*world_, begin, always_allowed));
  }

  Rng rng_{20260112, 0};
  std::unique_ptr<FloodWorld> world_;
  std::string subject_;
  absl::Duration large_put_;  // The longest, with nobody else there.
};

TEST_F(StalledStreamsTest, ExportsThatNobodyReads) { ExpectHeld("exports"); }

TEST_F(StalledStreamsTest, ReportsThatNobodyReads) { ExpectHeld("reports"); }

TEST_F(StalledStreamsTest, BackupsThatNobodyReads) { ExpectHeld("backups", "operator"); }

// What is imported is written: whoever comes waits until the disk has the large record that is
// being written, and may meet a second one.
TEST_F(StalledStreamsTest, ImportsThatNobodyReads) {
  ExpectHeld("imports", kTenant, 2 * large_put_);
}

// All slots are taken by callers that do not read: they are cut off, and others get them.
TEST_F(StalledStreamsTest, SlotsComeBack) {
  const std::function<void()> end = world_->Flood("exports", kTenant, subject_);
  Rng rng(20260113, 0);
  const auto own = world_->bystander().CreateSubject({}, rng.RequestId());
  ASSERT_TRUE(own.ok()) << own.error().ToText();
  // First the control, that the slots are taken; then they are given back.
  for (const bool taken : {true, false}) {
    const absl::Time start = absl::Now();
    while (true) {
      const auto document = world_->bystander().Document(DocumentKind::kExport, *own);
      if (!document.ok()) {
        EXPECT_EQ(document.error().reason, "QUEUE_FULL");
      }
      if (document.ok() != taken) break;
      ASSERT_LT(absl::Now() - start, absl::Seconds(15)) << "taken: " << taken;
      absl::SleepFor(absl::Milliseconds(20));
    }
  }
  end();
}

}  // namespace
}  // namespace lethe::test
