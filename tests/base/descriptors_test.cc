#include "base/descriptors.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

#include <vector>

#include "base/direct_read.h"
#include "base/reason.h"

namespace lethe {
namespace {

void SetLimits(int soft, int hard) {
  const rlimit limits{.rlim_cur = static_cast<rlim_t>(soft), .rlim_max = static_cast<rlim_t>(hard)};
  setrlimit(RLIMIT_NOFILE, &limits);
}

// In a process of its own, since the table is the process's; what `body` returns is its exit code.
template <typename Body>
void InAChild(int limit, Body body) {
  EXPECT_EXIT(
      {
        SetLimits(limit, limit);
        _exit(body());
      },
      ::testing::ExitedWithCode(0), "");
}

std::vector<int> FillTable() {
  std::vector<int> taken;
  for (int fd = dup(0); fd >= 0; fd = dup(0)) taken.push_back(fd);
  return taken;
}

bool Refused(int count) { return ReasonOf(CheckDescriptors(count)) == Reason::kDescriptorReserve; }

TEST(DescriptorsTest, WhatIsFreeIsToldExactly) {
  InAChild(64, [] {
    std::vector<int> taken = FillTable();
    if (!Refused(1)) return 1;
    for (int i = 0; i < 10; ++i) close(taken[taken.size() - 1 - static_cast<std::size_t>(i)]);
    if (!CheckDescriptors(10).ok()) return 2;
    return Refused(11) ? 0 : 3;
  });
}

// The last numbers are in use from an earlier rush, and those before them free again.
TEST(DescriptorsTest, HolesCountToo) {
  InAChild(64, [] {
    std::vector<int> taken = FillTable();
    for (std::size_t i = 0; i < 10; ++i) close(taken[i]);
    if (!CheckDescriptors(9).ok()) return 1;
    return Refused(11) ? 0 : 2;
  });
}

TEST(DescriptorsTest, TheLimitIsRaisedToTheHardOne) {
  EXPECT_EXIT(
      {
        SetLimits(64, 128);
        _exit(DescriptorLimit() == 64 && RaiseDescriptorLimit() == 128 && DescriptorLimit() == 128
                  ? 0
                  : 1);
      },
      ::testing::ExitedWithCode(0), "");
}

TEST(DescriptorsTest, MoreThanTheLimitIsNeverFree) {
  EXPECT_TRUE(Refused(DescriptorLimit() + 1));
  EXPECT_TRUE(CheckDescriptors(0).ok());
  const int before = *CountDescriptors();
  const int fd = dup(0);
  EXPECT_EQ(*CountDescriptors(), before + 1);
  close(fd);
}

// With one left, the file opens but not past the cache: that must not pass for a direct read.
TEST(DescriptorsTest, ADirectReadWithoutADescriptorIsRefusedAndNotCached) {
  InAChild(64, [] {
    std::vector<int> taken = FillTable();
    if (ReasonOf(DirectReader::Open("/proc/self/exe").status()) != Reason::kDescriptorReserve) {
      return 1;
    }
    close(taken.back());
    if (ReasonOf(DirectReader::Open("/proc/self/exe").status()) != Reason::kDescriptorReserve) {
      return 2;
    }
    return CheckDescriptors(1).ok() ? 0 : 3;
  });
}

}  // namespace
}  // namespace lethe
