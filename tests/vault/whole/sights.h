// Sights are what can be seen of a vault's life without opening what died: of each row ever written
// its table, its key, its size and what stands in it in clear; of each erasure its time, its leaves
// and the groups that were keyed anew; of the tenant's own rows also what the tenant's living
// secret opens.
#ifndef LETHE_TESTS_VAULT_WHOLE_SIGHTS_H_
#define LETHE_TESTS_VAULT_WHOLE_SIGHTS_H_

#include <cstddef>
#include <string>
#include <vector>

#include "tests/vault/whole/recorded_vault.h"

namespace lethe::test {

// One line for each row, in the order in which they were written. The vault is open and has an
// archive, through which every row goes.
std::vector<std::string> SightsOf(RecordedVault& world);

// How many lines differ; a line that the other lacks differs too.
std::size_t CountDifferences(const std::vector<std::string>& a, const std::vector<std::string>& b);

}  // namespace lethe::test

#endif  // LETHE_TESTS_VAULT_WHOLE_SIGHTS_H_
