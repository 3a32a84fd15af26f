// A vault in which every chore has something to do for every tenant, a month before it is due:
//   acme, globex   a doomed leaf, a period, a restricted person's period, a scheduled erase,
//   requests initech        being offboarded: a duty keeps it, but not each of its people umbrella
//   gone: its rows are left
#ifndef LETHE_TESTS_VAULT_CHORES_CHORES_WORLD_H_
#define LETHE_TESTS_VAULT_CHORES_CHORES_WORLD_H_

#include <optional>
#include <string>

#include "gmock/gmock.h"
#include "tests/support/test_vault.h"
#include "tests/support/vault_attacker.h"
#include "vault/rows/row_schema.h"

namespace lethe::test {

class ChoresWorld {
 public:
  ChoresWorld();

  // The people and rows of a tenant with something of everything.
  struct People {
    TenantTag tag;
    SubjectTag ann;   // Her record is doomed, another ends with its period.
    SubjectTag rita;  // Restricted; hers ends in the same period.
    SubjectTag bob;   // His erase is scheduled.
    std::string doomed_row;
    vault::Record ended;   // Ann's.
    vault::Record held;    // Rita's.
    vault::Record erased;  // Bob's.
  };
  const People& acme() const { return acme_; }
  const People& globex() const { return globex_; }
  TenantTag initech() const { return initech_; }
  // People of initech that no duty keeps.
  SubjectTag dora() const { return dora_; }
  SubjectTag emil() const { return emil_; }

  // Writes the row behind everybody's back; nullopt: deletes it. Gives back what stood there.
  std::optional<std::string> Plant(vault::table::Id table, const std::string& key,
                                   std::optional<std::string> value);
  // What every reader of a row refuses: its first three bytes.
  std::string CutShort(vault::table::Id table, const std::string& key);
  std::string FirstKey(vault::table::Id table, const std::string& prefix);
  // The row of the leaf that stands at `offset` of a row.
  std::string LeafKeyIn(vault::table::Id table, const std::string& key, std::size_t offset);

  void LetTheMonthPass() { test_vault.clock.Advance(absl::Hours(24 * 33)); }

  // What is left undone, in words; empty: nothing. Each holds for one tenant.
  std::string LeftOf(const People& people);
  std::string LeftOfInitech(const SubjectTag& person, const std::string& identifier);
  std::string LeftOfUmbrella();

  vault::ChoreStatus Chore(const std::string& name);

  TestVault test_vault;

 private:
  People Fill(const std::string& tenant);
  // So that tenants share no group of the tree with those that come later.
  void FillGroups(const People& people, const std::string& tenant);
  bool Opens(const std::string& text);
  std::size_t Rows(vault::table::Id table, const std::string& prefix);

  VaultAttacker attacker_;
  People acme_;
  People globex_;
  TenantTag initech_;
  TenantTag umbrella_;
  SubjectTag dora_;
  SubjectTag emil_;
};

}  // namespace lethe::test

#endif  // LETHE_TESTS_VAULT_CHORES_CHORES_WORLD_H_
