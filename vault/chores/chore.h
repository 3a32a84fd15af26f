// A chore: something that calls leave behind and the housekeeper does in small steps. Each room
// gives its own. What is to be done stands on disk, so a restart goes on where it stopped.
//
// A pass is all steps from the first to the one that says there is no more. A chore goes on without
// a row that is bad, or a tenant that fails, and tells the round of it: nothing else waits for
// them.
#ifndef LETHE_VAULT_CHORES_CHORE_H_
#define LETHE_VAULT_CHORES_CHORE_H_

#include <functional>
#include <map>
#include <set>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "vault/chores/bad_row.h"

namespace lethe::vault::chores {

// What one pass has found out so far.
struct Pass {
  // It tries again what earlier passes had to leave.
  bool retries = false;
  std::map<RowName, absl::Status> bad_rows;
  std::set<std::string> put_off;  // Beyond the pass, until the next one that retries.
  absl::Status failure;           // The first.
};

// What a step is told, and whom it tells.
class Round {
 public:
  Round(absl::Time now, Pass& pass) : now_(now), pass_(pass) {}

  absl::Time now() const { return now_; }
  bool retries() const { return pass_.retries; }

  // The chore goes on without this row.
  void StepOver(const RowName& row, const absl::Status& why) {
    pass_.bad_rows.try_emplace(row, why);
  }
  // Leaves a piece of work, known by any name of the chore's own, until a later pass: doing it
  // costs much, or would hold up the rest.
  void PutOff(std::string item) { pass_.put_off.insert(std::move(item)); }
  bool IsPutOff(const std::string& item) const { return pass_.put_off.contains(item); }

  // How one part of the work ended, a tenant's or a subject's. Its failure is the chore's, and the
  // other parts go on: OK. An error where they would fail just so.
  absl::Status Note(const absl::Status& of_part) {
    if (IsOfTheVault(of_part)) return of_part;
    pass_.failure.Update(of_part);
    return absl::OkStatus();
  }

 private:
  const absl::Time now_;
  Pass& pass_;
};

struct Chore {
  std::string name;       // As status tells it.
  absl::Duration period;  // From the end of a pass to the next; zero: every round.
  std::function<absl::StatusOr<bool>(Round&)> step;  // True: there is more.
};

}  // namespace lethe::vault::chores

#endif  // LETHE_VAULT_CHORES_CHORE_H_
