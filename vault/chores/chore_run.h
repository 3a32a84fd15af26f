// A ChoreRun does one chore when it is due and keeps the book of it: how often it failed, what it
// goes on without, and when that is tried again. One thread.
#ifndef LETHE_VAULT_CHORES_CHORE_RUN_H_
#define LETHE_VAULT_CHORES_CHORE_RUN_H_

#include <cstdint>
#include <map>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "storage/engine.h"
#include "vault/chores/chore.h"
#include "vault/model/chore_status.h"

namespace lethe::vault::chores {

class ChoreRun {
 public:
  explicit ChoreRun(Chore chore) : chore_(std::move(chore)) {}

  bool IsDue(absl::Time now) const;
  // One step. True: there is more of it. An error is final (IsFinal); any other is written down
  // here, and the chore waits for its pause.
  absl::StatusOr<bool> Step(absl::Time now);
  // Gives the bad rows that will be told their numbers. Reads up to each of them, so it comes when
  // the work is done; a number stays what it was when the row was found.
  void NumberRows(const storage::Engine& engine);
  ChoreStatus Status() const;

  // From one try to the next: doubled with each that fails.
  static constexpr absl::Duration kFirstPause = absl::Seconds(1);
  static constexpr absl::Duration kLongestPause = absl::Minutes(10);

 private:
  struct Known {
    std::string reason;
    std::uint64_t number = 0;  // 0: not known yet.
  };

  void BeginPass(absl::Time now);
  void EndPass(absl::Time now, const absl::Status& failure);
  void KeepBadRows(absl::Time now, bool all_seen);

  // Bounds what a vault full of damage takes of memory; what is past it is found again each time.
  static constexpr std::size_t kBadRowsKept = 10'000;

  const Chore chore_;
  Pass pass_;
  bool under_way_ = false;
  absl::Time last_step_ = absl::InfinitePast();
  absl::Time next_pass_ = absl::InfinitePast();
  std::uint64_t failures_ = 0;
  std::uint64_t failures_in_all_ = 0;
  std::string reason_;
  absl::Time failing_since_ = absl::InfinitePast();
  absl::Time last_failure_ = absl::InfinitePast();
  std::map<RowName, Known> bad_rows_;
  std::uint64_t bad_row_tries_ = 0;
  absl::Time bad_rows_again_ = absl::InfinitePast();
};

}  // namespace lethe::vault::chores

#endif  // LETHE_VAULT_CHORES_CHORE_RUN_H_
