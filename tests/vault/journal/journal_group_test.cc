#include "vault/journal/journal_group.h"

#include <memory>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "tests/support/memory_engine.h"
#include "vault/rows/row_schema.h"

namespace lethe::vault {
namespace {

std::unique_ptr<PendingCommit> CommitOf(int events, const std::string& key) {
  auto commit = std::make_unique<PendingCommit>();
  commit->events.resize(events);
  commit->change.Put(table::kMeta, key, "v");
  commit->bytes = FrameBytesOf(commit->events, commit->change);
  return commit;
}

class JournalGroupTest : public testing::Test {
 protected:
  JournalGroup Build(const std::vector<PendingCommit*>& commits, std::uint64_t first = 1) {
    return BuildJournalGroup(commits, *engine_, first, absl::UnixEpoch(), random_);
  }

  std::unique_ptr<storage::Engine> engine_ = test::NewMemoryEngine(AllTables());
  SystemRandom random_;
};

TEST_F(JournalGroupTest, NumbersEventsAcrossCommits) {
  auto a = CommitOf(2, "a");
  auto b = CommitOf(3, "b");
  const JournalGroup group = Build({a.get(), b.get()}, 10);

  EXPECT_EQ(group.first_sequence, 10u);
  EXPECT_EQ(group.last_sequence, 14u);
  EXPECT_EQ(a->result->sequence, 11u);
  EXPECT_EQ(b->result->sequence, 14u);
  EXPECT_EQ(group.batch.operations().size(), 2u + 5u);
}

TEST_F(JournalGroupTest, IsEmptyWhereEveryCommitWasAborted) {
  auto a = CommitOf(1, "a");
  a->change.ExpectValue(table::kMeta, "a", "x");
  const JournalGroup group = Build({a.get()}, 5);

  EXPECT_TRUE(group.members.empty());
  EXPECT_TRUE(group.batch.empty());
  EXPECT_EQ(group.last_sequence, 4u);
  EXPECT_TRUE(a->done.HasBeenNotified());
}

TEST_F(JournalGroupTest, CarriesNoPreconditions) {
  auto a = CommitOf(1, "a");
  a->change.ExpectAbsent(table::kMeta, "a");
  EXPECT_TRUE(Build({a.get()}).batch.preconditions().empty());
}

TEST_F(JournalGroupTest, IsSyncedIfOneMemberWantsIt) {
  auto a = CommitOf(1, "a");
  auto b = CommitOf(1, "b");
  a->durability = b->durability = storage::Durability::kWritten;
  EXPECT_FALSE(Build({a.get(), b.get()}).synced);

  auto c = CommitOf(1, "c");
  auto d = CommitOf(1, "d");
  c->durability = storage::Durability::kWritten;
  EXPECT_TRUE(Build({c.get(), d.get()}).synced);
}

// The refusal of too large frames and the disk reserve rest on it.
TEST_F(JournalGroupTest, TheByteCountIsNeverBelowTheEncodedBatch) {
  audit::Event event;
  for (const std::size_t subjects : {0u, 1u, 1'000u}) {
    event.subjects.resize(subjects);
    event.categories.assign(subjects % 7, "category");
    event.purpose = std::string(63, 'p');
    event.rule = std::string(63, 'r');
    PendingCommit commit;
    commit.events = {event, event};
    for (int i = 0; i < 50; ++i) commit.change.Put(table::kMeta, std::to_string(i), "v");
    commit.change.Delete(table::kMeta, "gone");
    commit.bytes = FrameBytesOf(commit.events, commit.change);
    const std::size_t counted = commit.bytes;
    const JournalGroup group = Build({&commit});
    EXPECT_LE(group.batch.Encode().size(), counted);
    EXPECT_GE(group.batch.Encode().size() + 1'000, counted);  // And not far above it.
  }
}

}  // namespace
}  // namespace lethe::vault
