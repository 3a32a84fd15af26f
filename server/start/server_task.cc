#include "server/start/server_task.h"

#include <cstdlib>
#include <map>

#include "CLI/CLI.hpp"
#include "absl/strings/str_format.h"
#include "base/status_macros.h"
#include "base/text/text_file.h"
#include "server/start/config_file.h"
#include "server/start/settings.h"
#include "server/telling/version.h"

namespace lethe::server {
namespace {

constexpr char kFooter[] =
    "Every setting can also stand in the configuration file or in the environment:\n"
    "  --tls-ca FILE, LETHED_TLS_CA, and `tls: {ca: FILE}` are the same; a flag beats the\n"
    "  environment, the environment beats the file. LETHED_CONFIG names the file.\n"
    "Signals: SIGTERM and SIGINT end the server after the calls under way; SIGHUP makes it read "
    "its\n"
    "certificates again, which it does by itself when their files change.\n"
    "While no holder of the root that could decide answers, it changes nothing and waits.\n"
    "Exit codes: 0 ended by signal; 1 the configuration is wrong; 2 the vault did not open;\n"
    "  3 the address or the certificates are unusable, or too few files may be open; 4 the vault\n"
    "  stopped itself after a storage error; 5 the server accepts no connection any more; 6 it "
    "was\n"
    "  about to use up its memory and ended before: after 4, 5 and 6 start it again.";

// The command line as given, not yet applied: the file must come first.
struct CommandLine {
  std::string config_file;
  bool check_config = false;
  bool version = false;
  std::vector<std::string> tenants;           // name=policy
  std::map<std::string, std::string> values;  // By setting.
};

void Declare(CLI::App& app, CommandLine& line) {
  app.footer(kFooter);
  app.add_option("--config,-c", line.config_file, "configuration file (YAML) [LETHED_CONFIG]");
  app.add_flag("--check-config", line.check_config, "check the configuration and end");
  app.add_flag("--version", line.version, "print the version and end");
  app.add_option("--tenant", line.tenants,
                 "NAME=POLICY_FILE; may be repeated, replaces the file's");
  for (const Setting& setting : Settings()) {
    const std::string meaning = absl::StrFormat("%s [%s]", setting.meaning, EnvironmentOf(setting));
    auto& value = line.values[setting.key];
    if (setting.is_switch) {
      app.add_flag_function(
          FlagOf(setting), [&value](std::int64_t times) { value = times > 0 ? "true" : "false"; },
          meaning);
    } else {
      app.add_option(FlagOf(setting), value, meaning);
    }
  }
}

absl::Status Apply(const Setting& setting, const std::string& text, const std::string& origin,
                   ServerConfig& config) {
  const absl::Status status = setting.set(config, text);
  if (status.ok()) return status;
  return absl::InvalidArgumentError(
      absl::StrFormat("%s %s", origin, std::string(status.message())));
}

absl::Status ApplyTenants(const std::vector<std::string>& tenants, ServerConfig& config) {
  if (!tenants.empty()) config.tenants.clear();
  for (const std::string& text : tenants) {
    const std::size_t equals = text.find('=');
    if (equals == std::string::npos) {
      return absl::InvalidArgumentError("--tenant must be NAME=POLICY_FILE");
    }
    config.tenants.push_back({text.substr(0, equals), text.substr(equals + 1)});
  }
  return absl::OkStatus();
}

// File, then environment, then flags: the later beats the earlier.
absl::StatusOr<ServerConfig> Combine(const CLI::App& app, const CommandLine& line,
                                     const Environment& environment) {
  ServerConfig config;
  std::string file = line.config_file;
  if (file.empty()) file = environment("LETHED_CONFIG").value_or("");
  if (!file.empty()) {
    LETHE_ASSIGN(const std::string yaml, ReadTextFile(file));
    LETHE_TRY(ReadConfig(yaml, file, config));
    config.read_once.push_back({"the configuration file", file, yaml});
  }
  for (const Setting& setting : Settings()) {
    const std::string name = EnvironmentOf(setting);
    if (app.count(FlagOf(setting)) > 0) {
      LETHE_TRY(Apply(setting, line.values.at(setting.key), FlagOf(setting), config));
    } else if (const auto value = environment(name); value.has_value()) {
      LETHE_TRY(Apply(setting, *value, name, config));
    }
  }
  LETHE_TRY(ApplyTenants(line.tenants, config));
  LETHE_TRY(CheckConfig(config));
  return config;
}

}  // namespace

absl::StatusOr<ServerTask> ReadServerTask(int argc, const char* const* argv,
                                          const Environment& environment) {
  CLI::App app("lethed, the server of Lethe: the record vault that can forget", "lethed");
  CommandLine line;
  Declare(app, line);
  try {
    app.parse(argc, argv);
  } catch (const CLI::CallForHelp&) {
    return ServerTask{ServerTask::Kind::kPrint, {}, app.help()};
  } catch (const CLI::ParseError& error) {
    return absl::InvalidArgumentError(std::string(error.what()));
  }
  if (line.version) {
    return ServerTask{ServerTask::Kind::kPrint, {}, absl::StrFormat("lethed %s\n", kVersion)};
  }
  LETHE_ASSIGN(ServerConfig config, Combine(app, line, environment));
  const auto kind = line.check_config ? ServerTask::Kind::kCheckConfig : ServerTask::Kind::kServe;
  return ServerTask{kind, std::move(config), {}};
}

Environment ProcessEnvironment() {
  return [](const std::string& name) -> std::optional<std::string> {
    const char* value = std::getenv(name.c_str());
    if (value == nullptr) return std::nullopt;
    return std::string(value);
  };
}

}  // namespace lethe::server
