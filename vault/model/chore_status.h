// How a chore of the housekeeper is.
#ifndef LETHE_VAULT_MODEL_CHORE_STATUS_H_
#define LETHE_VAULT_MODEL_CHORE_STATUS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/time/time.h"

namespace lethe::vault {

// A row that a chore goes on without. Nothing here is of its content or its key.
struct BadRow {
  std::string table;
  std::uint64_t number = 0;  // In the order of the table when it was found, the first being 1.
  std::string reason;
  friend bool operator==(const BadRow&, const BadRow&) = default;
};

struct ChoreStatus {
  std::string name;
  bool healthy = true;                // It does not fail and steps over nothing.
  std::string reason;                 // Of the last failure, while it fails.
  std::uint64_t failures = 0;         // In a row.
  std::uint64_t failures_in_all = 0;  // Since the start.
  absl::Time failing_since = absl::InfinitePast();
  absl::Time last_failure = absl::InfinitePast();  // InfinitePast: it never failed.
  absl::Time next_try = absl::InfinitePast();      // Of what failed or was stepped over.
  std::vector<BadRow> bad_rows;                    // The first kBadRowsTold of them.
  std::uint64_t bad_row_count = 0;

  static constexpr std::size_t kBadRowsTold = 16;
  friend bool operator==(const ChoreStatus&, const ChoreStatus&) = default;
};

}  // namespace lethe::vault

#endif  // LETHE_VAULT_MODEL_CHORE_STATUS_H_
