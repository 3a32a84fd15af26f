#include "vault/records/doomed.h"

#include <string>
#include <utility>
#include <vector>

#include "base/reason.h"
#include "base/status_macros.h"
#include "storage/scan.h"
#include "vault/audit/event.h"
#include "vault/chores/halves.h"
#include "vault/rows/row_schema.h"
#include "vault/rows/sealed_row.h"

namespace lethe::vault::records {
namespace {

constexpr std::uint8_t kFormat = 1;
// In one shred; what is left follows in the next.
constexpr std::size_t kLeavesPerRound = 8'192;

absl::StatusOr<absl::Time> DeadlineOf(const storage::Row& row) {
  if (row.key.size() != Place::kBytes) {
    return Refuse(Reason::kLeafLost, "a doomed row names no place");
  }
  ByteReader in(row.value);
  LETHE_TRY(CheckFormat(in.U8(), kFormat));
  const auto deadline = ReadTime(in);
  LETHE_TRY(in.Finish());
  return deadline.value_or(absl::InfinitePast());
}

}  // namespace

KeyDeath Doomed::Mark(const Place& leaf, absl::Time now, storage::Batch& change) const {
  const absl::Time deadline = now + delay_;
  ByteWriter row;
  row.U8(kFormat);
  AppendTime(row, deadline);
  change.Put(table::kDoomed, leaf.Key(), row.Take());
  return KeyDeath{deadline};
}

absl::StatusOr<KeyDeath> Doomed::Shred(std::span<const Place> leaves) const {
  keytree::ShredRequest request;
  request.leaves.assign(leaves.begin(), leaves.end());
  request.event.method = audit::Method::kSystem;
  request.event.count = static_cast<std::uint32_t>(leaves.size());
  for (const Place& leaf : leaves) request.on_commit.Delete(table::kDoomed, leaf.Key());
  LETHE_ASSIGN(const keytree::ShredOutcome outcome, tree_.Shred(std::move(request)));
  return KeyDeath{outcome.key_death_time};
}

absl::StatusOr<std::optional<Place>> Doomed::StillDoomed(const std::string& memo) const {
  const auto row = engine_.Get(table::kDoomed, memo);
  if (absl::IsNotFound(row.status())) return std::nullopt;
  LETHE_TRY(row.status());
  ByteReader key(memo);
  return Place::Read(key);
}

chores::Chore Doomed::ShredChore() const {
  return {.name = "doomed",
          .period = absl::ZeroDuration(),
          .step = [this, range = storage::Range()](chores::Round& round) mutable {
            return ShredPage(round, range);
          }};
}

absl::StatusOr<bool> Doomed::ShredPage(chores::Round& round, storage::Range& range) const {
  LETHE_ASSIGN(const auto page, storage::NextPage(engine_, table::kDoomed, range, kLeavesPerRound));
  if (page.last) range = {};
  std::vector<Place> leaves;
  bool due = false;
  for (const storage::Row& row : page.rows) {
    if (round.IsPutOff(row.key)) continue;
    const auto deadline = DeadlineOf(row);
    if (!deadline.ok()) {
      round.StepOver({table::kDoomed, row.key}, deadline.status());
      continue;
    }
    due = due || *deadline - delay_ / 2 <= round.now();
    ByteReader key(row.key);
    leaves.push_back(Place::Read(key));
  }
  if (due) {
    const absl::Status status = ShredOthers(leaves, round);
    if (!status.ok()) range = {};
    LETHE_TRY(status);
  }
  return !page.last;
}

absl::Status Doomed::ShredOthers(std::span<const Place> leaves, chores::Round& round) const {
  return chores::DoWithoutBad<Place>(
      leaves, [&](std::span<const Place> some) { return Shred(some).status(); },
      [&](const Place& leaf, const absl::Status& why) {
        const auto beside = chores::BadLeafBeside(engine_, tree_, leaf);
        round.StepOver(beside.value_or(chores::RowName{table::kDoomed, leaf.Key()}), why);
        round.PutOff(leaf.Key());
      });
}

}  // namespace lethe::vault::records
