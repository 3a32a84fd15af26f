#include "cli/init/init_plan.h"

#include <algorithm>
#include <filesystem>

#include "base/status_macros.h"
#include "base/text/label.h"
#include "cli/init/holder_option.h"
#include "cli/output/failure.h"

namespace lethe::cli {
namespace {

// vault/open/open.h takes one to three.
constexpr std::size_t kHoldersMax = 3;
absl::Status Check(const InitOptions& options) {
  if (options.data_dir.empty()) return Usage("no data folder: give --data-dir DIR");
  if (options.holders.size() > kHoldersMax) return Usage("at most three --holder");
  if (!options.archive.empty() && options.no_archive) {
    return Usage("--archive and --no-archive exclude each other");
  }
  if (!options.dev && options.holders.empty()) {
    return Usage(
        "no holder: give --holder FILE on a volume of its own that nobody snapshots "
        "(or --dev for a vault to try out)");
  }
  if (!options.dev && options.archive.empty() && !options.no_archive) {
    return Usage(
        "no archive: give --archive DIR on a second volume, or --no-archive, and then no backup "
        "can be restored after an erasure");
  }
  for (const std::string& tenant : options.tenants) {
    if (!IsLabel(tenant)) return Usage(std::string("a tenant is ") + kLabelShape);
    if (options.dev && (tenant == "ca" || tenant == "server" || tenant == "operator")) {
      return Usage(
          "with --dev no tenant can be named ca, server or operator: these are certificate files");
    }
    if (std::count(options.tenants.begin(), options.tenants.end(), tenant) > 1) {
      return Usage("a tenant is given twice");
    }
  }
  if (options.tenants.empty()) return Usage("no tenant: give --tenant NAME");
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<InitPlan> PlanInit(const InitOptions& options) {
  if (absl::Status status = Check(options); !status.ok()) return status;
  InitPlan plan;
  plan.data_dir = Absolute(options.data_dir);
  const std::string beside = std::filesystem::path(plan.data_dir).parent_path().string();
  LETHE_ASSIGN(plan.holders, ParseHolders(options.holders));
  if (plan.holders.empty()) plan.holders.emplace_back(plan.data_dir + "/holder.slots");
  if (!options.no_archive) {
    plan.archive = options.archive.empty() ? plan.data_dir + "/archive" : Absolute(options.archive);
  }
  plan.config = options.config.empty() ? beside + "/lethed.yaml" : Absolute(options.config);
  const std::string config_folder = std::filesystem::path(plan.config).parent_path().string();
  plan.policies = config_folder + "/policies";
  plan.tls = config_folder + (options.dev ? "/dev-ca" : "/tls");
  if (!options.dev_ca.empty()) plan.tls = Absolute(options.dev_ca);
  plan.tenants = options.tenants;
  return plan;
}

}  // namespace lethe::cli
