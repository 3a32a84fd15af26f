// lethe backup create|list|verify; restore is in restore.cc.
#include <set>

#include "absl/strings/escaping.h"
#include "base/status_macros.h"
#include "cli/commands/backup_choice.h"
#include "cli/commands/command.h"
#include "cli/connect/artifact.h"
#include "cli/connect/interrupt.h"
#include "cli/input/public_key.h"
#include "cli/output/progress.h"
#include "vault/backup/receiver.h"
#include "vault/backup/store.h"

namespace lethe::cli {
namespace {

using vault::backup::BackupStore;

// A backup is as large as the database; what a broken one has brought is kept for the next.
constexpr absl::Duration kCreateDeadline = absl::Hours(24);

struct CreateOptions {
  std::string to;
  bool dies_with_next_shred = false;
};

void BindCreate(CLI::App& verb, CreateOptions& options) {
  verb.add_option("--to", options.to, "Folder of backups; made if absent")->required();
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

absl::StatusOr<ExitCode> Create(const Invocation& invocation, const CreateOptions& options) {
  LETHE_ASSIGN(const ConnectionSettings settings, invocation.ResolveConnection());
  LETHE_ASSIGN(const Client client, Client::Connect(settings));
  LETHE_ASSIGN(const crypto::PublicKey signer, SignerOf(client));
  LETHE_ASSIGN(const BackupStore store, BackupStore::Make(options.to));
  LETHE_ASSIGN(const std::set<crypto::Digest> there, store.Contents());
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
  vault::backup::Receiver receiver(store, there, signer);
  Progress progress({.noun = "bytes", .terminal = invocation.console().err_is_terminal},
                    invocation.clock(), invocation.console().err);
  const auto trailer = ReceiveArtifact(*reader, [&](std::string_view data) {
    LETHE_TRY(receiver.Add(data));
    progress.Update(static_cast<std::int64_t>(receiver.bytes_received()), 0);
    return absl::OkStatus();
  });
  progress.Finish();
  if (Interrupt::Raised()) return Interrupted("interrupted; what came is kept for the next backup");
  if (!trailer.ok()) return trailer.status();
  LETHE_ASSIGN(const auto manifest, receiver.Finish());
  Json json = ToJson(manifest);
  json["bytesReceived"] = receiver.bytes_received();
  invocation.printer().Print(json);
  return ExitCode::kOk;
}

struct ListOptions {
  std::string from;
};

void BindList(CLI::App& verb, ListOptions& options) {
  verb.add_option("--from", options.from, "Folder of backups")->required();
}

absl::StatusOr<ExitCode> List(const Invocation& invocation, const ListOptions& options) {
  LETHE_ASSIGN(const BackupStore store, BackupStore::Open(options.from));
  LETHE_ASSIGN(const auto positions, store.List());
  Json backups = Json::array();
  for (const std::uint64_t position : positions) {
    LETHE_ASSIGN(const auto found, store.Load(position));
    backups.push_back(ToJson(found.manifest));
  }
  invocation.printer().Print(Json{{"backups", std::move(backups)}});
  return ExitCode::kOk;
}

struct VerifyOptions {
  BackupChoice choice;
  std::string public_key;
};

void BindVerify(CLI::App& verb, VerifyOptions& options) {
  BindBackup(verb, options.choice);
  verb.add_option("--public-key", options.public_key,
                  "The vault's published key, base64 or hexadecimal; without it, the backup's own");
}

absl::StatusOr<ExitCode> Verify(const Invocation& invocation, const VerifyOptions& options) {
  LETHE_ASSIGN(const ChosenBackup chosen, Choose(options.choice));
  if (!options.public_key.empty()) {
    LETHE_ASSIGN(const crypto::PublicKey key, ParsePublicKey(options.public_key));
    if (key != chosen.signer) return Usage("the backup is signed with another key than that");
  }
  Progress progress({.noun = "bytes",
                     .total = static_cast<std::int64_t>(chosen.manifest.size_bytes()),
                     .terminal = invocation.console().err_is_terminal},
                    invocation.clock(), invocation.console().err);
  const absl::Status verified = chosen.store.Verify(
      chosen.manifest,
      [&progress](std::uint64_t done) { progress.Update(static_cast<std::int64_t>(done), 0); });
  progress.Finish();
  LETHE_TRY(verified);
  invocation.printer().Print(ToJson(chosen.manifest));
  invocation.console().err << "every file is whole, and the signature is right\n";
  if (options.public_key.empty()) {
    invocation.console().err << "checked with the key in the backup itself: compare "
                             << absl::Base64Escape(std::string(AsText(chosen.signer)))
                             << " with the vault's published one (lethe status)\n";
  }
  return ExitCode::kOk;
}

}  // namespace

void AddBackupCommands(CLI::App& app, CommandLine& line) {
  CLI::App* backup = app.add_subcommand("backup", "Copies that never bring anybody back");
  backup->require_subcommand(1);
  AddVerb<CreateOptions>(*backup, line, "create", "Copy the database, or what is new of it",
                         BindCreate, Create);
  AddLocalVerb<ListOptions>(*backup, line, "list", "The backups of a folder", BindList, List);
  AddLocalVerb<VerifyOptions>(*backup, line, "verify", "Check signature and files of one",
                              BindVerify, Verify);
  AddRestoreVerb(*backup, line);
}

}  // namespace lethe::cli
