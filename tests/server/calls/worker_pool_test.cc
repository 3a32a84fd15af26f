#include "server/calls/worker_pool.h"

#include <gtest/gtest.h>

#include <string>

#include "absl/synchronization/notification.h"
#include "base/reason.h"
#include "server/calls/stream_slots.h"
#include "tests/support/fake_clock.h"

namespace lethe::server {
namespace {

const char* const kOne = "one";
const char* const kOther = "other";

class WorkerPoolTest : public ::testing::Test {
 protected:
  // Occupies the pool's one thread until Release().
  void Occupy(WorkerPool& pool) {
    absl::Notification running;
    ASSERT_TRUE(pool.Submit(kOne, absl::InfiniteFuture(),
                            [this, &running](const absl::Status&) {
                              running.Notify();
                              release_.WaitForNotification();
                            })
                    .ok());
    running.WaitForNotification();
  }
  void Release() { release_.Notify(); }

  static Job Note(absl::Status& out, absl::Notification& done) {
    return [&out, &done](const absl::Status& turn) {
      out = turn;
      done.Notify();
    };
  }

  test::FakeClock clock_{absl::FromUnixSeconds(1'000)};
  absl::Notification release_;
};

TEST_F(WorkerPoolTest, AJobIsDone) {
  WorkerPool pool({"test", 2, 4}, clock_);
  absl::Status turn = absl::UnknownError("not called");
  absl::Notification done;
  ASSERT_TRUE(pool.Submit(kOne, absl::InfiniteFuture(), Note(turn, done)).ok());
  done.WaitForNotification();
  EXPECT_TRUE(turn.ok());
}

TEST_F(WorkerPoolTest, AFullQueueRefusesAtOnceAndNeverCallsTheJob) {
  bool called = false;
  {
    WorkerPool pool({"test", 1, 1}, clock_);
    Occupy(pool);
    ASSERT_TRUE(pool.Submit(kOne, absl::InfiniteFuture(), [](const absl::Status&) {}).ok());
    const absl::Status status = pool.Submit(kOne, absl::InfiniteFuture(),
                                            [&called](const absl::Status&) { called = true; });
    EXPECT_EQ(ReasonOf(status), Reason::kQueueFull);
    EXPECT_EQ(pool.waiting(), 1u);
    Release();
  }
  EXPECT_FALSE(called);
}

TEST_F(WorkerPoolTest, AFullQueueIsFullForThoseWhoWaitInIt) {
  WorkerPool pool({"test", 1, 1}, clock_);
  Occupy(pool);
  ASSERT_TRUE(pool.Submit(kOne, absl::InfiniteFuture(), [](const absl::Status&) {}).ok());
  absl::Status turn = absl::UnknownError("not called");
  absl::Notification done;
  EXPECT_TRUE(pool.Submit(kOther, absl::InfiniteFuture(), Note(turn, done)).ok());
  // Of its own it has one waiting now.
  const absl::Status second =
      pool.Submit(kOther, absl::InfiniteFuture(), [](const absl::Status&) {});
  EXPECT_EQ(ReasonOf(second), Reason::kQueueFull);
  Release();
  done.WaitForNotification();
  EXPECT_TRUE(turn.ok());
}

TEST_F(WorkerPoolTest, WhoComesToAFullQueueGetsHisPartOfIt) {
  WorkerPool pool({"test", 1, 4}, clock_);
  Occupy(pool);
  const auto submit = [&pool](const char* who) {
    return pool.Submit(who, absl::InfiniteFuture(), [](const absl::Status&) {}).ok();
  };
  for (int i = 0; i < 4; ++i) EXPECT_TRUE(submit(kOne));
  EXPECT_FALSE(submit(kOne));
  for (int i = 0; i < 2; ++i) EXPECT_TRUE(submit(kOther));
  EXPECT_FALSE(submit(kOther));
  Release();
}

TEST_F(WorkerPoolTest, CallersTakeTurns) {
  WorkerPool pool({"test", 1, 8}, clock_);
  Occupy(pool);
  std::string order;
  const auto submit = [&](const char* who, char name) {
    return pool.Submit(who, absl::InfiniteFuture(),
                       [&order, name](const absl::Status&) { order.push_back(name); });
  };
  for (const char name : {'a', 'b', 'c'}) ASSERT_TRUE(submit(kOne, name).ok());
  for (const char name : {'x', 'y'}) ASSERT_TRUE(submit(kOther, name).ok());
  absl::Notification done;
  ASSERT_TRUE(pool.Continue(kOne, [&done](const absl::Status&) { done.Notify(); }).ok());
  Release();
  done.WaitForNotification();
  EXPECT_EQ(order, "axbyc");
}

TEST_F(WorkerPoolTest, WorkUnderWayGoesOnThoughTheQueueIsFull) {
  WorkerPool pool({"test", 1, 1}, clock_);
  Occupy(pool);
  ASSERT_TRUE(pool.Submit(kOne, absl::InfiniteFuture(), [](const absl::Status&) {}).ok());
  absl::Status turn = absl::UnknownError("not called");
  absl::Notification done;
  EXPECT_TRUE(pool.Continue(kOne, Note(turn, done)).ok());
  Release();
  done.WaitForNotification();
  EXPECT_TRUE(turn.ok());
}

TEST_F(WorkerPoolTest, AJobWhoseDeadlinePassedInTheQueueIsToldSo) {
  WorkerPool pool({"test", 1, 4}, clock_);
  Occupy(pool);
  absl::Status late, timely;
  absl::Notification late_done, timely_done;
  const absl::Time now = clock_.Now();
  ASSERT_TRUE(pool.Submit(kOne, now + absl::Seconds(1), Note(late, late_done)).ok());
  ASSERT_TRUE(pool.Submit(kOne, now + absl::Seconds(3), Note(timely, timely_done)).ok());
  clock_.Advance(absl::Seconds(2));
  Release();
  late_done.WaitForNotification();
  timely_done.WaitForNotification();
  EXPECT_EQ(ReasonOf(late), Reason::kDeadlinePassed);
  EXPECT_TRUE(timely.ok());
}

TEST_F(WorkerPoolTest, ClosingAnswersEverythingThatWaits) {
  WorkerPool pool({"test", 1, 4}, clock_);
  Occupy(pool);
  absl::Status turn;
  absl::Notification done;
  ASSERT_TRUE(pool.Submit(kOne, absl::InfiniteFuture(), Note(turn, done)).ok());
  std::thread closer([&pool] { pool.Close(); });
  // Close cannot return before the running job does, so the pool is seen closed first.
  while (ReasonOf(pool.Continue(kOne, [](const absl::Status&) {})) != Reason::kShuttingDown) {
    std::this_thread::yield();
  }
  Release();
  closer.join();
  ASSERT_TRUE(done.HasBeenNotified());
  EXPECT_EQ(ReasonOf(turn), Reason::kShuttingDown);
  const absl::Status after = pool.Submit(kOne, absl::InfiniteFuture(), [](const absl::Status&) {});
  EXPECT_EQ(ReasonOf(after), Reason::kShuttingDown);
  EXPECT_EQ(ReasonOf(pool.Continue(kOne, [](const absl::Status&) {})), Reason::kShuttingDown);
}

TEST(StreamSlotsTest, ASlotIsGivenBackWhenItsHolderDies) {
  StreamSlots slots(1);
  {
    StreamSlots::Slot first(slots);
    EXPECT_TRUE(first.taken());
    StreamSlots::Slot second(slots);
    EXPECT_FALSE(second.taken());
  }
  StreamSlots::Slot third(slots);
  EXPECT_TRUE(third.taken());
}

}  // namespace
}  // namespace lethe::server
