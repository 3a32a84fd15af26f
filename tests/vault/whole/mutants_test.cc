// Faults put into the vault on purpose: each must be found out by the machinery that is trusted to
// find it. A mutant that lives would mean that a promise is tested by nobody. The table says what
// caught it.
#include <algorithm>
#include <cstdio>
#include <cstring>
#include <map>
#include <set>
#include <string>
#include <utility>

#include "absl/strings/str_format.h"
#include "gtest/gtest.h"
#include "tests/support/replay.h"
#include "tests/vault/whole/crash_run.h"
#include "tests/vault/whole/hooked_parts.h"
#include "vault/rows/row_schema.h"

namespace lethe::test {
namespace {

constexpr std::uint64_t kStories = 3;  // A mutant is given that many to show itself.
constexpr int kSteps = 22;
constexpr int kCrashes = 60;

bool IsZeros(Bytes bytes) {
  return std::ranges::all_of(bytes, [](std::uint8_t byte) { return byte == 0; });
}

std::optional<absl::Status> SaysOk() { return absl::OkStatus(); }

RecordedVaultOptions EngineNeverSyncs() {
  RecordedVaultOptions options{.archive = false};
  options.interposed.engine = WithHooks(
      EngineHooks{.durability = [](storage::Durability) { return storage::Durability::kWritten; }});
  return options;
}

RecordedVaultOptions ArchiveNeverSyncs() {
  RecordedVaultOptions options;
  options.interposed.archive = WithHooks(FolderHooks{.append = nullptr, .sync = SaysOk});
  return options;
}

// Leaves the sync out after a slot was destroyed, or after one was written.
RecordedVaultOptions SlotNotSynced(bool after_destroying) {
  auto destroyed = std::make_shared<bool>(false);
  RecordedVaultOptions options;
  options.interposed.slots = WithHooks(
      SlotHooks{.write = [destroyed](std::uint64_t, Bytes bytes) -> std::optional<absl::Status> {
                  *destroyed = IsZeros(bytes);
                  return std::nullopt;
                },
                .sync = [destroyed, after_destroying]() -> std::optional<absl::Status> {
                  if (*destroyed == after_destroying) return absl::OkStatus();
                  return std::nullopt;
                }});
  return options;
}

// Says that a slot is destroyed and shows zeros from then on, while the root stands there.
SlotHooks KeepingHooks() {
  auto hidden = std::make_shared<std::set<std::uint64_t>>();
  return {.write = [hidden](std::uint64_t offset, Bytes bytes) -> std::optional<absl::Status> {
            if (!IsZeros(bytes)) {
              hidden->erase(offset);
              return std::nullopt;
            }
            hidden->insert(offset);
            return absl::OkStatus();
          },
          .sync = nullptr,
          .after_read =
              [hidden](std::uint64_t offset, MutableBytes out) {
                if (hidden->contains(offset)) std::memset(out.data(), 0, out.size());
              }};
}

// Each opening forgets what it pretended.
std::unique_ptr<vault::holders::SlotFile> Keeping(std::unique_ptr<vault::holders::SlotFile> file) {
  return std::make_unique<HookedSlotFile>(std::move(file), KeepingHooks());
}

RecordedVaultOptions OldRootKept() {
  RecordedVaultOptions options;
  options.interposed.slots = Keeping;
  return options;
}

// Writes go to memory and are read back from there; the slots stay as they are.
SlotHooks ShadowingHooks() {
  auto shadow = std::make_shared<std::map<std::uint64_t, std::string>>();
  return {.write = [shadow](std::uint64_t offset, Bytes bytes) -> std::optional<absl::Status> {
            (*shadow)[offset] = AsText(bytes);
            return absl::OkStatus();
          },
          .sync = nullptr,
          .after_read =
              [shadow](std::uint64_t offset, MutableBytes out) {
                const auto kept = shadow->find(offset);
                if (kept != shadow->end()) std::ranges::copy(kept->second, out.begin());
              }};
}

// At a start: the slot that lost against the other. To leave out its destruction alone does no
// harm, since the raise of the owner epoch writes over it before.
RecordedVaultOptions LosersSlotKept() {
  RecordedVaultOptions options;
  options.after_crash.slots = [](std::unique_ptr<vault::holders::SlotFile> file) {
    return std::make_unique<HookedSlotFile>(std::move(file), ShadowingHooks());
  };
  return options;
}

class MutantsTest : public ::testing::Test {
 protected:
  // What the first fault found by stories, attacks and crashes says; empty: none was found.
  static std::string CaughtByStories(const RecordedVaultOptions& options,
                                     std::uint64_t stories = kStories) {
    for (std::uint64_t seed = 1; seed <= stories; ++seed) {
      CrashRun run(seed, kSteps, options);
      if (run.tally().ok()) run.CrashAtSlots();
      for (int i = 0; i < kCrashes && run.tally().ok(); ++i) run.CrashAtRandom(1);
      if (!run.tally().ok()) return run.tally().faults.front();
    }
    return "";
  }

  static void Report(const std::string& mutant, const std::string& caught_by) {
    const std::string line = caught_by.substr(0, caught_by.find_first_of("\n["));
    std::printf("%-36s %s\n", mutant.c_str(), line.empty() ? "-" : line.c_str());
    std::fflush(stdout);
  }

  static void ExpectKilled(const std::string& mutant, const std::string& caught_by) {
    Report(mutant, caught_by);
    EXPECT_FALSE(caught_by.empty()) << "the mutant lives: " << mutant;
  }
};

TEST_F(MutantsTest, EverySyncAndEveryDestructionIsNeeded) {
  if (!kSlowBuild) {
    const std::string unhurt = CaughtByStories({}, 1);
    Report("none", unhurt);
    EXPECT_TRUE(unhurt.empty()) << unhurt;
  }
  ExpectKilled("no sync of the engine (no archive)", CaughtByStories(EngineNeverSyncs()));
  ExpectKilled("no sync of the archive", CaughtByStories(ArchiveNeverSyncs()));
  ExpectKilled("no sync of a written slot", CaughtByStories(SlotNotSynced(false)));
  ExpectKilled("no sync of a destroyed slot", CaughtByStories(SlotNotSynced(true)));
  ExpectKilled("the old root's slot kept", CaughtByStories(OldRootKept()));
  ExpectKilled("the loser's slot kept at a start", CaughtByStories(LosersSlotKept()));
}

// An erase is cut off before its root is written, a restart aborts it, and it is tried again.
std::string ReusedAttempt(RecordedVaultOptions options) {
  bool broken = false;
  options.interposed.slots =
      WithHooks(SlotHooks{.write = [&broken](std::uint64_t, Bytes) -> std::optional<absl::Status> {
        if (!broken) return std::nullopt;
        return absl::InternalError("cut off here");
      }});
  RecordedVault world(std::move(options));
  Story story(world, 1);
  OmniscientDisk disk(world);
  EXPECT_TRUE(story.Create().status.ok());
  EXPECT_TRUE(story.Put(0, "account").status.ok());
  broken = true;
  EXPECT_FALSE(story.Erase(0).status.ok());
  broken = false;
  EXPECT_TRUE(story.Restart().status.ok());
  EXPECT_TRUE(story.Erase(0).status.ok());
  disk.Look();
  std::set<std::uint64_t> used;
  for (const auto& entry : disk.shred_log()) {
    if (entry.kind != vault::shredlog::EntryKind::kPrepared) continue;
    if (!used.insert(entry.attempt).second) {
      return absl::StrFormat("attempt %d is prepared twice in the shred log", entry.attempt);
    }
  }
  EXPECT_EQ(used.size(), 2u);
  return "";
}

// Of the shred log's state row the number at 41 is the highest attempt, at 49 the head's: a vault
// that forgets what it aborted.
void ForgetAborted(storage::TableId table, std::string_view key, std::string& row) {
  constexpr std::size_t kHighest = 1 + 8 + 32;
  constexpr std::size_t kHead = kHighest + 8;
  if (table != vault::table::kMeta || key != "keytree.shred_log") return;
  row.replace(kHighest, 8, row, kHead, 8);
}

TEST_F(MutantsTest, AnAttemptNumberIsUsedOnce) {
  EXPECT_EQ(ReusedAttempt({}), "");
  RecordedVaultOptions forgetful;
  forgetful.interposed.engine =
      WithHooks(EngineHooks{.durability = nullptr, .after_get = ForgetAborted});
  ExpectKilled("an attempt number reused", ReusedAttempt(forgetful));
}

// A leaf's batch that is committed although its group was re-keyed meanwhile. `held`: the draft
// keeps its group open, as it must until its batch is in.
std::string LeafDuringShred(bool held) {
  RecordedVault world;
  auto& stores = world->stores();
  storage::Batch first;
  auto dying = stores.tree->Draft(first);
  EXPECT_TRUE(stores.journal->Commit({{}}, std::move(first), storage::Durability::kSynced).ok());
  const auto place = dying->place;
  dying->hold.reset();

  storage::Batch change;
  auto late = stores.tree->Draft(change);
  EXPECT_EQ(late->place.group, place.group);
  const auto shred = [&] { return stores.tree->Shred({{place}, {}, {}, {}}).status(); };
  const auto commit = [&] {
    return stores.journal->Commit({{}}, std::move(change), storage::Durability::kSynced).status();
  };
  if (held) {
    EXPECT_TRUE(commit().ok());
    late->hold.reset();
    EXPECT_TRUE(shred().ok());
  } else {
    late->hold.reset();
    EXPECT_TRUE(shred().ok());
    EXPECT_TRUE(commit().ok());
  }
  const auto living = stores.tree->Unwrap(late->place);
  return living.ok() ? "" : "an acknowledged leaf is lost: " + living.status().ToString();
}

TEST_F(MutantsTest, ALeafIsNotAddedToAGroupThatIsBeingShredded) {
  EXPECT_EQ(LeafDuringShred(true), "");
  ExpectKilled("a leaf added during a shred", LeafDuringShred(false));
}

}  // namespace
}  // namespace lethe::test
