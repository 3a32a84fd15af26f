// A key tree whose engine, archive and holder tell one DiskLog every write and sync, in one order;
// and the same tree opened again from what a crash at any point of that log leaves.
#ifndef LETHE_TESTS_VAULT_KEYTREE_RECORDED_WORLD_H_
#define LETHE_TESTS_VAULT_KEYTREE_RECORDED_WORLD_H_

#include <memory>
#include <string>
#include <vector>

#include "base/random.h"
#include "tests/support/disk_log.h"
#include "tests/support/disk_state.h"
#include "tests/support/fake_clock.h"
#include "tests/support/tree_attacker.h"
#include "vault/holders/key_service.h"
#include "vault/keytree/key_tree.h"

namespace lethe::test {

// The parts of an open tree. Closed in the right order by its destructor.
struct OpenTree {
  std::unique_ptr<vault::Journal> journal;
  std::unique_ptr<vault::keytree::KeyTree> tree;

  ~OpenTree() {
    tree.reset();
    journal.reset();
  }
};

// The folder a test may fill and empty thousands of times: in memory where the machine has such a
// place, since what is tested is order, not the disk.
std::string FastTempFolder();

// What a recorded vault's holders are.
struct WorldHolders {
  std::vector<bool> token = {false};              // One a holder: sealed by a token.
  vault::holders::KeyService* service = nullptr;  // Seals the outer part of each.
};

class RecordedWorld {
 public:
  explicit RecordedWorld(std::string folder, WorldHolders holders = {});

  // Makes the vault and opens it, everything recorded.
  void Create();
  OpenTree& open() { return *open_; }
  void Close() { open_.reset(); }

  const DiskLog& log() const { return *log_; }
  const VaultId& vault() const { return vault_; }
  FakeClock& clock() { return clock_; }

  // Writes what `crash` leaves into the folder `to` and opens the tree there, unrecorded.
  absl::StatusOr<std::unique_ptr<OpenTree>> OpenAfter(std::span<const DiskEvent> events,
                                                      const Crash& crash, const std::string& to);
  // The one root that stands in each holder of the folder `at`; empty where there are none or two.
  std::vector<Secret> RootsIn(const std::string& at) const;

  // Gives the attacker every row of the key tree that the archive ever held: all that went through
  // the journal, in every version.
  void TellAll(TreeAttacker& attacker) const;
  // In how many runs of bytes ever written, to anything but the holder's slots, `needle` stands.
  std::size_t CountOutsideSlots(std::string_view needle) const;

 private:
  absl::StatusOr<std::unique_ptr<OpenTree>> Open(bool recorded, const std::string& at, bool create);

  std::unique_ptr<vault::holders::Holder> HolderIn(const std::string& at, std::size_t index,
                                                   std::shared_ptr<DiskLog> log) const;

  const std::string folder_;
  const WorldHolders kinds_;
  std::shared_ptr<DiskLog> log_ = std::make_shared<DiskLog>();
  SystemRandom random_;
  FakeClock clock_{absl::FromUnixSeconds(1'790'000'000)};
  VaultId vault_;
  std::unique_ptr<OpenTree> open_;
};

}  // namespace lethe::test

#endif  // LETHE_TESTS_VAULT_KEYTREE_RECORDED_WORLD_H_
