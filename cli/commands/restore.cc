// lethe backup restore: a vault from a backup, its archive and one of its holders. Without the
// server: it makes the folder that a server then serves.
#include <cstdint>
#include <ostream>
#include <string>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/random.h"
#include "base/reason.h"
#include "base/status_macros.h"
#include "cli/backup/backup_choice.h"
#include "cli/commands/command.h"
#include "cli/init/holder_option.h"
#include "cli/kms/key_services.h"
#include "cli/output/progress.h"
#include "vault/backup/store.h"
#include "vault/open/restore.h"

namespace lethe::cli {
namespace {

struct RestoreOptions {
  BackupChoice choice;
  vault::RestoreOptions vault;
  std::vector<std::string> holders;
  std::string config;
};

void BindRestore(CLI::App& verb, RestoreOptions& options) {
  BindBackup(verb, options.choice);
  verb.add_option("--data-dir", options.vault.data_dir, "New folder of the vault; must be empty")
      ->required();
  verb.add_option(
          "--holder", options.holders,
          "The vault's holder where it is, as lethe init takes it, never a copy; up to three")
      ->required();
  BindKeyServices(verb, options.config);
  verb.add_option("--archive", options.vault.archive_dir,
                  "The vault's archive folder; without it nothing may have been shredded since");
  verb.add_option("--gap-approved-by", options.vault.gap_approvers,
                  "Without --archive: NAME of who answers for losing all that came behind the "
                  "backup, restrictions too; twice, two people");
  verb.add_flag(
      "--dev", options.vault.dev,
      "The vault is one for development from now on; one made with --dev stays one without");
}

absl::StatusOr<ExitCode> Restore(const Invocation& invocation, const RestoreOptions& options) {
  LETHE_ASSIGN(const auto store, vault::backup::BackupStore::Open(options.choice.from));
  LETHE_ASSIGN(const std::uint64_t position, ChosenPosition(store, options.choice));
  const auto chosen = store.Load(position);
  if (absl::IsDataLoss(chosen.status())) {
    return WithAnother(invocation.console(), invocation.clock(), store, position, chosen.status());
  }
  if (!chosen.ok()) return chosen.status();
  vault::RestoreOptions wanted = options.vault;
  LETHE_ASSIGN(wanted.holders, ParseHolders(options.holders));
  SystemClock clock;
  SystemRandom random;
  LETHE_ASSIGN(const KeyServices services, KeyServices::Read(options.config, random));
  wanted.key_services = services.all();
  Progress progress({.noun = "bytes, read once and then copied",
                     .total = 2 * static_cast<std::int64_t>(chosen->manifest.size_bytes()),
                     .terminal = invocation.console().err_is_terminal},
                    invocation.clock(), invocation.console().err);
  const auto restored = vault::RestoreVault(
      store, chosen->manifest, wanted, clock, random,
      [&progress](std::uint64_t done) { progress.Update(static_cast<std::int64_t>(done), 0); });
  progress.Finish();
  if (absl::IsDataLoss(restored.status()) && !ReasonOf(restored.status()).has_value()) {
    return WithAnother(invocation.console(), invocation.clock(), store, position,
                       restored.status());
  }
  if (!restored.ok()) return services.Explain(restored.status());
  invocation.printer().Print(Json{{"dataDir", options.vault.data_dir},
                                  {"backupPosition", restored->backup_position},
                                  {"position", restored->position},
                                  {"generation", restored->generation}});
  invocation.console().err
      << (wanted.archive_dir.empty()
              ? "What came behind the backup is gone, and the vault has no archive any more."
              : "What happened after the backup was brought in from the archive: whoever was "
                "erased since stays erased.")
      << "\nNever serve the old folder again.\nNext: set data_dir in lethed's "
         "configuration to the new folder and start it.\n";
  return ExitCode::kOk;
}

}  // namespace

void AddRestoreVerb(CLI::App& backup, CommandLine& line) {
  AddLocalVerb<RestoreOptions>(backup, line, "restore", "Make a vault's folder from a backup",
                               BindRestore, Restore);
}

}  // namespace lethe::cli
