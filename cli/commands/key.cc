// lethe key status|rotate|horizon|horizon attest|holder retire|holder rejoin.
#include <algorithm>
#include <ostream>
#include <string>
#include <string_view>

#include "base/status_macros.h"
#include "cli/commands/command.h"
#include "cli/connect/request_id.h"
#include "cli/input/confirm.h"

namespace lethe::cli {
namespace {

using Admin = v1::AdminService::StubInterface;

struct NoOptions {};

void BindNothing(CLI::App& /*verb*/, NoOptions& /*options*/) {}

// What is to be destroyed elsewhere, and said here: nobody but the operator can do either.
void AdviseOnHorizons(const v1::KeyStatus& keys, std::ostream& err) {
  for (const std::string& key : keys.open_horizons()) {
    err << "Old copies of a holder still open with " << Printable(key)
        << ": destroy it at its service, then\n  lethe key horizon attest '" << Printable(key)
        << "'\n";
  }
}

// Calls `method` as whoever the context says, and prints the keys as they are then.
template <typename Request, typename Method>
absl::StatusOr<v1::KeyStatus> CallAndPrint(const Invocation& invocation, Method method,
                                           const Request& request) {
  LETHE_ASSIGN(const ConnectionSettings settings, invocation.ResolveConnection());
  LETHE_ASSIGN(const Client client, Client::Connect(settings));
  LETHE_ASSIGN(v1::KeyStatus keys, client.Call(client.admin(), method, request));
  invocation.printer().Print(keys);
  return keys;
}

absl::StatusOr<ExitCode> Status(const Invocation& invocation, const NoOptions& /*options*/) {
  LETHE_TRY(CallAndPrint(invocation, &Admin::GetKeyStatus, v1::GetKeyStatusRequest()).status());
  return ExitCode::kOk;
}

absl::StatusOr<ExitCode> Rotate(const Invocation& invocation, const NoOptions& /*options*/) {
  v1::RotateRootRequest request;
  request.set_request_id(NewRequestId());
  LETHE_TRY(CallAndPrint(invocation, &Admin::RotateRoot, request).status());
  return ExitCode::kOk;
}

absl::StatusOr<ExitCode> Step(const Invocation& invocation, const NoOptions& /*options*/) {
  v1::StepHorizonRequest request;
  request.set_request_id(NewRequestId());
  LETHE_ASSIGN(const v1::KeyStatus keys, CallAndPrint(invocation, &Admin::StepHorizon, request));
  AdviseOnHorizons(keys, invocation.console().err);
  return ExitCode::kOk;
}

struct AttestOptions {
  std::string key_id;
  std::string confirm;
};

void BindAttest(CLI::App& verb, AttestOptions& options) {
  verb.add_option("KEY", options.key_id, "As openHorizons of lethe key status has it")->required();
  verb.add_option("--confirm", options.confirm, "KEY again: attest without asking");
}

absl::StatusOr<ExitCode> Attest(const Invocation& invocation, const AttestOptions& options) {
  invocation.console().err << "That this key is destroyed at its service will be signed into the "
                              "shred log, and be\nwhat every later receipt stands on.\n";
  LETHE_TRY(ConfirmForGood(invocation.console(), options.key_id, options.confirm));
  v1::AttestHorizonRequest request;
  request.set_key_id(options.key_id);
  request.set_request_id(NewRequestId());
  LETHE_ASSIGN(const v1::KeyStatus keys, CallAndPrint(invocation, &Admin::AttestHorizon, request));
  AdviseOnHorizons(keys, invocation.console().err);
  return ExitCode::kOk;
}

struct RetireOptions {
  std::string holder;
  std::string confirm;
};

void BindRetire(CLI::App& verb, RetireOptions& options) {
  verb.add_option("NAME", options.holder, "As lethe key status has it")->required();
  verb.add_option("--confirm", options.confirm, "NAME again: retire without asking");
}

absl::StatusOr<ExitCode> Retire(const Invocation& invocation, const RetireOptions& options) {
  std::ostream& err = invocation.console().err;
  err << "The vault gives this holder up and never opens with it again. What root it has may stay "
         "there:\nevery receipt from then on says so. Better destroy it with your own hands.\n";
  LETHE_TRY(ConfirmForGood(invocation.console(), options.holder, options.confirm));
  v1::RetireHolderRequest request;
  request.set_holder(options.holder);
  request.set_request_id(NewRequestId());
  LETHE_ASSIGN(const v1::KeyStatus keys, CallAndPrint(invocation, &Admin::RetireHolder, request));
  if (keys.retirement_asked().empty()) return ExitCode::kOk;
  err << "Asked, not done: another operator must give the same command within 24 hours.\n";
  return ExitCode::kPartial;
}

// Copies of the file that nobody knows of: what they open, and what there is to do.
void AdviseOnCopies(const v1::KeyStatus& keys, const std::string& holder, std::ostream& err) {
  const auto named = [&](const v1::HolderStatus& each) { return each.name() == holder; };
  const auto found = std::ranges::find_if(keys.holders(), named);
  const auto has = [&](std::string_view factor) {
    return found != keys.holders().end() && std::ranges::count(found->factors(), factor) > 0;
  };
  if (has("pkcs11")) {
    err << "A copy of its slots opens with the token alone, and after the next erase or lethe key "
           "rotate not any\nmore.\n";
    return;
  }
  err << "Whatever moved or overwrote the file may have left a copy of it. With the archive, a "
         "backup or a copy\nof the database it opens what was stored while it was the holder, and "
         "what is stored later under\nkeys that no erase has replaced. No erase and no lethe key "
         "rotate changes that. Find every copy and\ndestroy it.\n";
  if (has("kmsv2")) err << "Or rotate the key at the service, then\n  lethe key horizon\n";
  const std::string former = "a former file of " + holder;
  if (std::ranges::count(keys.retired_holders(), former) == 0) return;
  err << "A file that this holder had before may keep its root, and every receipt says so: destroy "
         "that too.\n";
}

struct RejoinOptions {
  std::string holder;
};

void BindRejoin(CLI::App& verb, RejoinOptions& options) {
  verb.add_option("NAME", options.holder, "As lethe key status has it")->required();
}

absl::StatusOr<ExitCode> Rejoin(const Invocation& invocation, const RejoinOptions& options) {
  v1::RejoinHolderRequest request;
  request.set_holder(options.holder);
  request.set_request_id(NewRequestId());
  LETHE_ASSIGN(const v1::KeyStatus keys, CallAndPrint(invocation, &Admin::RejoinHolder, request));
  AdviseOnCopies(keys, options.holder, invocation.console().err);
  return ExitCode::kOk;
}

}  // namespace

void AddKeyCommands(CLI::App& app, CommandLine& line) {
  CLI::App* key = app.add_subcommand("key", "The root key and its holders, for operators");
  key->require_subcommand(1);
  AddVerb<NoOptions>(*key, line, "status", "Holders, assurance, open horizons", BindNothing,
                     Status);
  AddVerb<NoOptions>(*key, line, "rotate", "Replace the root and destroy the old one", BindNothing,
                     Rotate);
  CLI::App* horizon = AddVerb<NoOptions>(
      *key, line, "horizon",
      "Seal the holders with the key service's new key (rotate it there first)", BindNothing, Step);
  horizon->require_subcommand(0, 1);
  AddVerb<AttestOptions>(*horizon, line, "attest",
                         "Say that an old key is destroyed at its service", BindAttest, Attest);
  CLI::App* holder = key->add_subcommand("holder", "One copy of the root");
  holder->require_subcommand(1);
  AddVerb<RetireOptions>(*holder, line, "retire", "Give a holder up; two operators must want it",
                         BindRetire, Retire);
  AddVerb<RejoinOptions>(
      *holder, line, "rejoin",
      "Use the file at a holder's path, after that was moved, replaced or overwritten", BindRejoin,
      Rejoin);
}

}  // namespace lethe::cli
