// The attacker of the whole vault: has every row that ever stood in any copy of the engine, and one
// root. Opens the key tree to a fixpoint, tries every secret found on every row it could belong to,
// and gives out every plaintext.
#ifndef LETHE_TESTS_SUPPORT_VAULT_ATTACKER_H_
#define LETHE_TESTS_SUPPORT_VAULT_ATTACKER_H_

#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "storage/engine.h"
#include "tests/support/tree_attacker.h"

namespace lethe::test {

class VaultAttacker {
 public:
  explicit VaultAttacker(const VaultId& vault);

  void AddImage(const storage::Reader& image);
  // A row from anywhere. One of a table that opens nothing is passed over.
  void AddRow(storage::TableId table, const std::string& key, const std::string& row);

  // What follows from one root.
  struct Loot {
    std::set<std::string> plaintexts;  // "identifier value", record data, reasons of acts.
    std::map<vault::Place, std::set<std::string>> leaves;  // All secrets found there.
  };
  Loot Plunder(const Secret& root) const;
  std::set<std::string> OpenAll(const Secret& root) const { return Plunder(root).plaintexts; }

  std::size_t rows() const;

 private:
  using Row = std::pair<std::string, std::string>;
  struct Opening;  // One run from one root.

  TreeAttacker tree_;
  std::map<storage::TableId, std::set<Row>> rows_;  // All versions of all images.
};

}  // namespace lethe::test

#endif  // LETHE_TESTS_SUPPORT_VAULT_ATTACKER_H_
