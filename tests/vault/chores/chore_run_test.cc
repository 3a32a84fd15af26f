// One chore made up for the purpose: when it is tried again, what it steps over, how it heals.
#include "vault/chores/chore_run.h"

#include <string>
#include <vector>

#include "base/reason.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "storage/memory_engine.h"
#include "vault/chores/halves.h"
#include "vault/chores/housekeeper.h"
#include "vault/rows/row_schema.h"

namespace lethe::vault::chores {
namespace {

using ::testing::ElementsAre;

const absl::Time kStart = absl::FromUnixSeconds(1'790'000'000);
const RowName kBad{table::kDoomed, "b"};

class ChoreRunTest : public ::testing::Test {
 protected:
  Chore Made(absl::StatusOr<bool>& answer) {
    return {.name = "made-up", .period = absl::ZeroDuration(), .step = [&](Round& round) {
              ++steps_;
              if (row_is_bad_) round.StepOver(kBad, absl::DataLossError("cut short"));
              if (row_is_bad_ && !round.IsPutOff("costly")) {
                ++costly_;
                round.PutOff("costly");
              }
              return answer;
            }};
  }

  int steps_ = 0;
  int costly_ = 0;
  bool row_is_bad_ = false;
};

TEST_F(ChoreRunTest, AFailureIsTriedAgainAfterAPauseThatDoublesUpToTenMinutes) {
  absl::StatusOr<bool> answer = Refuse(Reason::kHolderUnreachable, "silent");
  ChoreRun run(Made(answer));
  absl::Time now = kStart;
  std::vector<std::int64_t> pauses;
  for (int i = 0; i < 12; ++i) {
    ASSERT_TRUE(run.Step(now).ok()) << "not final";
    const ChoreStatus status = run.Status();
    EXPECT_FALSE(run.IsDue(status.next_try - absl::Microseconds(1)));
    EXPECT_TRUE(run.IsDue(status.next_try));
    pauses.push_back(absl::ToInt64Seconds(status.next_try - now));
    now = status.next_try;
  }
  EXPECT_THAT(pauses, ElementsAre(1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 600, 600));
  EXPECT_EQ(run.Status().failures, 12u);
  EXPECT_EQ(run.Status().reason, "HOLDER_UNREACHABLE");
  EXPECT_EQ(run.Status().failing_since, kStart);
  EXPECT_FALSE(run.Status().healthy);

  answer = false;
  ASSERT_TRUE(run.Step(now).ok());
  EXPECT_TRUE(run.Status().healthy);
  EXPECT_EQ(run.Status().failures, 0u);
  EXPECT_EQ(run.Status().failures_in_all, 12u);
}

TEST_F(ChoreRunTest, ABadRowIsNamedAndWhatHangsOnItIsTriedAgainAfterThePause) {
  absl::StatusOr<bool> answer = false;
  ChoreRun run(Made(answer));
  row_is_bad_ = true;
  for (int second = 0; second < 64; ++second) {
    ASSERT_TRUE(run.IsDue(kStart + absl::Seconds(second))) << "the rest does not wait";
    ASSERT_TRUE(run.Step(kStart + absl::Seconds(second)).ok());
  }
  EXPECT_EQ(steps_, 64);
  EXPECT_EQ(costly_, 7) << "at 0, 1, 3, 7, 15, 31 and 63 seconds";
  EXPECT_FALSE(run.Status().healthy);
  EXPECT_EQ(run.Status().failures, 0u);
  ASSERT_EQ(run.Status().bad_row_count, 1u);
  EXPECT_EQ(run.Status().bad_rows[0].table, "doomed");
  EXPECT_EQ(run.Status().bad_rows[0].reason, "DATA_LOSS");

  row_is_bad_ = false;
  ASSERT_TRUE(run.Step(kStart + absl::Seconds(64)).ok());
  EXPECT_FALSE(run.Status().healthy) << "not looked at yet";
  ASSERT_TRUE(run.Step(run.Status().next_try).ok());
  EXPECT_TRUE(run.Status().healthy);
}

TEST_F(ChoreRunTest, ANumberIsTheRowsPlaceInItsTableAndNoMoreThanSixteenAreTold) {
  const auto engine = storage::NewMemoryEngine(AllTables());
  storage::Batch batch;
  for (char c = 'a'; c <= 'z'; ++c) batch.Put(table::kDoomed, std::string(1, c), "v");
  ASSERT_TRUE(engine->Write(batch, 1, storage::Durability::kSynced).ok());
  ChoreRun run(
      {.name = "all-bad", .period = {}, .step = [](Round& round) {
         for (char c = 'c'; c <= 'z'; ++c) {
           round.StepOver({table::kDoomed, std::string(1, c)}, Refuse(Reason::kLeafLost, "lost"));
         }
         return false;
       }});
  ASSERT_TRUE(run.Step(kStart).ok());
  run.NumberRows(*engine);
  const ChoreStatus status = run.Status();
  ASSERT_EQ(status.bad_rows.size(), ChoreStatus::kBadRowsTold);
  EXPECT_EQ(status.bad_rows[0], (BadRow{"doomed", 3, "LEAF_LOST"}));
  EXPECT_EQ(status.bad_rows[15].number, 18u);
  EXPECT_EQ(status.bad_row_count, 24u);
}

TEST_F(ChoreRunTest, AChoreThatFailsStopsNoOtherButASealedVaultStopsAll) {
  const auto engine = storage::NewMemoryEngine(AllTables());
  FakeClock clock(kStart);
  absl::Status first = absl::DataLossError("bad");
  int others = 0;
  Housekeeper housekeeper({{.name = "first",
                            .period = {},
                            .step = [&](Round&) -> absl::StatusOr<bool> {
                              if (!first.ok()) return first;
                              return false;
                            }},
                           {.name = "second",
                            .period = {},
                            .step =
                                [&](Round&) {
                                  ++others;
                                  return false;
                                }}},
                          *engine, clock);
  EXPECT_TRUE(housekeeper.RunAll().ok());
  EXPECT_EQ(others, 1);
  EXPECT_FALSE(housekeeper.Status()[0].healthy);
  EXPECT_TRUE(housekeeper.Status()[1].healthy);

  clock.Advance(absl::Seconds(1));
  first = Refuse(Reason::kSealed, "sealed");
  EXPECT_EQ(ReasonOf(housekeeper.RunAll()), Reason::kSealed);
  EXPECT_EQ(others, 1);
}

TEST_F(ChoreRunTest, APartThatFailsIsNotedAndWhatIsOfTheVaultEndsTheStep) {
  Pass pass;
  Round round(kStart, pass);
  EXPECT_TRUE(round.Note(Refuse(Reason::kCategoryUnknown, "one tenant's")).ok());
  EXPECT_EQ(ReasonOf(pass.failure), Reason::kCategoryUnknown);
  EXPECT_FALSE(round.Note(Refuse(Reason::kHolderUnreachable, "everybody's")).ok());
}

TEST_F(ChoreRunTest, HalvesFindTheBadOnesAndDoAllOthers) {
  std::vector<int> items(100);
  for (int i = 0; i < 100; ++i) items[i] = i;
  std::vector<int> done;
  std::vector<int> bad;
  int attempts = 0;
  ASSERT_TRUE(DoWithoutBad<int>(
                  items,
                  [&](std::span<const int> some) -> absl::Status {
                    ++attempts;
                    for (const int i : some) {
                      if (i == 17 || i == 80) return Refuse(Reason::kLeafLost, "lost");
                    }
                    done.insert(done.end(), some.begin(), some.end());
                    return absl::OkStatus();
                  },
                  [&](const int& item, const absl::Status&) { bad.push_back(item); })
                  .ok());
  EXPECT_THAT(bad, ElementsAre(17, 80));
  EXPECT_EQ(done.size(), 98u);
  EXPECT_LT(attempts, 30);
}

}  // namespace
}  // namespace lethe::vault::chores
