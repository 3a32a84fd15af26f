// lethe status and lethe version.
#include <ostream>

#include "base/bytes.h"
#include "base/status_macros.h"
#include "cli/commands/command.h"
#include "cli/output/version.h"

namespace lethe::cli {
namespace {

struct NoOptions {};

void BindNothing(CLI::App& /*verb*/, NoOptions& /*options*/) {}

absl::StatusOr<ExitCode> Status(const Invocation& invocation, const NoOptions& /*options*/) {
  LETHE_ASSIGN(const ConnectionSettings settings, invocation.ResolveConnection());
  LETHE_ASSIGN(const Client client, Client::Connect(settings));
  LETHE_ASSIGN(const v1::GetStatusResponse status,
               client.Call(client.admin(), &v1::AdminService::StubInterface::GetStatus,
                           v1::GetStatusRequest()));
  invocation.printer().Print(status);
  // A sealed vault refuses everything: whoever asks in a script should not have to parse.
  return status.sealed() ? ExitCode::kServer : ExitCode::kOk;
}

absl::StatusOr<ExitCode> Version(const Invocation& invocation, const NoOptions& /*options*/) {
  if (invocation.format() == OutputFormat::kTable) {
    invocation.console().out << "lethe " << kVersion << "\n";
  } else {
    invocation.printer().Print(Json{{"name", "lethe"}, {"version", kVersion}});
  }
  return ExitCode::kOk;
}

}  // namespace

void AddStatusCommand(CLI::App& app, CommandLine& line) {
  AddVerb<NoOptions>(app, line, "status", "How the server is", BindNothing, Status);
}

void AddVersionCommand(CLI::App& app, CommandLine& line) {
  AddLocalVerb<NoOptions>(app, line, "version", "Of this program", BindNothing, Version);
}

}  // namespace lethe::cli
