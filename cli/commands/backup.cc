// lethe backup create; list, verify and status are in backup_check.cc, restore in restore.cc.
#include <cstdint>
#include <ostream>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "base/status_macros.h"
#include "cli/backup/backup_reading.h"
#include "cli/commands/command.h"
#include "cli/connect/artifact.h"
#include "cli/connect/interrupt.h"
#include "cli/output/progress.h"
#include "crypto/hash.h"
#include "vault/backup/receiver.h"
#include "vault/backup/store.h"
#include "vault/backup/taking.h"

namespace lethe::cli {
namespace {

using vault::backup::BackupStore;
using vault::backup::BadFile;
using vault::backup::Manifest;
using vault::backup::Receiver;

// A backup is as large as the database; what a broken one has brought is kept for the next.
constexpr absl::Duration kCreateDeadline = absl::Hours(24);

struct CreateOptions {
  std::string to;
  ReadingRate rate;
  bool dies_with_next_shred = false;
};

void BindCreate(CLI::App& verb, CreateOptions& options) {
  verb.add_option("--to", options.to, "Folder of backups; made if absent")->required();
  BindRate(verb, options.rate);
  verb.add_flag(
      "--dies-with-next-shred", options.dies_with_next_shred,
      "Of a vault without an archive: I know that nobody opens it after the next erasure");
}

// Whose signature the backup must carry: that of the vault behind the connection.
absl::StatusOr<crypto::PublicKey> SignerOf(const Client& client) {
  LETHE_ASSIGN(const v1::GetStatusResponse status,
               client.Call(client.admin(), &v1::AdminService::StubInterface::GetStatus,
                           v1::GetStatusRequest()));
  const auto key = ArrayFrom<sizeof(crypto::PublicKey)>(AsBytes(status.public_key()));
  if (!key.has_value()) return absl::DataLossError("the server's public key is not of 32 bytes");
  return *key;
}

absl::Status Fetch(const Invocation& invocation, const Client& client, const CreateOptions& options,
                   const std::set<crypto::Digest>& there, Receiver& receiver) {
  v1::CreateBackupRequest request;
  request.set_dies_with_next_shred(options.dies_with_next_shred);
  for (const crypto::Digest& content : there) {
    request.add_present_sha256(std::string(AsText(content)));
  }
  grpc::ClientContext context;
  client.Prepare(context);
  context.set_deadline(absl::ToChronoTime(absl::Now() + kCreateDeadline));
  const Interrupt::Scope on_interrupt([&context] { context.TryCancel(); });
  const auto reader = client.admin().CreateBackup(&context, request);
  Progress progress({.noun = "bytes", .terminal = invocation.console().err_is_terminal},
                    invocation.clock(), invocation.console().err);
  const auto trailer = ReceiveArtifact(*reader, [&](std::string_view data) {
    LETHE_TRY(receiver.Add(data));
    progress.Update(static_cast<std::int64_t>(receiver.bytes_received()), 0);
    return absl::OkStatus();
  });
  progress.Finish();
  if (Interrupt::Raised()) return Interrupted("interrupted; what came is kept for the next backup");
  return trailer.status();
}

// What was damaged in the folder is told even though it is mended: its storage loses bytes.
void TellOf(const Invocation& invocation, const std::vector<BadFile>& files, const char* what) {
  for (const BadFile& each : files) {
    invocation.console().err << std::string(Damaged(each.file, each.fault).message()) << "; "
                             << what << "\n";
  }
}

absl::StatusOr<ExitCode> Create(const Invocation& invocation, const CreateOptions& options) {
  LETHE_ASSIGN(const ConnectionSettings settings, invocation.ResolveConnection());
  LETHE_ASSIGN(const Client client, Client::Connect(settings));
  LETHE_ASSIGN(const crypto::PublicKey signer, SignerOf(client));
  LETHE_ASSIGN(const BackupStore store, BackupStore::Make(options.to));
  BackupReading reading(invocation.console(), invocation.clock(), store, options.rate);
  const auto taken = vault::backup::Take(
      {.store = store,
       .signer = signer,
       .fetch =
           [&](const std::set<crypto::Digest>& there, Receiver& receiver) {
             return Fetch(invocation, client, options, there, receiver);
           },
       .verification = reading.verification(),
       .before = [&](const Manifest& manifest) { reading.Begin(std::vector{&manifest}); },
       .clock = invocation.clock()});
  reading.End();
  if (!taken.ok()) return taken.status();
  TellOf(invocation, taken->mended, "it was fetched anew and is whole");
  TellOf(invocation, taken->lost,
         "the vault has it no more, and an older backup that needs it cannot be restored: see "
         "lethe backup verify --all");
  Json json = ToJson(vault::backup::StandingOf(store, taken->manifest.manifest.position));
  json["bytesReceived"] = taken->bytes_received;
  json["mended"] = ToJson(taken->mended);
  json["lost"] = ToJson(taken->lost);
  invocation.printer().Print(json);
  return ExitCode::kOk;
}

}  // namespace

void AddBackupCommands(CLI::App& app, CommandLine& line) {
  CLI::App* backup = app.add_subcommand("backup", "Copies that never bring anybody back");
  backup->require_subcommand(1);
  AddVerb<CreateOptions>(*backup, line, "create", "Copy the database, or what is new of it",
                         BindCreate, Create);
  AddBackupCheckVerbs(*backup, line);
  AddRestoreVerb(*backup, line);
}

}  // namespace lethe::cli
