// lethe backup list|verify|status: what a folder of backups is good for, without the server.
#include <algorithm>
#include <cstdint>
#include <ostream>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/time/time.h"
#include "base/bytes.h"
#include "base/status_macros.h"
#include "cli/backup/backup_choice.h"
#include "cli/backup/backup_health.h"
#include "cli/backup/backup_reading.h"
#include "cli/commands/command.h"
#include "cli/input/public_key.h"
#include "vault/backup/standing.h"
#include "vault/backup/store.h"

namespace lethe::cli {
namespace {

using vault::backup::BackupStore;
using vault::backup::Standing;

struct ListOptions {
  std::string from;
  bool verify = false;
  ReadingRate rate;
};

void BindList(CLI::App& verb, ListOptions& options) {
  verb.add_option("--from", options.from, "Folder of backups")->required();
  verb.add_flag("--verify", options.verify, "Read every file first, as verify --all does");
  BindRate(verb, options.rate);
}

absl::StatusOr<ExitCode> List(const Invocation& invocation, const ListOptions& options) {
  LETHE_ASSIGN(const BackupStore store, BackupStore::Open(options.from));
  LETHE_ASSIGN(std::vector<Standing> standings, AllStandings(store));
  if (options.verify)
    BackupReading(invocation.console(), invocation.clock(), store, options.rate).ReadAll(standings);
  PrintStandings(invocation.format(), invocation.console().out, standings);
  if (options.verify) LETHE_TRY(DamageIn(standings));
  return ExitCode::kOk;
}

struct VerifyOptions {
  BackupChoice choice;
  bool all = false;
  std::string public_key;
  ReadingRate rate;
};

void BindVerify(CLI::App& verb, VerifyOptions& options) {
  BindBackup(verb, options.choice);
  verb.add_flag("--all", options.all, "Every backup of the folder; what they share is read once")
      ->excludes("--position");
  verb.add_option("--public-key", options.public_key,
                  "The vault's published key, base64 or hexadecimal; without it, the backup's own");
  BindRate(verb, options.rate);
}

absl::Status CheckSigners(const std::vector<Standing>& standings, const std::string& public_key) {
  if (public_key.empty()) return absl::OkStatus();
  LETHE_ASSIGN(const crypto::PublicKey key, ParsePublicKey(public_key));
  for (const Standing& each : standings) {
    if (!each.manifest.has_value() || each.manifest->signer == key) continue;
    return Usage(absl::StrCat("the backup of position ", each.position,
                              " is signed with another key than that"));
  }
  return absl::OkStatus();
}

void SayWhole(const Invocation& invocation, const std::vector<Standing>& standings,
              bool with_public_key) {
  invocation.console().err << "every file is whole, and the signature is right\n";
  if (with_public_key) return;
  invocation.console().err << "checked with the key in the backup itself: compare "
                           << absl::Base64Escape(
                                  std::string(AsText(standings.back().manifest->signer)))
                           << " with the vault's published one (lethe status)\n";
}

absl::StatusOr<std::vector<Standing>> Wanted(const BackupStore& store,
                                             const VerifyOptions& options) {
  if (options.all) return AllStandings(store);
  LETHE_ASSIGN(const std::uint64_t position, ChosenPosition(store, options.choice));
  LETHE_ASSIGN(const auto positions, store.List());
  if (!std::ranges::binary_search(positions, position)) {
    return absl::NotFoundError("no backup of this position");
  }
  return std::vector{StandingOf(store, position)};
}

absl::StatusOr<ExitCode> Verify(const Invocation& invocation, const VerifyOptions& options) {
  LETHE_ASSIGN(const BackupStore store, BackupStore::Open(options.choice.from));
  LETHE_ASSIGN(std::vector<Standing> standings, Wanted(store, options));
  if (standings.empty()) return absl::NotFoundError("no backup in this folder is whole");
  LETHE_TRY(CheckSigners(standings, options.public_key));
  BackupReading(invocation.console(), invocation.clock(), store, options.rate).ReadAll(standings);
  if (options.all) {
    PrintStandings(invocation.format(), invocation.console().out, standings);
  } else {
    invocation.printer().Print(ToJson(standings.front()));
  }
  LETHE_TRY(DamageIn(standings));
  SayWhole(invocation, standings, !options.public_key.empty());
  return ExitCode::kOk;
}

struct StatusOptions {
  std::string from;
  std::string max_age = "26h";
  std::string max_verify_age = "192h";
};

void BindStatus(CLI::App& verb, StatusOptions& options) {
  verb.add_option("--from", options.from, "Folder of backups")->required();
  verb.add_option("--max-age", options.max_age,
                  "How old the newest may be: 26h (default), 90m, 0 for any age");
  verb.add_option("--max-verify-age", options.max_verify_age,
                  "How long ago each may have been read last: 192h (default), 0 for any time");
}

absl::StatusOr<absl::Duration> AgeFrom(const std::string& text, const char* flag) {
  absl::Duration age;
  if (!absl::ParseDuration(text, &age) || age < absl::ZeroDuration()) {
    return Usage(absl::StrCat(flag, " is a time such as 26h or 90m"));
  }
  return age == absl::ZeroDuration() ? absl::InfiniteDuration() : age;
}

absl::StatusOr<ExitCode> Status(const Invocation& invocation, const StatusOptions& options) {
  BackupLimits limits;
  LETHE_ASSIGN(limits.age, AgeFrom(options.max_age, "--max-age"));
  LETHE_ASSIGN(limits.verify_age, AgeFrom(options.max_verify_age, "--max-verify-age"));
  LETHE_ASSIGN(const BackupStore store, BackupStore::Open(options.from));
  LETHE_ASSIGN(const std::vector<Standing> standings, AllStandings(store));
  const BackupHealth health = HealthOf(standings, limits, invocation.clock().Now());
  invocation.printer().Print(ToJson(health));
  return health.problems.empty()
             ? absl::StatusOr<ExitCode>(ExitCode::kOk)
             : absl::FailedPreconditionError(absl::StrJoin(health.problems, "; "));
}

}  // namespace

void AddBackupCheckVerbs(CLI::App& backup, CommandLine& line) {
  AddLocalVerb<ListOptions>(backup, line, "list", "The backups of a folder", BindList, List);
  AddLocalVerb<VerifyOptions>(backup, line, "verify",
                              "Read every file of one back, or of all, and check the signature",
                              BindVerify, Verify);
  AddLocalVerb<StatusOptions>(backup, line, "status",
                              "Age and result of backups and verifications, for monitoring",
                              BindStatus, Status);
}

}  // namespace lethe::cli
