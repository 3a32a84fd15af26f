// What is told of errors by those who do chores: which are one row's fault, which stop everything.
#ifndef LETHE_VAULT_CHORES_BAD_ROW_H_
#define LETHE_VAULT_CHORES_BAD_ROW_H_

#include <compare>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "storage/engine.h"
#include "vault/keytree/key_tree.h"
#include "vault/keytree/place.h"

namespace lethe::vault::chores {

struct RowName {
  storage::TableId table;
  std::string key;
  friend auto operator<=>(const RowName&, const RowName&) = default;
};

// A row does not decode, does not open, is of a later version, or names what is not there: all else
// can go on without it.
bool IsBadRow(const absl::Status& status);

// Of the whole vault and not of one row, subject or tenant: a silent holder, a full disk, a failed
// write. Whoever is next in the same chore would meet it, too.
bool IsOfTheVault(const absl::Status& status);

// Only a restart helps: the vault is sealed or shutting down.
bool IsFinal(const absl::Status& status);

// The leaf row that keeps the group of `leaf` from being re-keyed. nullopt: each of them opens.
std::optional<RowName> BadLeafBeside(const storage::Engine& engine, const keytree::KeyTree& tree,
                                     const keytree::Place& leaf);

}  // namespace lethe::vault::chores

#endif  // LETHE_VAULT_CHORES_BAD_ROW_H_
