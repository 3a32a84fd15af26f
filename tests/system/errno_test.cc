// Errors of system calls, met by the server and its tools in every act: a few that the seed draws.
// All of them: scripts/soak.sh errnos. First what judges them is judged.
#include "tests/system/errno_run.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <fstream>
#include <iostream>
#include <set>

#include "tests/support/temp_dir.h"
#include "tests/system/errno_table.h"
#include "tests/system/exit_codes.h"
#include "tests/system/file_wait.h"

namespace lethe::test {
namespace {

constexpr std::uint64_t kSeed = 20260110;
// A slower machine tries fewer places, not longer; below so many it is no test.
constexpr absl::Duration kLimit = absl::Seconds(80);
constexpr std::int64_t kCaughtMin = 3;
constexpr absl::Duration kToolLimit = absl::Seconds(20);

Trap Failing(Calls calls, const std::string& error) { return {calls, 1, Effect::kFail, error}; }

bool Passes(const Trap& trap, const ProcessEnd& end, bool was_starting = false) {
  return JudgeErrnoEnd(trap, "", end, was_starting).ok();
}

TEST(ErrnoJudgeTest, OnlyADocumentedEndPasses) {
  const Trap trap = Failing(Calls::kWrite, "EIO");
  EXPECT_TRUE(Passes(trap, {.code = kExitSealed}));
  EXPECT_TRUE(Passes(trap, {.code = kExitNoVault}, true));
  EXPECT_TRUE(Passes(trap, {.code = kExitBadConfig}, true));

  EXPECT_FALSE(Passes(trap, {.code = kExitNoVault}));
  EXPECT_FALSE(Passes(trap, {.code = 0}));
  EXPECT_FALSE(Passes(trap, {.code = 0}, true));
  EXPECT_FALSE(Passes(trap, {.code = 127}, true));
  EXPECT_FALSE(Passes(trap, {.signal = SIGSEGV}));
  EXPECT_FALSE(Passes(trap, {.signal = SIGABRT}));
  EXPECT_FALSE(Passes(trap, {.signal = SIGABRT}, true));
}

TEST(ErrnoJudgeTest, WantOfDescriptorsOrConnectionsEndsNoServer) {
  for (const char* const error : {"EMFILE", "ENFILE"}) {
    EXPECT_FALSE(Passes(Failing(Calls::kOpen, error), {.code = kExitSealed})) << error;
    EXPECT_FALSE(Passes(Failing(Calls::kOpen, error), {.code = kExitSealed}, true)) << error;
    EXPECT_TRUE(Passes(Failing(Calls::kOpen, error), {.code = kExitNoVault}, true)) << error;
  }
  EXPECT_TRUE(Passes(Failing(Calls::kOpen, "EIO"), {.code = kExitSealed}));
  EXPECT_FALSE(Passes(Failing(Calls::kAccept, "ENOMEM"), {.code = kExitDeaf}));
}

TEST(ErrnoJudgeTest, OnlyWhereALibraryLeavesNoChoiceMayAProcessAbort) {
  EXPECT_TRUE(Passes(Failing(Calls::kMap, "ENOMEM"), {.signal = SIGABRT}));
  EXPECT_FALSE(Passes(Failing(Calls::kMap, "ENOMEM"), {.signal = SIGSEGV}));
  EXPECT_FALSE(Passes(Failing(Calls::kRandom, "EINTR"), {.signal = SIGABRT}));

  const std::string write = "41 write(12</v/db/MANIFEST-000005>) = -1 EIO (INJECTED)\n";
  const std::string cut = "41 ftruncate(12</v/db/MANIFEST-000005>) = -1 EIO (INJECTED)\n";
  const std::string ours = "41 ftruncate(9</v/archive/1.lethe>) = -1 EIO (INJECTED)\n";
  const auto aborts = [](const std::string& caught) {
    return JudgeErrnoEnd(Failing(Calls::kWrite, "EIO"), caught, {.signal = SIGABRT}, false).ok();
  };
  EXPECT_TRUE(aborts(write + cut));
  EXPECT_FALSE(aborts(write));
  EXPECT_FALSE(aborts(cut));
  EXPECT_FALSE(aborts(write + ours));

  const Trap trap = Failing(Calls::kSync, "EIO");
  EXPECT_TRUE(JudgeErrnoToolEnd(trap, "", {.code = 1}).ok());
  EXPECT_FALSE(JudgeErrnoToolEnd(trap, "", {.code = 127}).ok());
  EXPECT_FALSE(JudgeErrnoToolEnd(trap, "", {.signal = SIGABRT}).ok());
}

TEST(ErrnoJudgeTest, ARefusalPassesOnlyForAReasonThatAFailedCallIs) {
  EXPECT_TRUE(IsExplainedRefusal(
      "LOST s0.1: refused: RESOURCE_EXHAUSTED / DESCRIPTOR_RESERVE: the server's reserve"));
  EXPECT_TRUE(
      IsExplainedRefusal("LOST s0.1: refused: UNAVAILABLE / DATABASE_MISSING: the database's"));
  EXPECT_FALSE(IsExplainedRefusal("LOST s0.1: refused: DATA_LOSS / DECRYPT_FAILED: a row"));
  EXPECT_FALSE(IsExplainedRefusal("LOST s0.1: left open: DEADLINE_EXCEEDED / no reason: "));
  EXPECT_FALSE(IsExplainedRefusal(
      "LOST s0.1: sent again: RESOURCE_EXHAUSTED / DESCRIPTOR_RESERVE: the server's reserve"));
}

TEST(ErrnoTableTest, EveryActMeetsEveryKindOfCall) {
  std::set<std::pair<Act, Calls>> met;
  for (const ErrnoRow& row : ErrnoRows()) met.emplace(row.act, row.calls);
  EXPECT_EQ(met.size(), 6u * 9u - 2u);  // Nobody calls what only starts.
}

TEST(ErrnoTableTest, TheTrapsOfAStartBeginWhereItsLibrariesAreLoaded) {
  const std::string rehearsed =
      "openat(AT_FDCWD</>, \"/etc/ld.so.cache\", O_RDONLY|O_CLOEXEC) = 3</etc/ld.so.cache>\n"
      "openat(AT_FDCWD</>, \"/lib/x86_64-linux-gnu/libc.so.6\", O_RDONLY) = 3</lib/libc.so.6>\n"
      "openat(AT_FDCWD</>, \"/vault/vault.json\", O_RDONLY) = 3</vault/vault.json>\n"
      "memfd_create(\"\", MFD_CLOEXEC) = 4</memfd:>\n"
      "--- SIGCHLD ---\n"
      "openat(AT_FDCWD</>, \"/vault/db\", O_RDONLY) = 5</vault/db>\n"
      "+++ exited with 0 +++\n";
  std::vector<std::string> texts;
  for (const Trap& trap : TrapsAfterLoading(rehearsed, Failing(Calls::kOpen, "EIO"))) {
    texts.push_back(trap.ToText());
  }
  EXPECT_THAT(texts,
              testing::ElementsAre("openat 3 (EIO)", "memfd_create 1 (EIO)", "openat 4 (EIO)"));
}

// The tool on a program that everybody knows: cat meets the error at the file it shall print, and
// at no other place, and in each trap one call is caught.
TEST(ErrnoTableTest, AProgramMeetsAnErrorOnceAtEachOfItsPlaces) {
  const TempDir folder;
  std::ofstream(folder / "file") << "text\n";
  auto self = ChildProcess::Start({"sleep", "60"}, folder / "out");
  ASSERT_TRUE(self.ok());
  const absl::Status usable = Strace::Usable(self->pid(), folder.path());
  if (!usable.ok()) GTEST_SKIP() << usable.message();
  const auto run = [&](const Trap& trap) {
    auto argv = Strace::Prefix(trap, folder / "trace");
    argv.insert(argv.end(), {"cat", folder / "file"});
    const auto end = ::lethe::test::Run(argv, folder / "printed", kToolLimit);
    return std::pair(end->code, *Strace::OutputUntilEndOf(0, trap, folder / "trace"));
  };

  Trap trap = Failing(Calls::kOpen, "EMFILE");
  trap.first_thread = true;
  Trap never = trap;
  never.nth = Trap::kNeverReached;
  const auto [whole, rehearsed] = run(never);
  ASSERT_EQ(whole, 0);
  ASSERT_EQ(CaughtIn(rehearsed), "");
  int refused = 0;
  for (const Trap& each : TrapsAfterLoading(rehearsed, trap)) {
    const auto [code, output] = run(each);
    const std::string caught = CaughtIn(output);
    EXPECT_EQ(std::ranges::count(caught, '\n'), 1) << each.ToText() << "\n" << output;
    EXPECT_EQ(code, caught.find(folder / "file") == caught.npos ? 0 : 1) << caught;
    refused += code;
  }
  EXPECT_EQ(refused, 1);
}

TEST(ErrnoTest, RefusedOrAnOrderlyEndAndTheNextStartIsWhole) {
  const auto totals = RunErrnos({.run = {.seed = kSeed, .limit = kLimit}, .slice = true});
  if (absl::IsUnavailable(totals.status())) GTEST_SKIP() << totals.status().message();

  ASSERT_TRUE(totals.ok()) << totals.status();
  std::cout << totals->Line("errnos", kSeed) << '\n';
  EXPECT_TRUE(totals->ok()) << totals->Complaint("errnos", kSeed);
  EXPECT_GE(totals->cycles, kCaughtMin);
}

}  // namespace
}  // namespace lethe::test
