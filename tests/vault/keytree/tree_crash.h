// What the crash tests share: operations on a recorded vault, and what must hold after a crash at
// any point of its log. LETHE_CRASH_POINTS bounds how many points are tried (default a slice),
// LETHE_SEED picks the operations and the points; every failure prints both numbers of its point.
#ifndef LETHE_TESTS_VAULT_KEYTREE_TREE_CRASH_H_
#define LETHE_TESTS_VAULT_KEYTREE_TREE_CRASH_H_

#include <algorithm>
#include <filesystem>
#include <map>
#include <memory>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "tests/support/replay.h"
#include "tests/vault/keytree/recorded_world.h"

namespace lethe::test {

using vault::Place;
using vault::keytree::LeafDraft;
using vault::keytree::ShredRequest;

// What a caller had been told when the log was so long.
struct Acknowledged {
  std::size_t log_size;
  std::map<Place, std::string> living;
  std::map<Place, std::string> erased;
};

class TreeCrash : public ::testing::Test {
 protected:
  explicit TreeCrash(WorldHolders holders = {}) : world_(folder_ + "/live", std::move(holders)) {}
  ~TreeCrash() override { std::filesystem::remove_all(folder_); }

  void Add(std::size_t count) {
    storage::Batch change;
    std::vector<LeafDraft> drafts;
    for (std::size_t i = 0; i < count; ++i) {
      auto draft = world_.open().tree->Draft(change);
      ASSERT_TRUE(draft.ok()) << draft.status();
      drafts.push_back(*std::move(draft));
    }
    const auto durability =
        rng_() % 4 == 0 ? storage::Durability::kWritten : storage::Durability::kSynced;
    ASSERT_TRUE(world_.open().journal->Commit({{}}, std::move(change), durability).ok());
    if (durability == storage::Durability::kSynced) {
      for (auto& [place, secret] : unsynced_) living_[place] = secret;
      unsynced_.clear();
    }
    for (const LeafDraft& draft : drafts) {
      auto& where = durability == storage::Durability::kSynced ? living_ : unsynced_;
      where[draft.place] = std::string(AsText(draft.secret.Reveal()));
    }
    Acknowledge();
  }

  void ShredSome() {
    ShredRequest request;
    std::map<Place, std::string> dying;
    for (auto& [place, secret] : living_) {
      if (rng_() % living_.size() < 3) dying[place] = secret;
    }
    for (auto& [place, secret] : dying) request.leaves.push_back(place);
    const auto outcome = world_.open().tree->Shred(std::move(request));
    ASSERT_TRUE(outcome.ok()) << outcome.status();
    // PREPARED was synced, and everything before it.
    for (auto& [place, secret] : unsynced_) living_[place] = secret;
    unsynced_.clear();
    for (auto& [place, secret] : dying) {
      living_.erase(place);
      erased_[place] = secret;
    }
    Acknowledge();
  }

  void Acknowledge() { acknowledged_.push_back({world_.log().size(), living_, erased_}); }

  void RunOperations(int count) {
    world_.Create();
    Acknowledge();
    for (int i = 0; i < count && !HasFatalFailure(); ++i) {
      if (rng_() % 3 == 0 && !living_.empty()) {
        ShredSome();
      } else {
        Add(1 + rng_() % 12);
      }
    }
  }

  // What holds at a crash after `events`: the last acknowledgement, and the one being worked on.
  void Check(const OpenTree& open, std::size_t events) {
    const auto next =
        std::upper_bound(acknowledged_.begin(), acknowledged_.end(), events,
                         [](std::size_t size, const Acknowledged& a) { return size < a.log_size; });
    ASSERT_NE(next, acknowledged_.begin());
    const Acknowledged& now = *std::prev(next);
    std::size_t maybe_dead = 0;
    std::size_t maybe_alive = 0;
    for (const auto& [place, secret] : now.living) {
      const auto unwrapped = open.tree->Unwrap(place);
      if (next != acknowledged_.end() && next->erased.contains(place)) {
        ++(unwrapped.ok() ? maybe_alive : maybe_dead);
        continue;
      }
      ASSERT_TRUE(unwrapped.ok()) << "an acknowledged leaf is lost: " << unwrapped.status();
      EXPECT_EQ(AsText(unwrapped->Reveal()), secret);
    }
    EXPECT_TRUE(maybe_dead == 0 || maybe_alive == 0) << "a shred is half done";
    for (const auto& [place, secret] : now.erased) {
      EXPECT_FALSE(open.tree->Unwrap(place).ok()) << "an acknowledged shred is undone";
    }
  }

  void CrashAt(std::span<const DiskEvent> events, const Crash& crash) {
    SCOPED_TRACE("LETHE_SEED=" + std::to_string(seed_) + " event " + std::to_string(crash.events) +
                 " unsynced " + std::to_string(static_cast<int>(crash.unsynced)) + " mix " +
                 std::to_string(crash.seed));
    const std::string at = folder_ + "/crashed";
    const auto open = world_.OpenAfter(events, crash, at);
    ASSERT_TRUE(open.ok()) << open.status();
    Check(**open, crash.events);
    const auto last =
        std::upper_bound(acknowledged_.begin(), acknowledged_.end(), crash.events,
                         [](std::size_t size, const Acknowledged& a) { return size < a.log_size; });
    for (const Secret& root : world_.RootsIn(at)) {
      ASSERT_FALSE(root.empty()) << "exactly one root must stand in a holder's slots";
      if (roots_.insert(std::string(AsText(root.Reveal()))).second) {
        ExpectOpensNone(root, std::prev(last)->erased);
      }
    }
  }

  // Runs `operations`, then opens what a crash leaves at `points` points of what was written.
  void CrashAtEachOf(std::size_t points, int operations) {
    RunOperations(operations);
    world_.Close();
    attacker_ = std::make_unique<TreeAttacker>(world_.vault());
    world_.TellAll(*attacker_);
    const std::vector<DiskEvent> events = world_.log().Events();
    const std::size_t first = acknowledged_.front().log_size;
    for (std::size_t i = 0; i < points && !HasFailure(); ++i) {
      // Every point in turn under the four ways of losing what was not synced; then mixes.
      const std::size_t span = events.size() - first;
      const std::size_t point = points >= 4 * span ? i % span : rng_() % span;
      const auto unsynced = static_cast<Unsynced>(i < 4 * span ? i / 1 % 4 : 3);
      CrashAt(events, {first + point, unsynced, i});
    }
    RecordProperty("crash_points", std::to_string(points));
    RecordProperty("distinct_roots", std::to_string(roots_.size()));
  }

  void ExpectOpensNone(const Secret& root, const std::map<Place, std::string>& erased) {
    const auto found = attacker_->OpenAll(root);
    for (const auto& [place, secret] : erased) {
      const auto at = found.find(place);
      EXPECT_TRUE(at == found.end() || !at->second.contains(secret)) << "recoverable";
    }
  }

  const std::uint64_t seed_ = SeedFromEnvironment(1);
  std::mt19937_64 rng_{seed_};
  const std::string folder_ = FastTempFolder();
  RecordedWorld world_;
  std::map<Place, std::string> living_;
  std::map<Place, std::string> unsynced_;
  std::map<Place, std::string> erased_;
  std::vector<Acknowledged> acknowledged_;
  std::unique_ptr<TreeAttacker> attacker_;
  std::set<std::string> roots_;  // Attacked already.
};

}  // namespace lethe::test

#endif  // LETHE_TESTS_VAULT_KEYTREE_TREE_CRASH_H_
