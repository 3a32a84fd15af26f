#include "vault/chores/chore_run.h"

#include <algorithm>
#include <utility>

#include "base/reason.h"
#include "storage/scan.h"
#include "vault/rows/row_schema.h"

namespace lethe::vault::chores {
namespace {

absl::Duration PauseAfter(std::uint64_t tries) {
  // Ten doublings are past the longest.
  const std::uint64_t doublings = std::min<std::uint64_t>(tries - 1, 10);
  return std::min(ChoreRun::kFirstPause * (std::int64_t{1} << doublings), ChoreRun::kLongestPause);
}

std::string NameOfReason(const absl::Status& status) {
  const auto reason = ReasonOf(status);
  return reason.has_value() ? std::string(NameOf(*reason))
                            : absl::StatusCodeToString(status.code());
}

std::string NameOfTable(storage::TableId id) {
  for (const storage::TableSpec& table : AllTables()) {
    if (table.id == id) return std::string(table.name);
  }
  return "unknown";
}

}  // namespace

// A clock that was set back starts the period anew.
bool ChoreRun::IsDue(absl::Time now) const { return now >= next_pass_ || now < last_step_; }

absl::StatusOr<bool> ChoreRun::Step(absl::Time now) {
  if (!under_way_) BeginPass(now);
  under_way_ = true;
  last_step_ = now;
  Round round(now, pass_);
  const absl::StatusOr<bool> more = chore_.step(round);
  if (more.ok() && *more) return true;
  under_way_ = false;
  EndPass(now, more.ok() ? pass_.failure : more.status());
  if (IsFinal(more.status())) return more.status();
  return false;
}

void ChoreRun::BeginPass(absl::Time now) {
  pass_.retries = failures_ > 0 || (!bad_rows_.empty() && now >= bad_rows_again_);
  pass_.failure = absl::OkStatus();
  pass_.bad_rows.clear();
  if (pass_.retries) pass_.put_off.clear();
}

void ChoreRun::EndPass(absl::Time now, const absl::Status& failure) {
  KeepBadRows(now, pass_.retries && failure.ok());
  if (failure.ok()) {
    failures_ = 0;
    next_pass_ = now + chore_.period;
    return;
  }
  if (failures_ == 0) failing_since_ = now;
  ++failures_;
  ++failures_in_all_;
  reason_ = NameOfReason(failure);
  last_failure_ = now;
  next_pass_ = now + PauseAfter(failures_);
}

// `all_seen`: what was not found bad in this pass is so no longer.
void ChoreRun::KeepBadRows(absl::Time now, bool all_seen) {
  const std::map<RowName, Known> before = all_seen ? std::exchange(bad_rows_, {}) : bad_rows_;
  for (const auto& [row, why] : pass_.bad_rows) {
    if (bad_rows_.size() >= kBadRowsKept) break;
    const auto known = before.find(row);
    const std::uint64_t number = known == before.end() ? 0 : known->second.number;
    bad_rows_.insert_or_assign(row, Known{NameOfReason(why), number});
  }
  if (bad_rows_.empty()) {
    bad_row_tries_ = 0;
  } else if (pass_.retries || bad_row_tries_ == 0) {
    bad_rows_again_ = now + PauseAfter(++bad_row_tries_);
  }
}

void ChoreRun::NumberRows(const storage::Engine& engine) {
  std::size_t told = 0;
  for (auto& [row, known] : bad_rows_) {
    if (told++ == ChoreStatus::kBadRowsTold) return;
    if (known.number > 0) continue;
    // A table that cannot be read up to there leaves the number open.
    known.number = storage::NumberOf(engine, row.table, row.key).value_or(0);
  }
}

ChoreStatus ChoreRun::Status() const {
  ChoreStatus status{.name = chore_.name, .failures = failures_};
  status.failures_in_all = failures_in_all_;
  status.last_failure = last_failure_;
  if (failures_ > 0) {
    status.reason = reason_;
    status.failing_since = failing_since_;
    status.next_try = next_pass_;
  } else if (!bad_rows_.empty()) {
    status.next_try = std::max(next_pass_, bad_rows_again_);
  }
  status.bad_row_count = bad_rows_.size();
  status.healthy = failures_ == 0 && bad_rows_.empty();
  for (const auto& [row, known] : bad_rows_) {
    if (status.bad_rows.size() == ChoreStatus::kBadRowsTold) break;
    status.bad_rows.push_back({NameOfTable(row.table), known.number, known.reason});
  }
  return status;
}

}  // namespace lethe::vault::chores
