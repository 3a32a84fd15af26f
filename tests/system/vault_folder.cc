#include "tests/system/vault_folder.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <utility>

#include "base/status_macros.h"
#include "tests/system/child_process.h"
#include "tests/system/file_wait.h"

namespace lethe::test {
namespace {

namespace fs = std::filesystem;

constexpr absl::Duration kInitLimit = absl::Seconds(60);

const char* EvidenceDir() { return std::getenv("LETHE_EVIDENCE_DIR"); }

// One category for each way in which keys hang together: by clock, by day of creation, withheld.
constexpr char kPolicy[] = R"(policy: system-tests
time_zone: Europe/Rome
purposes: allow-all
categories:
  - name: account
    id: 1
    anchor: contract_end
    period: P30D
  - name: support
    id: 2
    anchor: created
    period: P3Y
  - name: billing
    id: 3
    anchor: created
    period: P10Y
    legal_obligation:
      reference: "IT d.P.R. 600/1973 Art. 22"
      purposes: [tax]
      keep_identifiers: [customer_number]
)";

}  // namespace

absl::StatusOr<VaultFolder> VaultFolder::Make() {
  const char* const evidence = EvidenceDir();
  return MakeIn(evidence != nullptr ? evidence : fs::temp_directory_path().string());
}

absl::StatusOr<VaultFolder> VaultFolder::MakeIn(const std::string& parent) {
  std::error_code error;
  fs::create_directories(parent, error);
  std::string path = parent + "/lethe_system_XXXXXX";
  if (mkdtemp(path.data()) == nullptr) return absl::InternalError("no temporary folder");
  VaultFolder folder(path);
  fs::create_directory(folder.logs());
  std::ofstream(path + "/policy.yaml") << kPolicy;
  const std::string output = folder.logs() + "/init.log";
  const std::vector<std::string> init = {"env",
                                         "LETHE_CONTEXTS=" + path + "/contexts.yaml",
                                         LETHE_CLI_PATH,
                                         "init",
                                         "--dev",
                                         "--data-dir",
                                         folder.data(),
                                         "--tenant",
                                         kTenant,
                                         "--tenant",
                                         kForeignTenant,
                                         "--policy",
                                         path + "/policy.yaml",
                                         "--dev-ca",
                                         path + "/ca",
                                         "--config",
                                         folder.config()};
  LETHE_ASSIGN(const ProcessEnd end, Run(init, output, kInitLimit));
  if (end.code != 0) return absl::InternalError("lethe init: " + ReadFile(output));
  return folder;
}

VaultFolder::VaultFolder(VaultFolder&& other) noexcept : root_(std::exchange(other.root_, "")) {}

VaultFolder::~VaultFolder() {
  if (root_.empty() || EvidenceDir() != nullptr) return;
  std::error_code ignored;  // A folder that stays behind is no reason to fail a test.
  fs::remove_all(root_, ignored);
}

Credentials VaultFolder::CredentialsOf(const std::string& tenant) const {
  const std::string ca = root_ + "/ca/";
  return {ca + "ca.crt", ca + tenant + ".crt", ca + tenant + ".key"};
}

}  // namespace lethe::test
