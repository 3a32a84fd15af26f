// Archives over a FolderDisk, filled with frames a test can recognise.
#ifndef LETHE_TESTS_VAULT_ARCHIVE_ARCHIVE_FIXTURE_H_
#define LETHE_TESTS_VAULT_ARCHIVE_ARCHIVE_FIXTURE_H_

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/ids.h"
#include "gtest/gtest.h"
#include "tests/vault/archive/memory_folder.h"
#include "vault/archive/archive.h"

namespace lethe::test {

inline const VaultId kVaultA = VaultId::FromBytes(std::array<std::uint8_t, 16>{0xa});
inline const VaultId kVaultB = VaultId::FromBytes(std::array<std::uint8_t, 16>{0xb});

// `events` sequences from `first`; bytes that name the frame.
inline vault::archive::Frame FrameFrom(std::uint64_t first, std::uint64_t events = 1,
                                       std::size_t bytes = 40) {
  vault::archive::Frame frame;
  frame.first_sequence = first;
  frame.last_sequence = first + events - 1;
  frame.batch = "frame-" + std::to_string(first) + "-";
  frame.batch.resize(bytes, static_cast<char>('a' + first % 26));
  return frame;
}

inline bool SameFrame(const vault::archive::Frame& a, const vault::archive::Frame& b) {
  return a.first_sequence == b.first_sequence && a.last_sequence == b.last_sequence &&
         a.batch == b.batch;
}

class ArchiveTest : public testing::Test {
 protected:
  static constexpr std::uint64_t kSmallSegment = 600;  // Three frames of FrameFrom.

  ArchiveTest() {
    MemoryFolder folder(disk_);
    EXPECT_TRUE(vault::archive::Archive::Create(folder, kVaultA).ok());
    EXPECT_TRUE(Open().ok());
  }

  absl::Status Open(std::uint64_t segment_bytes_max = vault::archive::Archive::kSegmentBytesMax) {
    archive_ = nullptr;
    auto opened = vault::archive::Archive::Open(std::make_unique<MemoryFolder>(disk_), kVaultA,
                                                segment_bytes_max);
    if (opened.ok()) archive_ = *std::move(opened);
    return opened.status();
  }

  // Appends and syncs `frames` frames of one event each.
  void Fill(int frames) {
    for (int i = 0; i < frames; ++i) {
      ASSERT_TRUE(archive_->Append(FrameFrom(archive_->last_sequence() + 1)).ok());
      ASSERT_TRUE(archive_->Sync().ok());
    }
  }

  absl::StatusOr<std::vector<vault::archive::Frame>> ReplayAll(std::uint64_t after = 0) {
    std::vector<vault::archive::Frame> frames;
    absl::Status status = archive_->Replay(after, [&](const vault::archive::Frame& frame) {
      frames.push_back(frame);
      return absl::OkStatus();
    });
    if (!status.ok()) return status;
    return frames;
  }

  std::shared_ptr<FolderDisk> disk_ = std::make_shared<FolderDisk>();
  std::unique_ptr<vault::archive::Archive> archive_;
};

}  // namespace lethe::test

#endif  // LETHE_TESTS_VAULT_ARCHIVE_ARCHIVE_FIXTURE_H_
