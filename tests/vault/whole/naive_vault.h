// What an erasure is in a vault that is not made for it: the wrapped keys of a person are deleted,
// and the rows. Whoever tests an attack lets it loose on this too, and must see it succeed.
#ifndef LETHE_TESTS_VAULT_WHOLE_NAIVE_VAULT_H_
#define LETHE_TESTS_VAULT_WHOLE_NAIVE_VAULT_H_

#include <cstddef>

#include "tests/vault/whole/attack.h"

namespace lethe::test {

struct NaiveErasure {
  PathTally tally;
  std::size_t texts = 0;   // That should be dead.
  std::size_t faults = 0;  // That the attack found.
  bool ok = false;         // Whether the vault did its part.
};

// One person with one record, erased in that way, and attacked.
NaiveErasure AttackNaiveVault();

}  // namespace lethe::test

#endif  // LETHE_TESTS_VAULT_WHOLE_NAIVE_VAULT_H_
