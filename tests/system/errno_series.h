// An ErrnoSeries is what happens to one vault in an errnos run, in rows of one act.
#ifndef LETHE_TESTS_SYSTEM_ERRNO_SERIES_H_
#define LETHE_TESTS_SYSTEM_ERRNO_SERIES_H_

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "tests/system/backup_tool.h"
#include "tests/system/errno_run.h"
#include "tests/system/errno_table.h"
#include "tests/system/renewal.h"
#include "tests/system/trap_series.h"

namespace lethe::test {

class ErrnoSeries : public TrapSeries {
 public:
  ErrnoSeries(const ErrnoOptions& options, std::uint64_t number, absl::Time end,
              const Totals& before)
      : TrapSeries(options.run, number, end, before), slice_(options.slice) {}

  absl::Status Open(Act act);
  // The row's error at every place of its calls in the act, or at one that the seed draws.
  absl::Status Sweep(const ErrnoRow& row);

 private:
  absl::StatusOr<std::vector<Trap>> TrapsFor(const ErrnoRow& row);
  absl::StatusOr<std::vector<Trap>> Rehearse(const Trap& like);
  // Lays the trap and acts; true: something was caught, and all is well.
  absl::StatusOr<bool> Spring(const Trap& trap);
  absl::StatusOr<bool> SpringServing(const Trap& trap);
  absl::StatusOr<bool> SpringStart(const Trap& trap);
  absl::StatusOr<bool> SpringTool(const Trap& trap);

  absl::Status Prepare();
  absl::Status DoAct(const Trap& trap);
  void Change(Operation operation);
  // Of a server that has been in a trap: how it ended by itself, or nothing: it lived on, served
  // with everything it had acknowledged, and is killed.
  absl::StatusOr<std::optional<ProcessEnd>> LiveOrEnd();
  bool Serves();
  absl::Status Judge(const Trap& trap, const std::string& caught,
                     const std::optional<ProcessEnd>& end, bool was_starting);

  const bool slice_;
  Act act_ = Act::kPut;
  std::unique_ptr<BackupTool> backups_;
  std::unique_ptr<Renewal> renewal_;
};

}  // namespace lethe::test

#endif  // LETHE_TESTS_SYSTEM_ERRNO_SERIES_H_
