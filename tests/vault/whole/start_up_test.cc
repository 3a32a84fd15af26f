// The lines of the start-up table (docs/architecture.md) forced one by one under a whole vault, on
// files as a machine or another hand may leave them. tests/vault/keytree/start_up_test.cc has the
// same of the tree alone.
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include "gtest/gtest.h"
#include "tests/support/secret_search.h"
#include "tests/vault/holders/recording_slots.h"
#include "tests/vault/whole/hooked_parts.h"
#include "tests/vault/whole/omniscient_disk.h"
#include "tests/vault/whole/story.h"
#include "vault/holders/slot.h"
#include "vault/rows/row_schema.h"

namespace lethe::test {
namespace {

namespace fs = std::filesystem;

std::string Load(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

void Store(const std::string& path, const std::string& content) {
  std::ofstream(path, std::ios::binary | std::ios::trunc) << content;
}

std::string Text(const Secret& secret) { return std::string(AsText(secret.Reveal())); }

class WholeStartUpTest : public ::testing::Test {
 protected:
  explicit WholeStartUpTest(RecordedVaultOptions options = {})
      : world_(WithSlotFaults(std::move(options), *this)), story_(world_, 1), disk_(world_) {
    for (int person = 0; person < 2; ++person) {
      EXPECT_TRUE(story_.Create().status.ok());
      EXPECT_TRUE(story_.Put(static_cast<std::size_t>(person), "account").status.ok());
    }
    disk_.Look();
  }

  static RecordedVaultOptions WithSlotFaults(RecordedVaultOptions options, WholeStartUpTest& test) {
    options.interposed.slots =
        WithHooks(SlotHooks{.write = [&test](std::uint64_t, Bytes) -> std::optional<absl::Status> {
          if (test.slot_writes_left_-- > 0) return std::nullopt;
          return absl::InternalError("cut off here");
        }});
    return options;
  }

  static std::string Slot(const std::string& at, int slot, int holder = 0) {
    return RecordingSlotFile::PathIn(RecordedVault::HolderFolder(at, holder), slot);
  }
  // The slot that holds the root, and the other.
  int ActiveSlot() { return Load(Slot(world_.live(), 0))[0] != '\0' ? 0 : 1; }

  void ExpectNowhereInSlots(const std::string& root, int holder = 0) {
    const std::vector<std::string> wanted = {root};
    const std::string slots = SlotBytesIn(RecordedVault::HolderFolder(world_.live(), holder));
    EXPECT_TRUE(SecretSearch(wanted).In(slots).empty()) << "an old root is left in a slot";
  }
  void ExpectTold(const Facts& facts) {
    const Differences found = Compare(*world_, facts, facts);
    EXPECT_EQ(found.lost + found.undone, "");
  }
  // With the root that is left; and with `control` everything opens.
  void ExpectDead(const Texts& dead, const std::string& control) {
    disk_.Look();
    const Texts now = disk_.Open(world_.CurrentRoot()).plaintexts;
    const Texts before = disk_.Open(Secret::CopyFrom(AsBytes(control))).plaintexts;
    ASSERT_FALSE(dead.empty());
    for (const std::string& text : dead) {
      EXPECT_FALSE(now.contains(text)) << text;
      EXPECT_TRUE(before.contains(text)) << "the control must succeed: " << text;
    }
  }

  int slot_writes_left_ = 1'000'000;
  RecordedVault world_;
  Story story_;
  OmniscientDisk disk_;
};

TEST_F(WholeStartUpTest, ATornSlotThatHoldsAWholeOldRootIsDestroyed) {
  const std::string old_slot = Load(Slot(world_.live(), ActiveSlot()));
  const Step erase = story_.Erase(0);
  ASSERT_TRUE(erase.status.ok()) << erase.status;
  const int inactive = 1 - ActiveSlot();
  world_.Close();
  std::string torn = old_slot;
  torn.back() = static_cast<char>(torn.back() ^ 1);  // Of the checksum: the root is whole.
  ASSERT_NE(torn.find(erase.root_before), std::string::npos);
  Store(Slot(world_.live(), inactive), torn);

  ASSERT_TRUE(world_.Open().ok());

  ExpectNowhereInSlots(erase.root_before);
  ExpectTold(story_.TheFacts());
  ExpectDead(erase.died, erase.root_before);
}

TEST_F(WholeStartUpTest, AnEraseCutOffBeforeItsRootStandsIsUndoneAndCanBeDoneAgain) {
  const Facts told = story_.TheFacts();
  slot_writes_left_ = 0;
  ASSERT_FALSE(story_.Erase(0).status.ok());
  slot_writes_left_ = 1'000'000;

  ASSERT_TRUE(story_.Restart().status.ok());

  ExpectTold(told);
  const Step again = story_.Erase(0);
  ASSERT_TRUE(again.status.ok()) << again.status;
  ExpectDead(again.died, again.root_before);
}

TEST_F(WholeStartUpTest, AnEraseCutOffOnceItsRootStandsIsFinished) {
  const std::string old_root = Text(world_.CurrentRoot());
  const Texts living = story_.Living();
  slot_writes_left_ = 1;
  const Step cut_off = story_.Erase(0);
  ASSERT_FALSE(cut_off.status.ok());
  slot_writes_left_ = 1'000'000;

  ASSERT_TRUE(story_.Restart().status.ok());

  ExpectTold(cut_off.may_be);
  ExpectNowhereInSlots(old_root);
  disk_.Look();
  Texts dead = living;
  for (const std::string& text : disk_.Open(world_.CurrentRoot()).plaintexts) dead.erase(text);
  EXPECT_EQ(dead.size(), 2u) << "of the one person the identifier and the record";
  ExpectDead(dead, old_root);
}

// The tail's root is held, but one of its nodes does not authenticate: the head is kept.
TEST_F(WholeStartUpTest, ABrokenNodeOfTheTailKeepsTheHead) {
  const Facts told = story_.TheFacts();
  const std::string old_root = Text(world_.CurrentRoot());
  slot_writes_left_ = 1;
  ASSERT_FALSE(story_.Erase(0).status.ok());
  slot_writes_left_ = 1'000'000;
  auto& stores = world_->stores();
  const auto log = vault::shredlog::LoadLogState(stores.engine());
  const auto tail = vault::shredlog::LoadLogEntry(stores.engine(), log->tail_sequence);
  storage::Batch damage;
  damage.Delete(vault::table::kNode,
                vault::keytree::NodeId{0, tail->leaves.front().group, tail->attempt}.Key());
  ASSERT_TRUE(stores.journal->Commit({{}}, std::move(damage), storage::Durability::kSynced).ok());

  ASSERT_TRUE(story_.Restart().status.ok());

  ExpectTold(told);
  EXPECT_EQ(Text(world_.CurrentRoot()), old_root);
  const Step again = story_.Erase(0);
  ASSERT_TRUE(again.status.ok()) << again.status;
  ExpectDead(again.died, again.root_before);
}

TEST_F(WholeStartUpTest, AnArchiveAheadOfTheDatabaseIsAppliedToIt) {
  world_.Close();
  fs::copy(world_.live() + "/db", world_.Beside("old-db"), fs::copy_options::recursive);
  ASSERT_TRUE(world_.Open().ok());
  ASSERT_TRUE(story_.Update(1).status.ok());
  const Step erase = story_.Erase(0);
  ASSERT_TRUE(erase.status.ok()) << erase.status;
  const Secret root = world_.CurrentRoot();
  world_.Close();
  fs::remove_all(world_.live() + "/db");
  fs::copy(world_.Beside("old-db"), world_.live() + "/db", fs::copy_options::recursive);

  const auto opened = world_.OpenIn(world_.live());

  ASSERT_TRUE(opened.ok()) << opened.status();
  const Differences found = Compare(**opened, story_.TheFacts(), story_.TheFacts());
  EXPECT_EQ(found.lost + found.undone, "");
  EXPECT_TRUE(world_.CurrentRoot().Equals(root));
}

// The raise of the owner epoch at a start writes the root into the other slot: cut off anywhere,
// torn or not, it loses nothing and leaves one root.
TEST_F(WholeStartUpTest, ATornEpochRaiseLosesNothing) {
  const Secret root = world_.CurrentRoot();
  world_.Close();
  const std::size_t first = world_.log().size();
  ASSERT_TRUE(world_.Open().ok());
  const std::vector<DiskEvent> events = world_.log().Events();
  int raised = 0;
  for (std::size_t event = first; event < events.size(); ++event) {
    raised += RecordingSlotFile::IsSlot(events[event].path) ? 1 : 0;
    if (events[event].op != DiskEvent::Op::kWrite || events[event].bytes.size() != 4096) continue;
    for (std::uint64_t way = 0; way < 8; ++way) {
      const auto unsynced = static_cast<Unsynced>(std::min<std::uint64_t>(way, 3));
      const std::string at = world_.Beside("raise");
      world_.LeaveCrash(events, {event + 1, unsynced, way}, at);
      const auto opened = world_.OpenIn(at);
      ASSERT_TRUE(opened.ok()) << event << " " << way << " " << opened.status();
      EXPECT_TRUE(world_.RootIn(at).Equals(root));
      ++raised;
    }
  }
  EXPECT_GE(raised, 16) << "both writes of a raise, each in eight ways";
}

TEST_F(WholeStartUpTest, NoRootAtAllIsAHardStop) {
  const int active = ActiveSlot();
  world_.Close();
  const std::string slot = Load(Slot(world_.live(), active));
  Store(Slot(world_.live(), active), std::string(slot.size(), '\0'));

  EXPECT_EQ(ReasonOf(world_.Open()), Reason::kLeafLost);

  Store(Slot(world_.live(), active), slot);
  ASSERT_TRUE(world_.Open().ok());
  ExpectTold(story_.TheFacts());
}

class TwoHolderStartUpTest : public WholeStartUpTest {
 protected:
  TwoHolderStartUpTest() : WholeStartUpTest({.holders = 2}) {}
};

// A holder whose volume was put back to an old state, beside one that has the root of now.
TEST_F(TwoHolderStartUpTest, AStaleHolderBesideAGoodOneIsOverwritten) {
  world_.Close();
  const std::string second = RecordedVault::HolderFolder(world_.live(), 1);
  fs::copy(second, world_.Beside("stale"));
  ASSERT_TRUE(world_.Open().ok());
  const Step erase = story_.Erase(0);
  ASSERT_TRUE(erase.status.ok()) << erase.status;
  world_.Close();
  for (int slot = 0; slot < 2; ++slot) {
    Store(Slot(world_.live(), slot, 1), Load(world_.Beside("stale/slot-") + std::to_string(slot)));
  }

  ASSERT_TRUE(world_.Open().ok());

  ExpectNowhereInSlots(erase.root_before, 0);
  ExpectNowhereInSlots(erase.root_before, 1);
  EXPECT_TRUE(world_.RootIn(world_.live(), 1).Equals(world_.CurrentRoot()));
  ExpectTold(story_.TheFacts());
  ExpectDead(erase.died, erase.root_before);
}

// The update is acknowledged, its old version's leaf waits for its shred, and the machine dies.
class DoomedStartUpTest : public WholeStartUpTest {
 protected:
  DoomedStartUpTest() : WholeStartUpTest({.doomed_delay = absl::Seconds(60)}) {}
};

TEST_F(DoomedStartUpTest, AVersionReplacedBeforeTheCrashIsShreddedAfterIt) {
  ASSERT_TRUE(story_.Update(0).status.ok());
  const Texts doomed = story_.Doomed();
  ASSERT_EQ(doomed.size(), 1u);
  const std::string root_before = Text(world_.CurrentRoot());
  const std::string at = world_.Beside("crashed");
  const std::vector<DiskEvent> events = world_.log().Events();
  world_.LeaveCrash(events, {events.size(), Unsynced::kDrop, 1}, at);
  disk_.Look();

  const auto opened = world_.OpenIn(at);
  ASSERT_TRUE(opened.ok()) << opened.status();
  const auto loot = [&] { return disk_.Open(world_.RootIn(at)).plaintexts; };
  EXPECT_TRUE(loot().contains(*doomed.begin())) << "not due yet";
  world_.clock.Advance(absl::Minutes(1));
  ASSERT_TRUE((*opened)->RunHousekeeping().ok());

  EXPECT_NE(Text(world_.RootIn(at)), root_before);
  EXPECT_FALSE(loot().contains(*doomed.begin()));
  EXPECT_TRUE(
      disk_.Open(Secret::CopyFrom(AsBytes(root_before))).plaintexts.contains(*doomed.begin()));
  const Differences found = Compare(**opened, story_.TheFacts(), story_.TheFacts());
  EXPECT_EQ(found.lost + found.undone, "");
}

}  // namespace
}  // namespace lethe::test
