// lethe archive: a new one for a vault whose own is lost (rebuild), and the vault from its archive
// alone (restore). Without the server.
#include <cstdint>
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
#include "cli/output/progress.h"
#include "vault/backup/store.h"
#include "vault/open/rebuild.h"
#include "vault/open/replay.h"

namespace lethe::cli {
namespace {

struct RebuildOptions {
  vault::RebuildOptions vault;
  std::string config;
  std::vector<std::string> backups;
};

void BindRebuild(CLI::App& verb, RebuildOptions& options) {
  verb.add_option("--data-dir", options.vault.data_dir,
                  "Folder of the vault; its holders are where vault.json names them")
      ->required();
  verb.add_option("--archive", options.vault.archive_dir,
                  "Folder of the new archive; made if absent, without segments. vault.json names "
                  "it from then on")
      ->required();
  verb.add_option("--approved-by", options.vault.approvers,
                  "NAME of who answers for giving up every backup taken before; twice, two people");
  BindKeyServices(verb, options.config);
  verb.add_option("--backups", options.backups,
                  "Folder of backups: list those that cannot be restored any more");
}

struct Backup {
  std::string from;
  std::uint64_t position = 0;
};

// Before anything is changed, so that a wrong folder is found out now.
absl::StatusOr<std::vector<Backup>> FindBackups(const std::vector<std::string>& folders) {
  std::vector<Backup> found;
  for (const std::string& folder : folders) {
    LETHE_ASSIGN(const auto store, vault::backup::BackupStore::Open(folder));
    LETHE_ASSIGN(const std::vector<std::uint64_t> positions, store.List());
    for (const std::uint64_t position : positions) found.push_back({folder, position});
  }
  return found;
}

absl::StatusOr<ExitCode> Rebuild(const Invocation& invocation, const RebuildOptions& options) {
  LETHE_ASSIGN(const auto backups, FindBackups(options.backups));
  SystemClock clock;
  SystemRandom random;
  LETHE_ASSIGN(const KeyServices services, KeyServices::Read(options.config, random));
  vault::RebuildOptions wanted = options.vault;
  wanted.key_services = services.all();
  const auto rebuilt = vault::RebuildArchive(wanted, clock, random);
  if (!rebuilt.ok()) return services.Explain(rebuilt.status());
  Json lost = Json::array();
  for (const Backup& backup : backups) {
    if (backup.position >= rebuilt->begins_after) continue;
    lost.push_back({{"from", backup.from}, {"position", backup.position}});
  }
  invocation.printer().Print(Json{{"dataDir", options.vault.data_dir},
                                  {"archive", options.vault.archive_dir},
                                  {"beginsAfter", rebuilt->begins_after},
                                  {"generation", rebuilt->generation},
                                  {"lostBackups", std::move(lost)}});
  invocation.console().err
      << "The vault has a new archive, and whoever was erased stays erased.\nNo backup taken at a "
         "position before "
      << rebuilt->begins_after
      << " can be restored any more (lethe backup list tells positions).\nNext: start lethed, and "
         "take a backup: lethe backup create.\n";
  return ExitCode::kOk;
}

struct RestoreOptions {
  vault::DescribeOptions vault;
  std::vector<std::string> holders;
  std::string config;
};

void BindRestore(CLI::App& verb, RestoreOptions& options) {
  verb.add_option("--data-dir", options.vault.data_dir, "New folder of the vault; must be empty")
      ->required();
  verb.add_option("--archive", options.vault.archive_dir,
                  "The vault's archive folder, from its first segment on")
      ->required();
  verb.add_option("--holder", options.holders, kEachHolder)->required();
  BindKeyServices(verb, options.config);
  verb.add_flag("--dev", options.vault.dev, "It was made with --dev");
}

absl::StatusOr<ExitCode> Restore(const Invocation& invocation, const RestoreOptions& options) {
  vault::DescribeOptions wanted = options.vault;
  LETHE_ASSIGN(wanted.holders, ParseHolders(options.holders));
  SystemClock clock;
  SystemRandom random;
  LETHE_ASSIGN(const KeyServices services, KeyServices::Read(options.config, random));
  wanted.key_services = services.all();
  Progress progress({.noun = "events", .terminal = invocation.console().err_is_terminal},
                    invocation.clock(), invocation.console().err);
  std::int64_t events = 0;
  const auto replayed =
      vault::ReplayVault(wanted, clock, random, [&progress, &events](std::uint64_t done) {
        events = static_cast<std::int64_t>(done);
        progress.Update(events, 0);
      });
  if (events > 0) progress.Finish();  // Of what was refused there is nothing to show.
  if (!replayed.ok()) return services.Explain(replayed.status());
  invocation.printer().Print(Json{{"dataDir", wanted.data_dir},
                                  {"vaultId", replayed->descriptor.id.ToString()},
                                  {"position", replayed->position},
                                  {"generation", replayed->generation}});
  invocation.console().err
      << "The database is made anew of all that the archive holds: whoever was erased stays "
         "erased.\nNever serve the old folder again.\nNext: set data_dir in lethed's configuration "
         "to the new folder and start it, and take a backup: lethe backup create.\n";
  return ExitCode::kOk;
}

}  // namespace

void AddArchiveCommands(CLI::App& app, CommandLine& line) {
  CLI::App* archive = app.add_subcommand("archive", "The journal's second copy");
  archive->require_subcommand(1);
  AddLocalVerb<RebuildOptions>(*archive, line, "rebuild",
                               "Begin a new archive where the old one is lost for good",
                               BindRebuild, Rebuild);
  AddLocalVerb<RestoreOptions>(*archive, line, "restore",
                               "Make a vault's folder from its whole archive, where there is no "
                               "backup",
                               BindRestore, Restore);
}

}  // namespace lethe::cli
