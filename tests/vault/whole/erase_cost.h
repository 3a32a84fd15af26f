// What one operation on a recorded vault cost its disks, counted from the log of everything that
// was done to files.
#ifndef LETHE_TESTS_VAULT_WHOLE_ERASE_COST_H_
#define LETHE_TESTS_VAULT_WHOLE_ERASE_COST_H_

#include <cstddef>
#include <functional>
#include <vector>

#include "tests/vault/whole/recorded_vault.h"

namespace lethe::test {

// Of one part: the engine, the archive, or all holders together.
struct PartCost {
  std::size_t syncs = 0;
  std::vector<std::size_t> writes;  // Bytes of each, in order.

  std::size_t bytes() const;
};

struct DiskCost {
  PartCost engine;
  PartCost archive;
  PartCost holders;

  std::size_t syncs() const { return engine.syncs + archive.syncs + holders.syncs; }
};

// What `operation` does until it returns.
DiskCost CostOf(RecordedVault& vault, const std::function<void()>& operation);

}  // namespace lethe::test

#endif  // LETHE_TESTS_VAULT_WHOLE_ERASE_COST_H_
