#include "vault/keytree/key_tree.h"

#include <thread>
#include <vector>

#include "absl/strings/str_format.h"
#include "base/reason.h"
#include "tests/vault/keytree/tree_fixture.h"
#include "vault/shredlog/shred_log.h"

namespace lethe::test {
namespace {

using vault::Place;
using KeyTreeTest = TreeFixture;

TEST_F(KeyTreeTest, ALeafUnwrapsToItsSecret) {
  const Place place = Add();

  const auto secret = tree_->Unwrap(place);

  ASSERT_TRUE(secret.ok()) << secret.status();
  EXPECT_EQ(AsText(secret->Reveal()), living_[place]);
}

TEST_F(KeyTreeTest, ALeafUnwrapsAfterRestart) {
  const auto places = AddMany(200);

  ASSERT_TRUE(Reopen().ok());

  for (const Place& place : places) {
    const auto secret = tree_->Unwrap(place);
    ASSERT_TRUE(secret.ok()) << secret.status();
    EXPECT_EQ(AsText(secret->Reveal()), living_[place]);
  }
}

TEST_F(KeyTreeTest, ACarriedWrappingOpensUntilTheGroupMovesOn) {
  storage::Batch change;
  auto draft = tree_->Draft(change);
  ASSERT_TRUE(draft.ok());
  ASSERT_TRUE(Commit(std::move(change)).ok());
  draft->hold.reset();
  const Place neighbour = Add();
  ASSERT_EQ(neighbour.group, draft->place.group);

  EXPECT_TRUE(tree_->Unwrap(draft->place, draft->wrapped).ok());
  ASSERT_TRUE(Shred({neighbour}).ok());

  // The carried wrapping is dead; the leaf itself lives on in its group's new row.
  const auto secret = tree_->Unwrap(draft->place, draft->wrapped);
  ASSERT_TRUE(secret.ok()) << secret.status();
  EXPECT_TRUE(secret->Equals(draft->secret));
}

TEST_F(KeyTreeTest, AShreddedLeafIsGoneAndItsNeighboursAreNot) {
  const auto places = AddMany(130);

  const auto outcome = Shred({places[0], places[64], places[129]});

  ASSERT_TRUE(outcome.ok()) << outcome.status();
  EXPECT_EQ(outcome->commitments.size(), 3u);
  EXPECT_EQ(outcome->assurance, vault::Assurance::kTest);
  for (const auto& [place, secret] : erased_) {
    EXPECT_TRUE(absl::IsNotFound(tree_->Unwrap(place).status()));
  }
  for (const auto& [place, secret] : living_) {
    const auto unwrapped = tree_->Unwrap(place);
    ASSERT_TRUE(unwrapped.ok()) << unwrapped.status();
    EXPECT_EQ(AsText(unwrapped->Reveal()), secret);
  }
}

TEST_F(KeyTreeTest, AShreddedLeafStaysGoneAfterRestart) {
  const auto places = AddMany(10);
  ASSERT_TRUE(Shred({places[3]}).ok());

  ASSERT_TRUE(Reopen().ok());

  EXPECT_TRUE(absl::IsNotFound(tree_->Unwrap(places[3]).status()));
  EXPECT_TRUE(tree_->Unwrap(places[4]).ok());
}

// A damaged row can name any place.
TEST_F(KeyTreeTest, APlaceThatTheTreeDoesNotHaveIsALeafLost) {
  const Place living = Add();
  const std::uint64_t beyond = std::uint64_t{vault::kFanOut} * vault::kFanOut;
  for (const Place& place : {Place{beyond, 0}, Place{~std::uint64_t{0}, 0}, Place{0, 64}}) {
    EXPECT_TRUE(absl::IsNotFound(tree_->Unwrap(place).status())) << place.group;
    const auto outcome = Shred({living, place});
    EXPECT_EQ(ReasonOf(outcome.status()), Reason::kLeafLost) << place.group;
  }
  EXPECT_TRUE(tree_->Unwrap(living).ok()) << "nothing changed";
}

TEST_F(KeyTreeTest, ShreddingADeadLeafAgainChangesNothing) {
  const auto places = AddMany(2);
  ASSERT_TRUE(Shred({places[0]}).ok());

  const auto again = Shred({places[0]});

  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_TRUE(again->commitments.empty());
  EXPECT_TRUE(tree_->Unwrap(places[1]).ok());
}

TEST_F(KeyTreeTest, ASlotIsNeverGivenOutTwiceEvenAcrossRestarts) {
  std::set<Place> seen;
  for (int start = 0; start < 5; ++start) {
    for (const Place& place : AddMany(100)) EXPECT_TRUE(seen.insert(place).second);
    for (int i = 0; i < 9; ++i) {
      const auto spot = tree_->ReserveSpot();
      ASSERT_TRUE(spot.ok());
      for (std::uint8_t slot = 0; slot < vault::kSlotsPerPerson; ++slot) {
        const Place place{spot->group, static_cast<std::uint8_t>(spot->base + slot)};
        EXPECT_TRUE(seen.insert(place).second);
      }
    }
    ASSERT_TRUE(Reopen().ok());
  }
}

TEST_F(KeyTreeTest, AFullPersonSpotOverflowsIntoASharedGroup) {
  auto spot = tree_->ReserveSpot();
  ASSERT_TRUE(spot.ok());
  storage::Batch change;
  std::set<std::uint64_t> groups;
  std::vector<LeafDraft> drafts;

  for (int i = 0; i < 10; ++i) {
    auto draft = tree_->DraftPersonal(*spot, change);
    ASSERT_TRUE(draft.ok());
    groups.insert(draft->place.group);
    drafts.push_back(*std::move(draft));
  }

  EXPECT_EQ(spot->used, 0xFF);
  EXPECT_EQ(groups.size(), 2u);
  EXPECT_TRUE(Commit(std::move(change)).ok());
}

TEST_F(KeyTreeTest, OnCommitChangesStandOnceTheShredIsAnswered) {
  const Place place = Add();
  storage::Batch on_commit;
  on_commit.Put(vault::table::kMeta, "test.row", "after");

  const auto outcome = tree_->Shred(ShredRequest{{place}, {}, "facts", std::move(on_commit)});

  ASSERT_TRUE(outcome.ok()) << outcome.status();
  EXPECT_EQ(*journal_->engine().Get(vault::table::kMeta, "test.row"), "after");
  const auto entry = vault::shredlog::LoadLogEntry(journal_->engine(), outcome->log_sequence);
  ASSERT_TRUE(entry.ok()) << entry.status();
  EXPECT_EQ(entry->kind, vault::shredlog::EntryKind::kPrepared);
  ASSERT_EQ(entry->facts.size(), 1u);
  EXPECT_EQ(entry->facts[0], "facts");
}

// Refused before anything is written: the leaf lives, and the vault is not sealed.
TEST_F(KeyTreeTest, AShredTooLargeForAFrameOfTheArchiveChangesNothing) {
  const Place place = Add();
  storage::Batch too_large;
  too_large.Put(vault::table::kMeta, "test.row",
                std::string(vault::archive::Archive::kFrameBytesMax, 'x'));

  const auto outcome = tree_->Shred(ShredRequest{{place}, {}, {}, std::move(too_large)});

  EXPECT_EQ(ReasonOf(outcome.status()), Reason::kTooMany) << outcome.status();
  EXPECT_FALSE(tree_->Status().sealed);
  EXPECT_TRUE(tree_->Unwrap(place).ok());
  EXPECT_TRUE(Shred({place}).ok()) << "the next one is carried out";
  EXPECT_TRUE(absl::IsNotFound(tree_->Unwrap(place).status()));
}

// Of requests that wait together, one that cannot be carried out is refused alone.
TEST_F(KeyTreeTest, ATooLargeShredIsRefusedAlone) {
  const std::vector<Place> places = AddMany(4);
  std::vector<absl::Status> results(places.size());
  std::vector<std::thread> callers;
  for (std::size_t i = 0; i < places.size(); ++i) {
    callers.emplace_back([&, i] {
      storage::Batch on_commit;
      const std::size_t bytes = i == 0 ? vault::archive::Archive::kFrameBytesMax : 9;
      on_commit.Put(vault::table::kMeta, absl::StrFormat("test.%d", i), std::string(bytes, 'x'));
      results[i] = tree_->Shred(ShredRequest{{places[i]}, {}, {}, std::move(on_commit)}).status();
    });
  }
  for (std::thread& caller : callers) caller.join();

  for (std::size_t i = 0; i < places.size(); ++i) {
    EXPECT_EQ(results[i].ok(), i != 0) << i << ": " << results[i];
    EXPECT_EQ(tree_->Unwrap(places[i]).ok(), i == 0) << i;
  }
}

TEST_F(KeyTreeTest, EveryLogEntryIsSignedAndChainedToTheOneBefore) {
  ASSERT_TRUE(Shred({Add()}).ok());
  ASSERT_TRUE(Shred({Add()}).ok());

  crypto::Digest previous{};
  const auto rows = journal_->engine().Scan(vault::table::kShredLog, {}, 100);
  ASSERT_TRUE(rows.ok());
  ASSERT_EQ(rows->size(), 5u);  // INIT and twice PREPARED, COMMITTED.
  for (const storage::Row& row : *rows) {
    const auto& key = tree_->signing_key().public_key();
    EXPECT_TRUE(vault::shredlog::VerifyLogEntry(vault_, AsBytes(row.value), key));
    std::string altered = row.value;
    altered[10] = static_cast<char>(altered[10] ^ 1);
    EXPECT_FALSE(vault::shredlog::VerifyLogEntry(vault_, AsBytes(altered), key));
    EXPECT_EQ(vault::shredlog::DecodeLogEntry(AsBytes(row.value))->previous, previous);
    previous = crypto::Sha256(AsBytes(row.value));
  }
}

TEST_F(KeyTreeTest, OneShredCostsTwoSlotSyncsPerFileHolder) {
  const Place place = Add();
  const int before = disks_[0]->syncs;

  ASSERT_TRUE(Shred({place}).ok());

  EXPECT_EQ(disks_[0]->syncs - before, 2);
}

TEST_F(KeyTreeTest, ShredsAskedTogetherShareAttempts) {
  const auto places = AddMany(200);
  const std::uint64_t before = tree_->Status().generation;
  std::vector<std::thread> threads;
  for (const Place& place : places) {
    threads.emplace_back([this, place] {
      EXPECT_TRUE(tree_->Shred(ShredRequest{{place}, {}, {}, {}}).ok());
    });
  }
  for (std::thread& thread : threads) thread.join();

  EXPECT_LT(tree_->Status().generation - before, 200u);
  for (const Place& place : places) EXPECT_FALSE(tree_->Unwrap(place).ok());
}

TEST_F(KeyTreeTest, WritersIntoTheGroupsOfAShredLoseNothing) {
  const auto victims = AddMany(64);
  std::vector<std::pair<Place, std::string>> added[4];
  std::vector<std::thread> writers;
  for (auto& mine : added) {
    writers.emplace_back([this, &mine] {
      for (int i = 0; i < 100; ++i) {
        storage::Batch change;
        auto draft = tree_->Draft(change);
        ASSERT_TRUE(draft.ok()) << draft.status();
        ASSERT_TRUE(Commit(std::move(change)).ok());
        mine.emplace_back(draft->place, std::string(AsText(draft->secret.Reveal())));
      }
    });
  }
  for (const Place& victim : victims) ASSERT_TRUE(Shred({victim}).ok());
  for (std::thread& writer : writers) writer.join();
  ASSERT_TRUE(Reopen().ok());

  for (const auto& mine : added) {
    for (const auto& [place, secret] : mine) {
      const auto unwrapped = tree_->Unwrap(place);
      ASSERT_TRUE(unwrapped.ok()) << unwrapped.status();
      EXPECT_EQ(AsText(unwrapped->Reveal()), secret);
    }
  }
}

TEST_F(KeyTreeTest, ASilentHolderRefusesAShredBeforeAnythingIsWritten) {
  const Place place = Add();
  const std::uint64_t sequence = journal_->sequence();
  disks_[0]->before_read = [] { return absl::UnavailableError("silent"); };

  const auto refused = tree_->Shred(ShredRequest{{place}, {}, {}, {}});

  EXPECT_TRUE(absl::IsUnavailable(refused.status()));
  EXPECT_EQ(journal_->sequence(), sequence);
  EXPECT_TRUE(tree_->Unwrap(place).ok());
  disks_[0]->before_read = [] { return absl::OkStatus(); };
  EXPECT_TRUE(tree_->Shred(ShredRequest{{place}, {}, {}, {}}).ok());
}

TEST_F(KeyTreeTest, AnotherServersHigherEpochSealsThisOne) {
  const Place place = Add();
  auto taken_over = KeyTree::Open(vault_, *journal_, Holders(), clock_, random_);
  ASSERT_TRUE(taken_over.ok()) << taken_over.status();

  const auto refused = tree_->Shred(ShredRequest{{place}, {}, {}, {}});

  EXPECT_EQ(ReasonOf(refused.status()), Reason::kSealed);
  EXPECT_TRUE(tree_->Status().sealed);
}

}  // namespace
}  // namespace lethe::test
