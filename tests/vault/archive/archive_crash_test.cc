// A power cut after each write and sync of an archive: what was synced is there, in order, and the
// archive goes on.
#include <string>
#include <vector>

#include "tests/support/disk_log.h"
#include "tests/support/disk_state.h"
#include "tests/vault/archive/archive_fixture.h"
#include "tests/vault/archive/memory_folder.h"
#include "tests/vault/archive/recording_folder.h"
#include "vault/archive/archive.h"

namespace lethe::vault::archive {
namespace {

using test::Crash;
using test::DiskLog;
using test::DiskState;
using test::FolderDisk;
using test::FrameFrom;
using test::kVaultA;
using test::MemoryFolder;
using test::RecordingFolder;
using test::SameFrame;
using test::Unsynced;

constexpr std::uint64_t kSmallSegment = 600;
constexpr std::size_t kFrameBytes = 40;

// How many events had happened when a sequence was known to be synced.
struct Acknowledged {
  std::size_t events;
  std::uint64_t sequence;
};

class ArchiveCrashTest : public testing::Test {
 protected:
  ArchiveCrashTest() {
    RecordingFolder folder(std::make_unique<MemoryFolder>(disk_), log_, "/archive");
    EXPECT_TRUE(Archive::Create(folder, kVaultA).ok());
    Acknowledge(0);
  }

  void Acknowledge(std::uint64_t sequence) { acknowledged_.push_back({log_->size(), sequence}); }

  // Ten frames, then ten more after a reopen. Every other sync is left out, so that some segment is
  // left behind with its last frame unsynced.
  void Record() {
    for (int run = 0; run < 2; ++run) {
      auto archive = Archive::Open(std::make_unique<RecordingFolder>(
                                       std::make_unique<MemoryFolder>(disk_), log_, "/archive"),
                                   kVaultA, kSmallSegment);
      ASSERT_TRUE(archive.ok());
      for (int i = 0; i < 10; ++i) {
        ASSERT_TRUE((*archive)->Append(FrameFrom((*archive)->last_sequence() + 1)).ok());
        if (i % 2 == 0) continue;
        ASSERT_TRUE((*archive)->Sync().ok());
        Acknowledge((*archive)->last_sequence());
      }
    }
  }

  std::uint64_t AcknowledgedAt(std::size_t events) const {
    std::uint64_t sequence = 0;
    for (const Acknowledged& entry : acknowledged_) {
      if (entry.events <= events) sequence = entry.sequence;
    }
    return sequence;
  }

  void CheckCrash(std::span<const test::DiskEvent> events, const Crash& crash) {
    SCOPED_TRACE(testing::Message() << "events " << crash.events << ", unsynced "
                                    << static_cast<int>(crash.unsynced) << ", seed " << crash.seed);
    auto after = std::make_shared<FolderDisk>();
    const DiskState state(events, crash);
    for (const auto& [path, bytes] : state.files()) {
      after->files[path.substr(path.rfind('/') + 1)].bytes = bytes;
    }
    auto archive = Archive::Open(std::make_unique<MemoryFolder>(after), kVaultA, kSmallSegment);
    ASSERT_TRUE(archive.ok()) << archive.status();
    EXPECT_GE((*archive)->last_sequence(), AcknowledgedAt(crash.events));

    ASSERT_TRUE((*archive)->Append(FrameFrom((*archive)->last_sequence() + 1)).ok());
    ASSERT_TRUE((*archive)->Sync().ok());
    std::uint64_t seen = 0;
    const absl::Status replayed = (*archive)->Replay(0, [&](const Frame& frame) {
      EXPECT_TRUE(SameFrame(frame, FrameFrom(++seen, 1, kFrameBytes)));
      return absl::OkStatus();
    });
    EXPECT_TRUE(replayed.ok()) << replayed;
    EXPECT_EQ(seen, (*archive)->last_sequence());
  }

  std::shared_ptr<DiskLog> log_ = std::make_shared<DiskLog>();
  std::shared_ptr<FolderDisk> disk_ = std::make_shared<FolderDisk>();
  std::vector<Acknowledged> acknowledged_;
};

TEST_F(ArchiveCrashTest, EveryPrefixOfWhatHappenedOpensWithAllThatWasSynced) {
  Record();
  const std::vector<test::DiskEvent> events = log_->Events();
  const std::size_t made = acknowledged_.front().events;
  int crashes = 0;
  for (std::size_t count = made; count <= events.size(); ++count) {
    for (const Unsynced unsynced : {Unsynced::kKeep, Unsynced::kDrop, Unsynced::kTear}) {
      CheckCrash(events, {count, unsynced});
      ++crashes;
    }
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
      CheckCrash(events, {count, Unsynced::kMix, seed});
      ++crashes;
    }
  }
  EXPECT_GT(crashes, 1'000);
}

}  // namespace
}  // namespace lethe::vault::archive
