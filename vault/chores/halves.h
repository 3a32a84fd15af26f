// Work on many things at once that one of them may spoil.
#ifndef LETHE_VAULT_CHORES_HALVES_H_
#define LETHE_VAULT_CHORES_HALVES_H_

#include <functional>
#include <span>

#include "absl/status/status.h"
#include "base/status_macros.h"
#include "vault/chores/bad_row.h"

namespace lethe::vault::chores {

// Does `work` with all of `items`. Where a bad row spoils it, with each half alone, down to the
// items that cannot be done whoever stands beside them: those are told to `blame`. Any other error
// ends it. One bad item of n costs about 2 log n attempts.
template <typename Item>
absl::Status DoWithoutBad(
    std::span<const Item> items, const std::function<absl::Status(std::span<const Item>)>& work,
    const std::function<void(const Item& item, const absl::Status& why)>& blame) {
  if (items.empty()) return absl::OkStatus();
  const absl::Status status = work(items);
  if (!IsBadRow(status)) return status;
  if (items.size() == 1) {
    blame(items.front(), status);
    return absl::OkStatus();
  }
  LETHE_TRY(DoWithoutBad(items.first(items.size() / 2), work, blame));
  return DoWithoutBad(items.subspan(items.size() / 2), work, blame);
}

}  // namespace lethe::vault::chores

#endif  // LETHE_VAULT_CHORES_HALVES_H_
