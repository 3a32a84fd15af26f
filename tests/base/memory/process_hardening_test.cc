#include "base/memory/process_hardening.h"

#include <gtest/gtest.h>
#include <sys/prctl.h>
#include <sys/resource.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <string>

namespace lethe {
namespace {

constexpr std::size_t kChunkBytes = 4000;  // Beyond what glibc's per-thread cache holds.

// How many of a freed chunk's bytes still read as they were written. The address goes through a
// volatile integer: what it asks is undefined in C++, and known in glibc.
std::size_t BytesLeftAfterFree() {
  void* chunk = std::malloc(kChunkBytes);
  void* const barrier = std::malloc(16);  // Keeps the chunk from merging into the top of the heap.
  volatile auto address = reinterpret_cast<std::uintptr_t>(chunk);
  std::memset(chunk, 0x77, kChunkBytes);
  asm volatile("" ::"r"(chunk) : "memory");
  std::free(chunk);
  const auto* freed = reinterpret_cast<const volatile std::uint8_t*>(address);
  std::size_t left = 0;
  for (std::size_t i = 0; i < kChunkBytes; ++i) left += freed[i] == 0x77 ? 1 : 0;
  std::free(barrier);
  return left;
}

// Runs in a process of its own: hardening cannot be taken back.
[[noreturn]] void HardenAndExit() {
  HardenProcess();
  rlimit core{1, 1};
  getrlimit(RLIMIT_CORE, &core);
  if (core.rlim_cur != 0 || core.rlim_max != 0) std::exit(1);
  if (prctl(PR_GET_DUMPABLE, 0, 0, 0, 0) != 0) std::exit(2);
  std::exit(0);
}

[[noreturn]] void CountFreedBytesAndExit(bool harden) {
  if (harden) HardenProcess();
  const std::size_t left = BytesLeftAfterFree();
  std::exit(left == 0 ? 0 : left > kChunkBytes / 2 ? 1 : 2);
}

[[noreturn]] void CountGapsAndExit(const char* tunables, const char* bind_now = "1") {
  setenv("GLIBC_TUNABLES", tunables, 1);
  setenv("LD_BIND_NOW", bind_now, 1);
  std::exit(static_cast<int>(HardenProcess().size()));
}

class ProcessHardeningTest : public testing::Test {
 protected:
  ProcessHardeningTest() { GTEST_FLAG_SET(death_test_style, "threadsafe"); }
};

TEST_F(ProcessHardeningTest, CoreDumpsAndTracingAreOff) {
  EXPECT_EXIT(HardenAndExit(), testing::ExitedWithCode(0), "");
}

TEST_F(ProcessHardeningTest, FreedMemoryIsOverwrittenWhichItWouldNotBeOtherwise) {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  GTEST_SKIP() << "sanitizers bring an allocator of their own";
#endif
  EXPECT_EXIT(CountFreedBytesAndExit(true), testing::ExitedWithCode(0), "");
  EXPECT_EXIT(CountFreedBytesAndExit(false), testing::ExitedWithCode(1), "");
}

TEST_F(ProcessHardeningTest, SaysThatLibrariesAreBoundOverPlaintextUnlessTheyAreAtStart) {
  EXPECT_EXIT(CountGapsAndExit("glibc.malloc.tcache_count=0", ""), testing::ExitedWithCode(1), "");
}

TEST_F(ProcessHardeningTest, SaysThatSmallChunksWaitInTheThreadCacheUnlessItIsOff) {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  GTEST_SKIP() << "sanitizers bring an allocator of their own";
#endif
  EXPECT_EXIT(CountGapsAndExit("glibc.malloc.check=0"), testing::ExitedWithCode(1), "");
  EXPECT_EXIT(CountGapsAndExit("glibc.malloc.tcache_count=0"), testing::ExitedWithCode(0), "");
}

// The restarted program is this one; asked for its tests' names, it ends with 0 before any runs.
[[noreturn]] void RestartAndExit(const char* tunables, bool bind_now) {
  if (tunables == nullptr) {
    unsetenv("GLIBC_TUNABLES");
  } else {
    setenv("GLIBC_TUNABLES", tunables, 1);
  }
  if (bind_now) {
    setenv("LD_BIND_NOW", "1", 1);
  } else {
    unsetenv("LD_BIND_NOW");
  }
  std::string program = "process_hardening_test";
  std::string list = "--gtest_list_tests";
  char* const words[] = {program.data(), list.data(), nullptr};
  RestartHardened(words);
  std::exit(7);
}

TEST_F(ProcessHardeningTest, RestartsOnceForWhatOnlyTheEnvironmentCanChange) {
  EXPECT_EXIT(RestartAndExit(nullptr, false), testing::ExitedWithCode(0), "");
  EXPECT_EXIT(RestartAndExit("glibc.malloc.check=0", true), testing::ExitedWithCode(0), "");
  EXPECT_EXIT(RestartAndExit("glibc.malloc.tcache_count=0", false), testing::ExitedWithCode(0), "");
  EXPECT_EXIT(RestartAndExit("glibc.malloc.tcache_count=0", true), testing::ExitedWithCode(7), "");
}

}  // namespace
}  // namespace lethe
