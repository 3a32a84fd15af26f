#include "vault/records/doomed.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "base/reason.h"
#include "base/status_macros.h"
#include "vault/audit/event.h"
#include "vault/rows/row_schema.h"
#include "vault/rows/sealed_row.h"

namespace lethe::vault::records {
namespace {

constexpr std::uint8_t kFormat = 1;
// In one shred; what is left follows in the next.
constexpr std::size_t kLeavesPerRound = 8'192;

absl::StatusOr<absl::Time> DeadlineOf(const storage::Row& row) {
  ByteReader in(row.value);
  LETHE_TRY(CheckFormat(in.U8(), kFormat));
  const auto deadline = ReadTime(in);
  LETHE_TRY(in.Finish());
  return deadline.value_or(absl::InfinitePast());
}

}  // namespace

KeyDeath Doomed::Mark(const keytree::Place& leaf, absl::Time now, storage::Batch& change) const {
  const absl::Time deadline = now + delay_;
  ByteWriter row;
  row.U8(kFormat);
  AppendTime(row, deadline);
  change.Put(table::kDoomed, leaf.Key(), row.Take());
  return KeyDeath{deadline};
}

absl::StatusOr<KeyDeath> Doomed::Shred(std::span<const keytree::Place> leaves) const {
  keytree::ShredRequest request;
  request.leaves.assign(leaves.begin(), leaves.end());
  request.event.method = audit::Method::kSystem;
  request.event.count = static_cast<std::uint32_t>(leaves.size());
  for (const keytree::Place& leaf : leaves) request.on_commit.Delete(table::kDoomed, leaf.Key());
  LETHE_ASSIGN(const keytree::ShredOutcome outcome, tree_.Shred(std::move(request)));
  return KeyDeath{outcome.key_death_time};
}

absl::StatusOr<std::size_t> Doomed::ShredDue(absl::Time now) const {
  LETHE_ASSIGN(const auto rows, engine_.Scan(table::kDoomed, {}, kLeavesPerRound));
  std::vector<keytree::Place> leaves;
  bool due = false;
  for (const storage::Row& row : rows) {
    LETHE_ASSIGN(const absl::Time deadline, DeadlineOf(row));
    due = due || deadline - delay_ / 2 <= now;
    ByteReader key(row.key);
    leaves.push_back(keytree::Place::Read(key));
  }
  if (!due) return 0;
  LETHE_TRY(Shred(leaves).status());
  return leaves.size();
}

}  // namespace lethe::vault::records
