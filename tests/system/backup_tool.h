// Backups of a vault's running server, taken and read back by the real `lethe`.
#ifndef LETHE_TESTS_SYSTEM_BACKUP_TOOL_H_
#define LETHE_TESTS_SYSTEM_BACKUP_TOOL_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "tests/system/running_vault.h"

namespace lethe::test {

// For the thread that made it (child_process.h).
class BackupTool {
 public:
  explicit BackupTool(RunningVault& vault) : vault_(vault) {}

  // `lethe backup create`; `prefix`: a program that runs it. DEADLINE_EXCEEDED: it hung.
  absl::StatusOr<ProcessEnd> Create(const std::vector<std::string>& prefix = {});
  // One more backup, and every one that was taken is whole. DATA_LOSS.
  absl::Status CreateAndVerify();

 private:
  absl::StatusOr<ProcessEnd> RunLethe(const std::vector<std::string>& prefix,
                                      const std::vector<std::string>& words);

  RunningVault& vault_;
};

}  // namespace lethe::test

#endif  // LETHE_TESTS_SYSTEM_BACKUP_TOOL_H_
