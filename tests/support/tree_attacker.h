// The attacker of the key tree: has every node and leaf row that ever stood in any copy of the
// engine, and one root. Opens whatever follows from it, to a fixpoint.
//
// It trusts nothing of the vault's own bookkeeping: which generation is current, which attempt was
// aborted, which row is superseded do not interest it. Whatever opens, opens.
#ifndef LETHE_TESTS_SUPPORT_TREE_ATTACKER_H_
#define LETHE_TESTS_SUPPORT_TREE_ATTACKER_H_

#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "storage/engine.h"
#include "vault/keytree/node.h"
#include "vault/rows/place.h"

namespace lethe::test {

class TreeAttacker {
 public:
  explicit TreeAttacker(const VaultId& vault) : vault_(vault) {}

  // Adds every row of the key tree that `image` holds.
  void AddImage(const storage::Reader& image);
  void AddNodeRow(const std::string& key, const std::string& row) { nodes_.emplace(key, row); }
  void AddLeafRow(const std::string& key, const std::string& row) { leaves_.emplace(key, row); }

  // Every secret that follows from `root`: place -> all secrets ever found there.
  std::map<vault::Place, std::set<std::string>> OpenAll(const Secret& root) const;

  std::size_t node_rows() const { return nodes_.size(); }
  std::size_t leaf_rows() const { return leaves_.size(); }

 private:
  const VaultId vault_;
  std::set<std::pair<std::string, std::string>> nodes_;  // Key, value: all versions of all images.
  std::set<std::pair<std::string, std::string>> leaves_;
};

}  // namespace lethe::test

#endif  // LETHE_TESTS_SUPPORT_TREE_ATTACKER_H_
