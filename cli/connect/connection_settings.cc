#include "cli/connect/connection_settings.h"

#include <arpa/inet.h>

#include <array>

#include "base/status_macros.h"
#include "cli/output/failure.h"

namespace lethe::cli {
namespace {

struct Rule {
  const char* flag;
  const char* variable;
  std::string ConnectionFlags::*typed;
  std::string Context::*stored;
  std::string ConnectionSettings::*result;
};

constexpr std::array<Rule, 6> kRules = {{
    {"--addr", "LETHE_ADDR", &ConnectionFlags::address, &Context::address,
     &ConnectionSettings::address},
    {"--tenant", "LETHE_TENANT", &ConnectionFlags::tenant, &Context::tenant,
     &ConnectionSettings::tenant},
    {"--ca", "LETHE_CA", &ConnectionFlags::ca, &Context::ca, &ConnectionSettings::ca},
    {"--cert", "LETHE_CERT", &ConnectionFlags::cert, &Context::cert, &ConnectionSettings::cert},
    {"--key", "LETHE_KEY", &ConnectionFlags::key, &Context::key, &ConnectionSettings::key},
    {"--purpose", "LETHE_PURPOSE", &ConnectionFlags::purpose, &Context::purpose,
     &ConnectionSettings::purpose},
}};

absl::Status Missing(const char* what, const char* flag, const char* variable) {
  return Usage(std::string("no ") + what + ": give " + flag + ", set " + variable +
               " or use a context (lethe context use NAME)");
}

// Personal data may go without TLS to this machine only, whatever a configuration says.
bool IsLoopback(const std::string& address) {
  const std::string host = address.substr(0, address.rfind(':'));
  if (host == "localhost" || host == "[::1]") return true;
  // A numeric address: 127.example.org is somebody else's host.
  in_addr numeric{};
  return host.starts_with("127.") && ::inet_pton(AF_INET, host.c_str(), &numeric) == 1;
}

absl::StatusOr<Context> ChosenContext(const ConnectionFlags& flags, const Environment& environment,
                                      const Contexts& contexts) {
  std::string name = flags.context;
  if (name.empty()) name = environment("LETHE_CONTEXT").value_or("");
  if (name.empty()) name = contexts.current();
  if (name.empty()) return Context();
  const Context* context = contexts.Find(name);
  if (context == nullptr) return Usage("no context '" + name + "' (lethe context list)");
  return *context;
}

}  // namespace

absl::StatusOr<ConnectionSettings> ResolveSettings(const ConnectionFlags& flags,
                                                   const Environment& environment,
                                                   const Contexts& contexts) {
  LETHE_ASSIGN(const Context context, ChosenContext(flags, environment, contexts));
  ConnectionSettings settings;
  for (const Rule& rule : kRules) {
    std::string& value = settings.*(rule.result);
    value = flags.*(rule.typed);
    if (value.empty()) value = environment(rule.variable).value_or("");
    if (value.empty()) value = context.*(rule.stored);
  }
  settings.insecure = flags.insecure;
  if (!(flags.timeout_seconds > 0)) return Usage("--timeout must be more than 0 seconds");
  settings.timeout = absl::Seconds(flags.timeout_seconds);
  if (settings.address.empty()) return Missing("server address", "--addr", "LETHE_ADDR");
  if (settings.insecure) {
    if (!IsLoopback(settings.address)) return Usage("--insecure reaches this machine only");
    return settings;
  }
  if (settings.ca.empty()) return Missing("CA certificate", "--ca", "LETHE_CA");
  if (settings.cert.empty()) return Missing("client certificate", "--cert", "LETHE_CERT");
  if (settings.key.empty()) return Missing("client key", "--key", "LETHE_KEY");
  return settings;
}

absl::StatusOr<std::string> PurposeOf(const ConnectionSettings& settings) {
  if (settings.purpose.empty()) return Missing("purpose", "--purpose", "LETHE_PURPOSE");
  return settings.purpose;
}

absl::StatusOr<std::string> TenantNameOf(const ConnectionSettings& settings) {
  if (settings.tenant.empty()) return Missing("tenant", "--tenant", "LETHE_TENANT");
  return "tenants/" + settings.tenant;
}

}  // namespace lethe::cli
