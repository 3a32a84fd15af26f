// How commands hang together: each group adds its nouns and verbs to the parser; the verb that was
// typed leaves its action behind, which runs once everything is parsed.
#ifndef LETHE_CLI_COMMANDS_COMMAND_H_
#define LETHE_CLI_COMMANDS_COMMAND_H_

#include <CLI/CLI.hpp>
#include <functional>
#include <memory>
#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "base/clock.h"
#include "cli/connect/client.h"
#include "cli/connect/connection_settings.h"
#include "cli/connect/contexts.h"
#include "cli/output/console.h"
#include "cli/output/exit_code.h"
#include "cli/output/output_format.h"
#include "cli/output/printer.h"

namespace lethe::cli {

// What a verb gets to work with.
class Invocation {
 public:
  Invocation(Console& console, const Environment& environment, const Clock& clock,
             ConnectionFlags flags, OutputFormat format)
      : console_(console),
        environment_(environment),
        clock_(clock),
        flags_(std::move(flags)),
        format_(format) {}

  Console& console() const { return console_; }
  const Environment& environment() const { return environment_; }
  const Clock& clock() const { return clock_; }
  const ConnectionFlags& flags() const { return flags_; }
  OutputFormat format() const { return format_; }
  Printer printer() const { return Printer(format_, console_.out); }

  // Read when asked for: local verbs need neither contexts nor a server.
  absl::StatusOr<Contexts> LoadContexts() const;
  absl::StatusOr<ConnectionSettings> ResolveConnection() const;

 private:
  Console& console_;
  const Environment& environment_;
  const Clock& clock_;
  ConnectionFlags flags_;
  OutputFormat format_;
};

// A connection with what every data request needs beside it.
struct Connection {
  ConnectionSettings settings;
  Client client;
  std::string purpose;
  std::string tenant_name;  // tenants/{tenant}

  static absl::StatusOr<Connection> Open(const Invocation& invocation);
};

using Action = std::function<absl::StatusOr<ExitCode>(const Invocation&)>;

// What parsing fills.
struct CommandLine {
  ConnectionFlags connection;
  OutputFormat format = OutputFormat::kTable;
  Action action;  // Of the verb that was typed.
};

// The flags of every verb that calls the server. They stand before the noun or behind the verb.
void BindConnection(CLI::App& app, CommandLine& line);
// -o, of every verb.
void BindOutput(CLI::App& app, CommandLine& line);

// Adds the verb `name`, which needs no server, to `noun`. Its options live as long as the parser;
// `bind` declares them and `run` is called if the verb was typed.
template <typename Options>
CLI::App* AddLocalVerb(CLI::App& noun, CommandLine& line, const std::string& name,
                       const std::string& help,
                       const std::function<void(CLI::App&, Options&)>& bind,
                       absl::StatusOr<ExitCode> (*run)(const Invocation&, const Options&)) {
  auto options = std::make_shared<Options>();
  CLI::App* verb = noun.add_subcommand(name, help);
  bind(*verb, *options);
  BindOutput(*verb, line);
  verb->callback([&line, options, run, verb] {
    if (!verb->get_subcommands().empty()) return;  // A verb below it was typed.
    line.action = [options, run](const Invocation& invocation) {
      return run(invocation, *options);
    };
  });
  return verb;
}

// Likewise, for a verb that calls the server.
template <typename Options>
CLI::App* AddVerb(CLI::App& noun, CommandLine& line, const std::string& name,
                  const std::string& help, const std::function<void(CLI::App&, Options&)>& bind,
                  absl::StatusOr<ExitCode> (*run)(const Invocation&, const Options&)) {
  CLI::App* verb = AddLocalVerb(noun, line, name, help, bind, run);
  BindConnection(*verb, line);
  return verb;
}

// One function a group, in the file of its name under commands/.
void AddSubjectCommands(CLI::App& app, CommandLine& line);
void AddEraseVerbs(CLI::App& subject, CommandLine& line);
void AddActVerbs(CLI::App& subject, CommandLine& line);
void AddIdentifierVerbs(CLI::App& subject, CommandLine& line);
void AddArtifactVerbs(CLI::App& subject, CommandLine& line);
void AddRecordCommands(CLI::App& app, CommandLine& line);
void AddImportVerb(CLI::App& record, CommandLine& line);
void AddReceiptCommands(CLI::App& app, CommandLine& line);
void AddTenantCommands(CLI::App& app, CommandLine& line);
void AddBackupCommands(CLI::App& app, CommandLine& line);
void AddKeyCommands(CLI::App& app, CommandLine& line);
void AddBackupCheckVerbs(CLI::App& backup, CommandLine& line);
void AddRestoreVerb(CLI::App& backup, CommandLine& line);
void AddArchiveCommands(CLI::App& app, CommandLine& line);
void AddVaultCommands(CLI::App& app, CommandLine& line);
void AddContextCommands(CLI::App& app, CommandLine& line);
void AddStatusCommand(CLI::App& app, CommandLine& line);
void AddVersionCommand(CLI::App& app, CommandLine& line);
void AddCompletionCommand(CLI::App& app, CommandLine& line);
void AddInitCommand(CLI::App& app, CommandLine& line);
void AddDoctorCommand(CLI::App& app, CommandLine& line);

}  // namespace lethe::cli

#endif  // LETHE_CLI_COMMANDS_COMMAND_H_
