#include "tests/system/backup_tool.h"

#include "base/status_macros.h"
#include "tests/system/file_wait.h"

namespace lethe::test {
namespace {

// A backup of a test's vault takes a second; a call that got no answer ends by itself before.
constexpr absl::Duration kToolLimit = absl::Seconds(60);

}  // namespace

absl::StatusOr<ProcessEnd> BackupTool::RunLethe(const std::vector<std::string>& prefix,
                                                const std::vector<std::string>& words) {
  const VaultFolder& folder = vault_.folder();
  const std::string ca = folder.root() + "/ca/";
  std::vector<std::string> argv = prefix;
  const std::vector<std::string> own = {"env",
                                        "LETHE_CONTEXTS=" + folder.root() + "/contexts.yaml",
                                        "LETHE_CA=" + ca + "ca.crt",
                                        "LETHE_ADDR=" + vault_.server().address(),
                                        "LETHE_CERT=" + ca + "operator.crt",
                                        "LETHE_KEY=" + ca + "operator.key",
                                        LETHE_CLI_PATH,
                                        "backup"};
  argv.insert(argv.end(), own.begin(), own.end());
  argv.insert(argv.end(), words.begin(), words.end());
  return Run(argv, folder.logs() + "/backup.log", kToolLimit);
}

absl::StatusOr<ProcessEnd> BackupTool::Create(const std::vector<std::string>& prefix) {
  return RunLethe(prefix, {"create", "--to", vault_.folder().root() + "/backups"});
}

absl::Status BackupTool::CreateAndVerify() {
  LETHE_ASSIGN(const ProcessEnd created, Create());
  LETHE_ASSIGN(const ProcessEnd verified,
               RunLethe({}, {"verify", "--from", vault_.folder().root() + "/backups", "--all"}));
  if (created.code == 0 && verified.code == 0) return absl::OkStatus();
  return absl::DataLossError("the backups are not whole: " +
                             ReadFile(vault_.folder().logs() + "/backup.log"));
}

}  // namespace lethe::test
