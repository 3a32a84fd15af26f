// The tools of these tests: processes, waiting, traps. What they claim is what happens.
#include <gtest/gtest.h>

#include <csignal>
#include <fstream>
#include <thread>

#include "tests/support/temp_dir.h"
#include "tests/system/child_process.h"
#include "tests/system/file_wait.h"
#include "tests/system/load_gate.h"
#include "tests/system/strace.h"

namespace lethe::test {
namespace {

constexpr absl::Duration kLimit = absl::Seconds(20);

bool HasLine(const std::string& text) { return text.find('\n') != std::string::npos; }

TEST(ChildProcessTest, TheEndOfAProcessIsToldAsItWas) {
  const TempDir folder;
  const auto left = ::lethe::test::Run({"sh", "-c", "echo said; exit 3"}, folder / "out", kLimit);
  const auto missing = ::lethe::test::Run({"no-such-program"}, folder / "out", kLimit);
  auto killed = ChildProcess::Start({"sleep", "60"}, folder / "out");
  ASSERT_TRUE(killed.ok());
  killed->Signal(SIGKILL);

  EXPECT_EQ(left->code, 3);
  EXPECT_EQ(ReadFile(folder / "out"), "said\n");
  EXPECT_EQ(missing->code, 127);
  EXPECT_EQ(killed->Wait(kLimit)->signal, SIGKILL);
}

TEST(ChildProcessTest, AProcessThatIsLetGoIsGone) {
  const TempDir folder;
  pid_t pid = 0;
  {
    const auto child = ChildProcess::Start({"sleep", "60"}, folder / "out");
    ASSERT_TRUE(child.ok());
    pid = child->pid();
    EXPECT_EQ(kill(pid, 0), 0);
  }
  EXPECT_NE(kill(pid, 0), 0);
}

TEST(WaitForFileTest, AFileIsSeenHoweverItComes) {
  const TempDir folder;
  auto writer = ChildProcess::Start(
      {"sh", "-c", "cd $0 && printf 7 > new && echo 443 >> new && mv new port && exec sleep 60",
       folder.path()},
      folder / "out");
  ASSERT_TRUE(writer.ok());
  const auto text = WaitForFile(folder / "port", writer->pidfd(), kLimit, HasLine);

  ASSERT_TRUE(text.ok()) << text.status();
  EXPECT_EQ(*text, "7443\n");
}

TEST(WaitForFileTest, NobodyWaitsForAProcessThatIsGone) {
  const TempDir folder;
  auto child = ChildProcess::Start({"sh", "-c", "exit 1"}, folder / "out");
  ASSERT_TRUE(child.ok());
  EXPECT_TRUE(
      absl::IsAborted(WaitForFile(folder / "never", child->pidfd(), kLimit, HasLine).status()));

  child = ChildProcess::Start({"sleep", "60"}, folder / "out");
  ASSERT_TRUE(child.ok());
  EXPECT_TRUE(absl::IsDeadlineExceeded(
      WaitForFile(folder / "never", child->pidfd(), absl::Milliseconds(1), HasLine).status()));
}

TEST(LoadGateTest, TheMomentIsTheNumberOfOperations) {
  LoadGate gate(100);
  std::thread worker([&] {
    while (gate.Begin()) {
    }
  });
  EXPECT_TRUE(gate.WaitFor(100, kLimit));
  EXPECT_FALSE(gate.WaitFor(101, absl::Milliseconds(1)));
  worker.join();
}

TEST(StraceTest, AProcessDiesAtItsNthCallAndAtNoOther) {
  const TempDir folder;
  const auto target = ChildProcess::Start({"sleep", "60"}, folder / "out");
  ASSERT_TRUE(target.ok());
  const absl::Status usable = Strace::Usable(target->pid(), folder.path());
  if (!usable.ok()) GTEST_SKIP() << usable.message();
  const auto run = [&](const Trap& trap) {
    auto argv = Strace::Prefix(trap, folder / "trace");
    for (const std::string word : {"dd", "if=/dev/zero", "count=1", "conv=fsync"}) {
      argv.push_back(word);
    }
    argv.push_back("of=" + (folder / "written"));
    return *::lethe::test::Run(argv, folder / "out", kLimit);
  };

  EXPECT_EQ(run({Calls::kSync, 1}).signal, SIGKILL);
  EXPECT_EQ(run({Calls::kSync, 2}).code, 0);
  EXPECT_EQ(run({Calls::kRename, 1}).code, 0);
}

}  // namespace
}  // namespace lethe::test
