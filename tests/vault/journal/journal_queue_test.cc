// What waits while a group is written: what is taken next, together, and in which order.
#include <gtest/gtest.h>

#include <deque>
#include <string>
#include <thread>

#include "absl/synchronization/notification.h"
#include "base/reason.h"
#include "tests/vault/journal/journal_fixture.h"
#include "vault/journal/journal_group.h"

namespace lethe::vault {
namespace {

using test::JournalTest;

// Holds the writing thread inside the first sync of a group until the test has queued more behind
// it.
class JournalQueueTest : public JournalTest {
 protected:
  void HoldWriter() {
    folder_->before_sync = [this] {
      if (!held_.HasBeenNotified()) {
        held_.Notify();
        release_.WaitForNotification();
      }
      return absl::OkStatus();
    };
    first_ = std::thread([this] { ASSERT_TRUE(Commit(Row("first")).ok()); });
    held_.WaitForNotification();
  }
  void Queue(storage::Batch change, Durability durability = Durability::kSynced) {
    const std::size_t place = results_.size();
    results_.emplace_back();
    threads_.emplace_back([this, place, durability, change = std::move(change)]() mutable {
      results_[place] = Commit(std::move(change), durability);
    });
    // In order: each has joined the queue before the next is started.
    while (journal_->waiting() != place + 1) std::this_thread::yield();
  }
  void ReleaseAndJoin() {
    release_.Notify();
    first_.join();
    for (std::thread& thread : threads_) thread.join();
  }

  absl::Notification held_;
  absl::Notification release_;
  std::thread first_;
  std::deque<std::thread> threads_;
  std::deque<absl::StatusOr<Journal::Committed>> results_;
};

TEST_F(JournalQueueTest, CommitsThatWaitShareOneSyncOfEach) {
  HoldWriter();
  for (int i = 0; i < 10; ++i) Queue(Row(std::to_string(i)));
  const int syncs = folder_->SyncCount();
  ReleaseAndJoin();

  EXPECT_EQ(folder_->SyncCount(), syncs + 2);  // The held one, and one for all ten.
  ASSERT_EQ(engine_->Writes().size(), 2u);
  EXPECT_EQ(engine_->Writes()[1].position, 11u);
  for (int i = 0; i < 10; ++i) EXPECT_EQ(results_[i]->sequence, 2u + i);
}

TEST_F(JournalQueueTest, OneSyncedCommitSyncsItsWholeGroup) {
  HoldWriter();
  Queue(Row("a"), Durability::kWritten);
  Queue(Row("b"), Durability::kSynced);
  Queue(Row("c"), Durability::kWritten);
  ReleaseAndJoin();

  ASSERT_EQ(engine_->Writes().size(), 2u);
  EXPECT_EQ(engine_->Writes()[1].durability, Durability::kSynced);
  EXPECT_EQ(CountRows(table::kUnsynced), 0u);
}

TEST_F(JournalQueueTest, ASmallCommitPassesLargeOnesAndNoSecondTime) {
  HoldWriter();
  const std::string large(JournalGroup::kLargeBytes, 'x');
  Queue(Row("large", large));
  Queue(Row("large too", large));
  Queue(Row("small"));
  // While the small one is written, another joins the large ones that have waited.
  std::thread late;
  absl::StatusOr<Journal::Committed> late_result;
  engine_->before_write = [&, writes = 0]() mutable {
    if (++writes != 2) return absl::OkStatus();
    late = std::thread([&] { late_result = Commit(Row("late")); });
    while (journal_->waiting() != 3) std::this_thread::yield();
    return absl::OkStatus();
  };
  ReleaseAndJoin();
  late.join();

  EXPECT_EQ(results_[2]->sequence, 2u);
  EXPECT_EQ(results_[0]->sequence, 3u);
  EXPECT_EQ(results_[1]->sequence, 4u);
  EXPECT_EQ(late_result->sequence, 5u);
}

// Whoever syncs next would wait for it.
TEST_F(JournalTest, ALargeCommitIsSyncedUnasked) {
  ASSERT_TRUE(Commit(Row("small"), Durability::kWritten).ok());
  EXPECT_EQ(CountRows(table::kUnsynced), 1u);
  const std::string large(JournalGroup::kLargeBytes, 'x');
  ASSERT_TRUE(Commit(Row("large", large), Durability::kWritten).ok());
  EXPECT_EQ(CountRows(table::kUnsynced), 0u);
  EXPECT_EQ(engine_->Writes().back().durability, Durability::kSynced);
}

TEST_F(JournalQueueTest, OneAbortedCommitLeavesTheOthersOfItsGroup) {
  HoldWriter();
  Queue(Row("a"));
  storage::Batch loser = Row("b");
  loser.ExpectValue(table::kMeta, "first", "something else");
  Queue(std::move(loser));
  Queue(Row("c"));
  ReleaseAndJoin();

  EXPECT_EQ(results_[0]->sequence, 2u);
  EXPECT_EQ(ReasonOf(results_[1].status()), Reason::kConcurrentChange);
  EXPECT_EQ(results_[2]->sequence, 3u);
  EXPECT_TRUE(Has("a"));
  EXPECT_FALSE(Has("b"));
  EXPECT_TRUE(Has("c"));
  EXPECT_EQ(CountRows(table::kEvent), 3u);
}

TEST_F(JournalQueueTest, APreconditionSeesEarlierCommitsOfItsOwnGroup) {
  HoldWriter();
  Queue(Row("a", "1"));
  storage::Batch winner = Row("a", "2");
  winner.ExpectValue(table::kMeta, "a", "1");
  Queue(std::move(winner));
  storage::Batch loser = Row("a", "3");
  loser.ExpectValue(table::kMeta, "a", "1");
  Queue(std::move(loser));
  storage::Batch second = Row("b");
  second.ExpectAbsent(table::kMeta, "a");
  Queue(std::move(second));
  ReleaseAndJoin();

  EXPECT_TRUE(results_[1].ok());
  EXPECT_EQ(ReasonOf(results_[2].status()), Reason::kConcurrentChange);
  EXPECT_EQ(ReasonOf(results_[3].status()), Reason::kConcurrentChange);
  EXPECT_EQ(*journal_->engine().Get(table::kMeta, "a"), "2");
  EXPECT_EQ(engine_->Writes().size(), 2u);
}

TEST_F(JournalQueueTest, AFailureAnswersTheGroupInternalAndTheRestSealed) {
  HoldWriter();
  for (int i = 0; i < 3; ++i) Queue(Row(std::to_string(i)));
  Queue(Row("large", std::string(9u << 20, 'x')));  // Past a group's bytes: it waits for the next.
  int writes = 0;
  engine_->before_write = [&] {
    return ++writes == 2 ? absl::InternalError("injected") : absl::OkStatus();
  };
  ReleaseAndJoin();

  for (int i = 0; i < 3; ++i) EXPECT_EQ(ReasonOf(results_[i].status()), Reason::kInternal);
  EXPECT_EQ(ReasonOf(results_[3].status()), Reason::kSealed);
}

TEST_F(JournalQueueTest, TheDestructorFinishesWhatIsQueued) {
  HoldWriter();
  for (int i = 0; i < 3; ++i) Queue(Row(std::to_string(i)));
  std::thread destroyer([this] { journal_.reset(); });
  release_.Notify();
  destroyer.join();
  first_.join();
  for (std::thread& thread : threads_) thread.join();

  for (const auto& result : results_) EXPECT_TRUE(result.ok());
  EXPECT_TRUE(Has("2"));
}

}  // namespace
}  // namespace lethe::vault
