// lethe init: makes a vault, and everything that lethed needs to serve it.
#include <sys/stat.h>

#include <ostream>

#include "absl/strings/escaping.h"
#include "base/private_file.h"
#include "base/random.h"
#include "base/status_macros.h"
#include "cli/commands/command.h"
#include "cli/init/dev_certificates.h"
#include "cli/init/holder_option.h"
#include "cli/init/init_plan.h"
#include "cli/init/server_config_text.h"
#include "cli/init/starter_policy.h"
#include "cli/input/input.h"
#include "vault/open/descriptor.h"
#include "vault/open/open.h"
#include "vault/policy/policy.h"

namespace lethe::cli {
namespace {

void BindInit(CLI::App& verb, InitOptions& options) {
  verb.add_option("--data-dir", options.data_dir, "Folder of the vault; made, must be empty");
  verb.add_option("--holder", options.holders,
                  "FILE that holds the root, on a volume nobody snapshots, or "
                  "pkcs11:module=FILE;token=LABEL;pin-file=FILE;slots=FILE; up to three. A key "
                  "service is added by the first start of lethed");
  verb.add_option("--archive", options.archive, "Folder of the archive, on a second volume");
  verb.add_flag("--no-archive", options.no_archive,
                "None: then no backup can be restored after an erasure");
  verb.add_flag("--dev", options.dev,
                "To try it out: everything in one folder, certificates and a context included");
  verb.add_option("--tenant", options.tenants, "Name of a tenant; may be repeated");
  verb.add_option("--policy", options.policy, "FILE: every tenant's first policy");
  verb.add_option("--config", options.config,
                  "FILE to write for lethed (default: lethed.yaml "
                  "beside the data folder)");
  verb.add_option("--dev-ca", options.dev_ca, "Folder for the certificates of --dev");
  verb.add_option("--listen", options.listen, "host:port of lethed (default 127.0.0.1:7443)");
  verb.add_flag("--if-absent", options.if_absent,
                "Where the vault is there already, make only what is missing beside it");
}

bool Exists(const std::string& path) {
  struct stat info {};
  return ::stat(path.c_str(), &info) == 0;
}

std::string FolderOf(const std::string& path) { return path.substr(0, path.rfind('/')); }

absl::StatusOr<vault::InitResult> MakeVault(const InitPlan& plan, const InitOptions& options) {
  for (const vault::HolderSpec& holder : plan.holders) {
    const std::string folder = FolderOf(holder.slots);
    // The vault makes its own; "" is the file system's root.
    if (!folder.empty() && folder != plan.data_dir) LETHE_TRY(MakePrivateFolder(folder));
  }
  SystemClock clock;
  SystemRandom random;
  return vault::InitVault({.data_dir = plan.data_dir,
                           .holders = plan.holders,
                           .archive_dir = plan.archive,
                           .no_archive = plan.archive.empty(),
                           .dev = options.dev},
                          clock, random);
}

// The policy of each tenant. A file that is there already stays: it may be the operator's.
absl::Status WritePolicies(const Invocation& invocation, const InitPlan& plan,
                           const InitOptions& options) {
  LETHE_TRY(MakePrivateFolder(plan.policies));
  for (const std::string& tenant : plan.tenants) {
    std::string text = StarterPolicy(tenant);
    if (!options.policy.empty()) {
      LETHE_ASSIGN(text, ReadInput(invocation.console(), options.policy));
    }
    const std::string path = plan.policies + "/" + tenant + ".yaml";
    if (!Exists(path)) LETHE_TRY(WritePrivateFile(path, text));
  }
  return absl::OkStatus();
}

absl::Status WriteConfig(const InitPlan& plan, const InitOptions& options) {
  ServerConfigFacts facts{.data_dir = plan.data_dir,
                          .listen = options.listen,
                          .ca = plan.tls + "/ca.crt",
                          .cert = plan.tls + "/server.crt",
                          .key = plan.tls + "/server.key",
                          .dev = options.dev};
  for (const std::string& tenant : plan.tenants) {
    facts.tenants.emplace_back(tenant, plan.policies + "/" + tenant + ".yaml");
  }
  return WritePrivateFile(plan.config, ServerConfigText(facts));
}

// One context a tenant, under its name, and one for the operator; the first becomes the current one
// if none is.
absl::Status WriteContexts(const Invocation& invocation, const InitPlan& plan,
                           const InitOptions& options) {
  LETHE_ASSIGN(const std::string path, Contexts::PathFrom(invocation.environment()));
  LETHE_ASSIGN(Contexts contexts, Contexts::Load(path));
  for (const std::string& tenant : plan.tenants) {
    contexts.Put({.name = tenant,
                  .address = options.listen,
                  .tenant = tenant,
                  .ca = plan.tls + "/ca.crt",
                  .cert = plan.tls + "/" + tenant + ".crt",
                  .key = plan.tls + "/" + tenant + ".key",
                  .purpose = "service"});
  }
  contexts.Put({.name = "operator",
                .address = options.listen,
                .ca = plan.tls + "/ca.crt",
                .cert = plan.tls + "/operator.crt",
                .key = plan.tls + "/operator.key"});
  if (contexts.current().empty()) LETHE_TRY(contexts.Use(plan.tenants.front()));
  LETHE_TRY(contexts.Save(path));
  invocation.console().err << "contexts: " << path << "\n";
  return absl::OkStatus();
}

void Advise(std::ostream& err, const InitPlan& plan, const InitOptions& options) {
  err << "\nThe root key is in the holder" << (plan.holders.size() > 1 ? "s" : "") << ":\n";
  for (const vault::HolderSpec& holder : plan.holders) err << "  " << HolderText(holder) << "\n";
  err << "ALL HOLDERS LOST IS EVERYTHING LOST: no backup, and nobody, opens the vault without "
         "one.\n"
         "Never copy, snapshot or back up a holder: a copy of the root undoes every erasure.\n";
  if (plan.holders.size() == 1)
    err << "There is one holder. A second --holder guards against its loss.\n";
  if (plan.archive.empty()) err << "No archive: no backup can be restored after an erasure.\n";
  if (options.dev) {
    err << "This is a development vault: assurance \"unverified\" stands on every receipt.\n";
  } else {
    err << "Before lethed can serve, put ca.crt, server.crt and server.key into " << plan.tls
        << "\n";
  }
  err << "Next: lethed --config " << plan.config << "\n";
}

absl::Status CheckPolicy(const Invocation& invocation, const InitOptions& options) {
  if (options.policy.empty()) return absl::OkStatus();
  if (options.policy == "-") return Usage("--policy needs a file");
  LETHE_ASSIGN(const std::string text, ReadInput(invocation.console(), options.policy));
  return vault::policy::Policy::Parse(text).status();
}

// What lethed needs beside the vault. Whatever is there already stays as it is.
absl::Status MakeSurroundings(const Invocation& invocation, const InitPlan& plan,
                              const InitOptions& options) {
  LETHE_TRY(WritePolicies(invocation, plan, options));
  if (!Exists(plan.config)) LETHE_TRY(WriteConfig(plan, options));
  if (!options.dev || Exists(plan.tls + "/ca.crt")) return absl::OkStatus();
  LETHE_TRY(WriteDevCertificates(plan.tls, plan.tenants, invocation.clock()));
  return WriteContexts(invocation, plan, options);
}

absl::StatusOr<ExitCode> Init(const Invocation& invocation, const InitOptions& options) {
  LETHE_ASSIGN(const InitPlan plan, PlanInit(options));
  LETHE_TRY(CheckPolicy(invocation, options));
  if (options.if_absent && vault::ReadDescriptor(plan.data_dir).ok()) {
    LETHE_TRY(MakeSurroundings(invocation, plan, options));
    invocation.console().err << "the vault is already there\n";
    return ExitCode::kOk;
  }
  if (Exists(plan.config) && !options.if_absent) {
    return absl::AlreadyExistsError("the configuration file is already there: " + plan.config);
  }
  LETHE_ASSIGN(const vault::InitResult made, MakeVault(plan, options));
  LETHE_TRY(MakeSurroundings(invocation, plan, options));
  Json holders = Json::array();
  for (const vault::HolderSpec& holder : plan.holders) holders.push_back(HolderText(holder));
  invocation.printer().Print(Json{{"vaultId", made.vault_id.ToString()},
                                  {"assurance", NameOf(made.assurance)},
                                  {"publicKey", absl::Base64Escape(made.public_key)},
                                  {"dataDir", plan.data_dir},
                                  {"holders", std::move(holders)},
                                  {"archive", plan.archive},
                                  {"config", plan.config}});
  Advise(invocation.console().err, plan, options);
  return ExitCode::kOk;
}

}  // namespace

void AddInitCommand(CLI::App& app, CommandLine& line) {
  AddLocalVerb<InitOptions>(app, line, "init", "Make a vault and what lethed needs", BindInit,
                            Init);
}

}  // namespace lethe::cli
