// lethe receipt show|verify.
#include <ostream>

#include "base/bytes.h"
#include "base/status_macros.h"
#include "cli/commands/command.h"
#include "cli/commands/receipt_check.h"
#include "cli/input/input.h"
#include "cli/input/public_key.h"

namespace lethe::cli {
namespace {

struct ShowOptions {
  std::string name;
};

void BindShow(CLI::App& verb, ShowOptions& options) {
  verb.add_option("RECEIPT", options.name, "Name (tenants/T/erasures/UUID)")->required();
}

absl::StatusOr<ExitCode> Show(const Invocation& invocation, const ShowOptions& options) {
  LETHE_ASSIGN(const Connection connection, Connection::Open(invocation));
  v1::GetErasureRequest request;
  request.set_name(options.name);
  request.set_purpose(connection.purpose);
  LETHE_ASSIGN(const v1::Erasure erasure,
               connection.client.Call(connection.client.rights(),
                                      &v1::RightsService::StubInterface::GetErasure, request));
  invocation.printer().Print(erasure);
  return ExitCode::kOk;
}

struct VerifyOptions {
  std::string file;
  std::string public_key;
  std::string nonce;
  std::string subject;
};

void BindVerify(CLI::App& verb, VerifyOptions& options) {
  verb.add_option("FILE", options.file, "A receipt printed with -o json, or -")->required();
  verb.add_option(
      "--public-key", options.public_key,
      "The vault's published key, base64 or hexadecimal; without it, the receipt's own");
  // Each says nothing without the other.
  CLI::Option* nonce = verb.add_option("--nonce", options.nonce,
                                       "With --subject: prove whose it is (base64 or hexadecimal)");
  CLI::Option* subject =
      verb.add_option("--subject", options.subject, "The subject's whole name, or its UUID");
  nonce->needs(subject);
  subject->needs(nonce);
}

absl::StatusOr<std::string> KeyFrom(const VerifyOptions& options, const v1::Erasure& receipt) {
  if (options.public_key.empty()) return receipt.public_key();
  LETHE_ASSIGN(const crypto::PublicKey key, ParsePublicKey(options.public_key));
  return std::string(AsText(key));
}

absl::StatusOr<ExitCode> Verify(const Invocation& invocation, const VerifyOptions& options) {
  LETHE_ASSIGN(const std::string json, ReadInput(invocation.console(), options.file));
  LETHE_ASSIGN(const v1::Erasure receipt, ParseReceipt(json));
  LETHE_ASSIGN(const std::string key, KeyFrom(options, receipt));
  LETHE_ASSIGN(const v1::Erasure stated, CheckReceipt(receipt, key));
  if (!options.nonce.empty()) {
    LETHE_ASSIGN(const std::string nonce, ParseNonce(options.nonce));
    LETHE_TRY(CheckWhose(receipt, nonce, options.subject));
  }
  // What is printed is what was signed, not what stood beside it.
  invocation.printer().Print(stated);
  invocation.console().err << "the signature is right\n";
  if (!options.nonce.empty()) invocation.console().err << "it is of that subject\n";
  if (options.public_key.empty()) {
    invocation.console().err << "checked with the key in the receipt itself: compare it with the "
                                "vault's published one (lethe status)\n";
  }
  return ExitCode::kOk;
}

}  // namespace

void AddReceiptCommands(CLI::App& app, CommandLine& line) {
  CLI::App* receipt = app.add_subcommand("receipt", "What an erasure leaves");
  receipt->require_subcommand(1);
  AddVerb<ShowOptions>(*receipt, line, "show", "A receipt again, by its name", BindShow, Show);
  AddLocalVerb<VerifyOptions>(*receipt, line, "verify", "Check one without the server", BindVerify,
                              Verify);
}

}  // namespace lethe::cli
