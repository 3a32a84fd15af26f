// lethe vault describe: vault.json anew, for a vault whose own is lost or damaged. Without the
// server.
#include <ostream>
#include <string>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/random.h"
#include "base/status_macros.h"
#include "cli/commands/command.h"
#include "cli/init/holder_option.h"
#include "cli/kms/key_services.h"
#include "cli/output/failure.h"
#include "vault/open/describe.h"

namespace lethe::cli {
namespace {

struct DescribeOptions {
  vault::DescribeOptions vault;
  std::vector<std::string> holders;
  bool no_archive = false;
  std::string config;
};

void BindDescribe(CLI::App& verb, DescribeOptions& options) {
  verb.add_option(
          "--data-dir", options.vault.data_dir,
          "Folder of the vault, with its database and without a vault.json that can be read")
      ->required();
  verb.add_option("--holder", options.holders, kEachHolder)->required();
  verb.add_option("--archive", options.vault.archive_dir, "The vault's archive folder");
  verb.add_flag("--no-archive", options.no_archive, "It has none");
  BindKeyServices(verb, options.config);
  verb.add_flag("--dev", options.vault.dev, "It was made with --dev");
}

absl::StatusOr<vault::DescribeOptions> Wanted(const DescribeOptions& options) {
  if (options.vault.archive_dir.empty() != options.no_archive) {
    return Usage("give either the vault's --archive DIR, or --no-archive where it has none");
  }
  vault::DescribeOptions wanted = options.vault;
  LETHE_ASSIGN(wanted.holders, ParseHolders(options.holders));
  return wanted;
}

absl::StatusOr<ExitCode> DescribeVault(const Invocation& invocation,
                                       const DescribeOptions& options) {
  LETHE_ASSIGN(vault::DescribeOptions wanted, Wanted(options));
  SystemClock clock;
  SystemRandom random;
  LETHE_ASSIGN(const KeyServices services, KeyServices::Read(options.config, random));
  wanted.key_services = services.all();
  const auto described = vault::DescribeVault(wanted, clock, random);
  if (!described.ok()) return services.Explain(described.status());
  Json holders = Json::array();
  for (const vault::HolderSpec& holder : wanted.holders) holders.push_back(HolderText(holder));
  invocation.printer().Print(Json{{"dataDir", wanted.data_dir},
                                  {"vaultId", described->descriptor.id.ToString()},
                                  {"holders", std::move(holders)},
                                  {"archive", wanted.archive_dir},
                                  {"dev", described->descriptor.dev},
                                  {"position", described->position},
                                  {"generation", described->generation}});
  std::ostream& err = invocation.console().err;
  err << "vault.json is written anew, and the vault opens with it: whoever was erased stays "
         "erased.\n";
  if (options.no_archive) {
    err << "It names no archive. If the vault had one that is lost too: lethe archive rebuild.\n";
  }
  err << "Next: start lethed.\n";
  return ExitCode::kOk;
}

}  // namespace

void AddVaultCommands(CLI::App& app, CommandLine& line) {
  CLI::App* vault = app.add_subcommand("vault", "A vault's folder");
  vault->require_subcommand(1);
  AddLocalVerb<DescribeOptions>(*vault, line, "describe",
                                "Write a lost or damaged vault.json anew, from what the vault's "
                                "parts say of themselves",
                                BindDescribe, DescribeVault);
}

}  // namespace lethe::cli
