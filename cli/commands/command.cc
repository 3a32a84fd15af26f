#include "cli/commands/command.h"

#include "base/status_macros.h"
#include "cli/input/choice_option.h"

namespace lethe::cli {

absl::StatusOr<Contexts> Invocation::LoadContexts() const {
  LETHE_ASSIGN(const std::string path, Contexts::PathFrom(environment_));
  return Contexts::Load(path);
}

absl::StatusOr<ConnectionSettings> Invocation::ResolveConnection() const {
  // A machine account may have neither a home nor contexts: flags and environment are enough.
  const auto path = Contexts::PathFrom(environment_);
  if (!path.ok()) return ResolveSettings(flags_, environment_, Contexts());
  LETHE_ASSIGN(const Contexts contexts, Contexts::Load(*path));
  LETHE_ASSIGN(ConnectionSettings settings, ResolveSettings(flags_, environment_, contexts));
  if (settings.insecure) console_.err << "lethe: --insecure: no TLS, nobody is authenticated\n";
  return settings;
}

void BindConnection(CLI::App& app, CommandLine& line) {
  ConnectionFlags& flags = line.connection;
  constexpr char kGroup[] = "Connection (flag, else environment, else context)";
  app.add_option("--context", flags.context, "LETHE_CONTEXT: a named set of these")->group(kGroup);
  app.add_option("--addr", flags.address, "LETHE_ADDR: host:port")->group(kGroup);
  app.add_option("--tenant", flags.tenant, "LETHE_TENANT")->group(kGroup);
  app.add_option("--ca", flags.ca, "LETHE_CA: PEM file of the server's CA")->group(kGroup);
  app.add_option("--cert", flags.cert, "LETHE_CERT: PEM file of the client")->group(kGroup);
  app.add_option("--key", flags.key, "LETHE_KEY: PEM file of its key")->group(kGroup);
  app.add_option("--purpose", flags.purpose, "LETHE_PURPOSE: what the data is needed for")
      ->group(kGroup);
  app.add_option("--timeout", flags.timeout_seconds, "Seconds a call may take (default 30)")
      ->group(kGroup);
  app.add_flag("--insecure", flags.insecure, "No TLS: a development server on this machine only")
      ->group(kGroup);
}

void BindOutput(CLI::App& app, CommandLine& line) {
  AddChoice(app, "-o,--output", line.format, kOutputFormats, "How to print");
}

absl::StatusOr<Connection> Connection::Open(const Invocation& invocation) {
  LETHE_ASSIGN(ConnectionSettings settings, invocation.ResolveConnection());
  LETHE_ASSIGN(std::string purpose, PurposeOf(settings));
  LETHE_ASSIGN(std::string tenant_name, TenantNameOf(settings));
  LETHE_ASSIGN(Client client, Client::Connect(settings));
  return Connection{std::move(settings), std::move(client), std::move(purpose),
                    std::move(tenant_name)};
}

}  // namespace lethe::cli
