// The server meets traps of its own at a write, a sync or a rename: a few positions of every kind
// of change and of the start. All of them: scripts/soak.sh inject, and faults.
#include "tests/system/inject_run.h"

#include <gtest/gtest.h>

#include <iostream>

#include "tests/system/exit_codes.h"
#include "tests/system/running_vault.h"
#include "tests/system/worker.h"

namespace lethe::test {
namespace {

constexpr std::uint64_t kSeed = 20260103;
// Ten times what it takes on two free cores. A slower machine still tries fewer positions, not
// longer; below so many it is no test.
constexpr absl::Duration kLimit = absl::Seconds(80);
constexpr std::int64_t kEndsMin = 4;

void RunSlice(const char* label, const std::vector<Effect>& effects) {
  const auto totals =
      RunInjections({.run = {.seed = kSeed, .limit = kLimit}, .effects = effects, .slice = true});
  if (absl::IsUnavailable(totals.status())) GTEST_SKIP() << totals.status().message();

  ASSERT_TRUE(totals.ok()) << totals.status();
  std::cout << totals->Line(label, kSeed) << '\n';
  EXPECT_TRUE(totals->ok()) << totals->Complaint(label, kSeed);
  EXPECT_GE(totals->cycles, kEndsMin);
}

TEST(InjectTest, KilledAtAWriteSyncOrRenameEveryChangeIsWholeOrNotThere) {
  RunSlice("inject", {Effect::kKill});
}

TEST(InjectTest, AfterAFailedWriteTheServerEndsByItselfAndNothingIsLost) {
  RunSlice("faults", kStorageFaults);
}

// Of the database and of the information log that it keeps beside it and writes to again when it is
// closed.
TEST(InjectTest, AFailedWriteOfTheDatabaseEndsTheServerWithItsDocumentedCode) {
  constexpr absl::Duration kEndLimit = absl::Seconds(30);
  auto vault = RunningVault::Make();
  ASSERT_TRUE(vault.ok() && (*vault)->Up().ok());
  ServerProcess& server = (*vault)->server();
  const absl::Status usable = Strace::Usable(server.pid(), (*vault)->folder().logs());
  if (!usable.ok()) GTEST_SKIP() << usable.message();
  Worker worker(kSeed, 0);
  worker.ExpectFailedWrites();
  ASSERT_TRUE(worker.Prepare((*vault)->client(), Operation::kPut));
  const auto files = OpenFilesOf(server.pid(), (*vault)->folder().data() + "/db");
  ASSERT_FALSE(files.empty());

  const Trap trap = {Calls::kWrite, 2, Effect::kOutOfSpace};
  const auto strace =
      Strace::Attach(server.pid(), trap, (*vault)->folder().logs() + "/strace", {.files = files});
  ASSERT_TRUE(strace.ok()) << strace.status();
  EXPECT_TRUE(worker.Do((*vault)->client(), Operation::kPut));
  EXPECT_FALSE(worker.Do((*vault)->client(), Operation::kPut));
  (*vault)->HangUp();
  const auto end = server.WaitForEnd(kEndLimit);
  ASSERT_TRUE(end.ok()) << end.status();
  EXPECT_EQ(ToText(*end), ToText({.code = kExitSealed}));

  ASSERT_TRUE((*vault)->Up().ok());
  worker.Check((*vault)->client());
  EXPECT_TRUE(worker.totals().ok()) << worker.totals().Complaint("faults", kSeed);
}

}  // namespace
}  // namespace lethe::test
