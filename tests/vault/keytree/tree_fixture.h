// A key tree on a real RocksDB folder with an archive in the same folder and holders in memory; can
// be closed and opened again, and photographed at any moment.
#ifndef LETHE_TESTS_VAULT_KEYTREE_TREE_FIXTURE_H_
#define LETHE_TESTS_VAULT_KEYTREE_TREE_FIXTURE_H_

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "storage/rocks_engine.h"
#include "tests/support/fake_clock.h"
#include "tests/support/memory_slot_file.h"
#include "tests/support/temp_dir.h"
#include "tests/support/tree_attacker.h"
#include "vault/holders/holder_set.h"
#include "vault/keytree/key_tree.h"
#include "vault/rows/row_schema.h"

namespace lethe::test {

using vault::PersonSpot;
using vault::Place;
using vault::keytree::KeyTree;
using vault::keytree::LeafDraft;
using vault::keytree::ShredOutcome;
using vault::keytree::ShredRequest;

class TreeFixture : public ::testing::Test {
 protected:
  explicit TreeFixture(TempDir::On on = TempDir::On::kDisk) : dir_(on) {}

  void SetUp() override { Create(1); }

  void Create(std::size_t holders) {
    vault_ = VaultId::Draw(random_);
    disks_.clear();
    for (std::size_t i = 0; i < holders; ++i) disks_.push_back(std::make_shared<SlotDisk>());
    ASSERT_TRUE(vault::archive::Archive::Create(dir_ / "archive", vault_).ok());
    ASSERT_TRUE(OpenJournal(true).ok());
    auto opened = Holders();
    ASSERT_TRUE(KeyTree::Create(vault_, *journal_, opened, clock_, random_).ok());
    ASSERT_TRUE(OpenTree().ok());
  }

  std::vector<std::unique_ptr<vault::holders::Holder>> Holders() {
    std::vector<std::unique_ptr<vault::holders::Holder>> holders;
    for (std::size_t i = 0; i < disks_.size(); ++i) {
      holders.push_back(HolderOn(disks_[i], "file-" + std::to_string(i + 1)));
    }
    return holders;
  }

  absl::Status OpenJournal(bool create) {
    auto engine = storage::OpenRocksEngine(
        {.path = dir_ / "db", .create = create, .file_system = {}}, vault::AllTables());
    if (!engine.ok()) return engine.status();
    auto archive = vault::archive::Archive::Open(dir_ / "archive", vault_);
    if (!archive.ok()) return archive.status();
    auto journal = vault::Journal::Open(*std::move(engine), *std::move(archive), clock_, random_);
    if (!journal.ok()) return journal.status();
    journal_ = *std::move(journal);
    return absl::OkStatus();
  }

  absl::Status OpenTree() {
    auto tree = KeyTree::Open(vault_, *journal_, Holders(), clock_, random_);
    if (!tree.ok()) return tree.status();
    tree_ = *std::move(tree);
    return absl::OkStatus();
  }

  void Close() {
    tree_.reset();
    journal_.reset();
  }

  absl::Status Reopen() {
    Close();
    if (absl::Status status = OpenJournal(false); !status.ok()) return status;
    return OpenTree();
  }

  // Commits one new leaf in order of arrival and remembers its secret.
  Place Add() {
    storage::Batch change;
    auto draft = tree_->Draft(change);
    EXPECT_TRUE(draft.ok()) << draft.status();
    EXPECT_TRUE(Commit(std::move(change)).ok());
    living_[draft->place] = std::string(AsText(draft->secret.Reveal()));
    return draft->place;
  }

  std::vector<Place> AddMany(std::size_t count) {
    std::vector<Place> places;
    while (places.size() < count) {
      storage::Batch change;
      std::vector<LeafDraft> drafts;
      for (std::size_t i = places.size(); i < count && drafts.size() < 500; ++i) {
        auto draft = tree_->Draft(change);
        EXPECT_TRUE(draft.ok()) << draft.status();
        drafts.push_back(*std::move(draft));
      }
      EXPECT_TRUE(Commit(std::move(change)).ok());
      for (const LeafDraft& draft : drafts) {
        living_[draft.place] = std::string(AsText(draft.secret.Reveal()));
        places.push_back(draft.place);
      }
    }
    return places;
  }

  absl::Status Commit(storage::Batch change) {
    return journal_
        ->Commit({vault::audit::Event{}}, std::move(change), storage::Durability::kSynced)
        .status();
  }

  absl::StatusOr<ShredOutcome> Shred(std::vector<Place> leaves) {
    for (const Place& leaf : leaves) {
      const auto was = living_.find(leaf);
      if (was == living_.end()) continue;
      erased_[leaf] = was->second;
      living_.erase(was);
    }
    return tree_->Shred(ShredRequest{std::move(leaves), {}, {}, {}});
  }

  // The root as the holder's slots have it now.
  Secret CurrentRoot(std::size_t holder = 0) {
    auto slots = HolderOn(disks_[holder])->ReadSlots();
    EXPECT_TRUE(slots.ok()) << slots.status();
    Secret root;
    int found = 0;
    for (vault::holders::Slot& slot : *slots) {
      if (slot.state != vault::holders::Slot::State::kWhole) continue;
      root = slot.content->root.Clone();
      ++found;
    }
    EXPECT_EQ(found, 1) << "an old root must not stand beside the current one";
    return root;
  }

  // The engine may drop a file while it is being copied; then there is a newer state to copy.
  void CopyEngine(const std::string& to) {
    std::error_code error;
    for (int attempt = 0; attempt < 10; ++attempt) {
      std::filesystem::remove_all(to);
      std::filesystem::copy(dir_ / "db", to, error);
      if (!error) return;
    }
    FAIL() << "the engine's files cannot be copied: " << error.message();
  }

  // A copy of every file of the engine as it is on disk now, read by a RocksDB of its own.
  void Photograph(TreeAttacker& attacker) {
    const std::string copy = dir_ / ("image-" + std::to_string(images_++));
    CopyEngine(copy);
    std::filesystem::remove(copy + "/LOCK");
    auto image = storage::OpenRocksEngine({.path = copy, .read_only = true, .file_system = {}},
                                          vault::AllTables());
    ASSERT_TRUE(image.ok()) << image.status();
    attacker.AddImage(**image);
    image->reset();
    std::filesystem::remove_all(copy);
  }

  std::size_t Recovered(const TreeAttacker& attacker, const Secret& root,
                        const std::map<Place, std::string>& wanted) {
    const auto found = attacker.OpenAll(root);
    std::size_t recovered = 0;
    for (const auto& [place, secret] : wanted) {
      const auto at = found.find(place);
      if (at != found.end() && at->second.contains(secret)) ++recovered;
    }
    return recovered;
  }

  TempDir dir_;
  SystemRandom random_;
  FakeClock clock_{absl::FromUnixSeconds(1'790'000'000)};
  VaultId vault_;
  std::vector<std::shared_ptr<SlotDisk>> disks_;
  std::unique_ptr<vault::Journal> journal_;
  std::unique_ptr<KeyTree> tree_;
  std::map<Place, std::string> living_;
  std::map<Place, std::string> erased_;
  int images_ = 0;
};

}  // namespace lethe::test

#endif  // LETHE_TESTS_VAULT_KEYTREE_TREE_FIXTURE_H_
