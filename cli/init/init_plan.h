// What `lethe init` will make and where, decided before the first file is touched.
#ifndef LETHE_CLI_INIT_INIT_PLAN_H_
#define LETHE_CLI_INIT_INIT_PLAN_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "vault/model/holder_spec.h"

namespace lethe::cli {

// As typed.
struct InitOptions {
  std::string data_dir;
  std::vector<std::string> holders;  // holder_option.h
  std::string archive;
  bool no_archive = false;
  bool dev = false;
  std::vector<std::string> tenants;
  std::string policy;
  std::string config;
  std::string dev_ca;
  std::string listen = "127.0.0.1:7443";
  bool if_absent = false;
};

// All paths absolute.
struct InitPlan {
  std::string data_dir;
  std::vector<vault::HolderSpec> holders;
  std::string archive;   // Empty: none.
  std::string config;    // lethed.yaml beside the data folder, unless said otherwise.
  std::string policies;  // Folder: one file a tenant.
  std::string tls;       // Folder of ca.crt, server.crt, server.key.
  std::vector<std::string> tenants;
};

// USAGE: something is missing or contradicts. Without --dev the holder and the archive must be
// named: they belong on a second volume that nobody snapshots, and only the operator knows one.
absl::StatusOr<InitPlan> PlanInit(const InitOptions& options);

}  // namespace lethe::cli

#endif  // LETHE_CLI_INIT_INIT_PLAN_H_
