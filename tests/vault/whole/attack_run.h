// The whole attack that scripts/attack.sh runs: siege after siege, vaults cut off in the midst of
// their writes, guesses at names, and a vault that only deletes wrapped keys, on which all this
// must succeed.
#ifndef LETHE_TESTS_VAULT_WHOLE_ATTACK_RUN_H_
#define LETHE_TESTS_VAULT_WHOLE_ATTACK_RUN_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "tests/support/totals.h"
#include "tests/vault/whole/guess.h"
#include "tests/vault/whole/naive_vault.h"
#include "tests/vault/whole/siege.h"

namespace lethe::test {

struct AttackOptions {
  std::size_t subjects = 10'000;
  absl::Duration limit = absl::Minutes(14);  // No vault is begun after it.
  std::uint64_t seed = 1;
};

struct AttackResult {
  SiegeTally sieges;
  Totals cut_in_the_midst;
  NaiveErasure naive;
  GuessTally guesses;

  // Of all ways to try.
  std::size_t recoverable() const;
  // What was recovered, lost, or attacked without a control that succeeds. One line each.
  std::vector<std::string> Faults() const;
  std::string Text() const;
};

AttackResult RunAttack(const AttackOptions& options);

}  // namespace lethe::test

#endif  // LETHE_TESTS_VAULT_WHOLE_ATTACK_RUN_H_
