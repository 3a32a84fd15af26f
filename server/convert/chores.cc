#include "server/convert/chores.h"

#include "server/convert/convert.h"

namespace lethe::server {

void Fill(const vault::ChoreStatus& chore, v1::ChoreStatus* out) {
  out->set_name(chore.name);
  out->set_healthy(chore.healthy);
  out->set_reason(chore.reason);
  out->set_failures(chore.failures);
  out->set_failures_in_all(chore.failures_in_all);
  const absl::Time never = absl::InfinitePast();
  if (chore.failing_since != never) Fill(chore.failing_since, out->mutable_failing_since());
  if (chore.last_failure != never) Fill(chore.last_failure, out->mutable_last_failure_time());
  if (chore.next_try != never) Fill(chore.next_try, out->mutable_next_try_time());
  for (const vault::BadRow& row : chore.bad_rows) {
    v1::BadRow* told = out->add_bad_rows();
    told->set_table(row.table);
    told->set_number(row.number);
    told->set_reason(row.reason);
  }
  out->set_bad_row_count(chore.bad_row_count);
}

}  // namespace lethe::server
