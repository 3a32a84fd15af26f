// An Attack on a vault after each of its acknowledgements, and the table of what came of it: for
// every path to death how much died by it, how much of that opens with the root that is left (must
// be nothing), and how much the same code opens with the root of just before (must be all of it;
// without that control the first figure would mean nothing).
#ifndef LETHE_TESTS_VAULT_WHOLE_ATTACK_H_
#define LETHE_TESTS_VAULT_WHOLE_ATTACK_H_

#include <map>
#include <string>
#include <vector>

#include "tests/vault/whole/omniscient_disk.h"
#include "tests/vault/whole/story.h"

namespace lethe::test {

// Every path to death that a story can take. One that no story took, or whose control opened
// nothing, is a path that nobody attacked.
extern const std::vector<std::string> kPathsToDeath;

struct PathTally {
  int attacks = 0;
  std::size_t texts = 0;           // Died.
  std::size_t recoverable = 0;     // Of them, with the root that is left.
  std::size_t control_opened = 0;  // Of them, with the root of just before.
  std::size_t leaves = 0;          // Shredded, as the shred log says.
  std::size_t leaves_recoverable = 0;
  std::size_t leaves_control = 0;
};

class Attack {
 public:
  Attack(RecordedVault& world, const Story& story) : world_(world), story_(story), disk_(world) {}

  // Sees what stands in the database between two steps; without an archive nothing else holds a row
  // that a shred replaces.
  void Look() { disk_.Look(); }
  // After `step` was acknowledged and before any later commit. Texts that died earlier are tried
  // again.
  void After(const Step& step);

  const std::map<std::string, PathTally>& paths() const { return paths_; }
  std::size_t acknowledgements() const { return acknowledgements_; }
  std::size_t living_opened() const { return living_opened_; }
  // What must not be: erased texts and leaves that open, living ones that do not, a control that
  // fails. One line each.
  const std::vector<std::string>& faults() const { return faults_; }
  std::size_t recoverable() const;
  std::string Table() const;
  const OmniscientDisk& disk() const { return disk_; }
  OmniscientDisk& disk() { return disk_; }

 private:
  void TryHolders(const Step& step, const Secret& root);
  void TryDead(const VaultAttacker::Loot& now);
  void TryLiving(const VaultAttacker::Loot& now);
  void TryControl(const Step& step, const VaultAttacker::Loot& now);
  // The leaves of the attempt that made the root that is left.
  void TryLeaves(PathTally& tally, const VaultAttacker::Loot& now,
                 const VaultAttacker::Loot& before);

  RecordedVault& world_;
  const Story& story_;
  OmniscientDisk disk_;
  std::map<std::string, PathTally> paths_;
  std::map<std::string, std::string> path_of_;  // Of a dead text.
  std::size_t acknowledgements_ = 0;
  std::size_t living_opened_ = 0;
  std::vector<std::string> faults_;
};

// What is missing for `paths` to say anything: one line for each path without an attack or a
// control.
std::vector<std::string> MissingFrom(const std::map<std::string, PathTally>& paths);

// Adds what one story came to to what others did.
void AddTo(std::map<std::string, PathTally>& all, const std::map<std::string, PathTally>& more);
std::string TableOf(const std::map<std::string, PathTally>& paths);

}  // namespace lethe::test

#endif  // LETHE_TESTS_VAULT_WHOLE_ATTACK_H_
