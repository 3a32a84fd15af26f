#include "cli/run.h"

#include <algorithm>
#include <ostream>

#include "absl/strings/str_format.h"
#include "cli/commands/command.h"
#include "cli/input/input.h"
#include "cli/output/failure.h"

namespace lethe::cli {
namespace {

constexpr char kDescription[] =
    "lethe talks to lethed, the record vault that can forget.\n\n"
    "Identifiers and data come from files or standard input (\"-\"), never from arguments.\n"
    "Exit: 0 done, 1 wrong use or this machine, 2 server, 3 declined, 4 not allowed,\n"
    "5 not found, 6 conflict, 7 done in part (something withheld), 130 interrupted.";

void AddCommands(CLI::App& app, CommandLine& line) {
  AddInitCommand(app, line);
  AddDoctorCommand(app, line);
  AddStatusCommand(app, line);
  AddSubjectCommands(app, line);
  AddRecordCommands(app, line);
  AddReceiptCommands(app, line);
  AddTenantCommands(app, line);
  AddBackupCommands(app, line);
  AddArchiveCommands(app, line);
  AddVaultCommands(app, line);
  AddKeyCommands(app, line);
  AddContextCommands(app, line);
  AddCompletionCommand(app, line);
  AddVersionCommand(app, line);
}

// Errors are JSON wherever the output is, also those of parsing, when -o is not yet known.
bool AsksForJson(const std::vector<std::string>& arguments) {
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const std::string& word = arguments[i];
    const std::string next = i + 1 < arguments.size() ? arguments[i + 1] : "";
    if ((word == "-o" || word == "--output") && next.starts_with("json")) return true;
    if (word.starts_with("-ojson") || word.starts_with("--output=json")) return true;
  }
  return false;
}

// CLI11 only misses a command where there is a word that is none.
std::string Complaint(const CLI::App& app, const CLI::ParseError& error) {
  std::string complaint = error.what();
  const std::vector<std::string> unknown = app.remaining(true);
  if (dynamic_cast<const CLI::RequiredError*>(&error) != nullptr && !unknown.empty()) {
    const char* const kind = unknown.front().starts_with('-') ? "option" : "command";
    complaint = absl::StrFormat("there is no %s '%s'", kind, unknown.front());
  }
  return complaint + " (lethe --help)";
}

ExitCode Report(const absl::Status& status, bool as_json, Console& console) {
  const Failure failure = Describe(status);
  console.err << (as_json ? ToJson(failure) : ToText(failure)) << std::flush;
  return failure.exit;
}

}  // namespace

ExitCode Run(const std::vector<std::string>& arguments, Console& console,
             const Environment& environment, const Clock& clock) {
  CLI::App app(kDescription, "lethe");
  app.require_subcommand(1);
  CommandLine line;
  BindConnection(app, line);
  BindOutput(app, line);
  AddCommands(app, line);

  const bool as_json = AsksForJson(arguments);
  try {
    // CLI11 takes the words from the back.
    app.parse(std::vector<std::string>(arguments.rbegin(), arguments.rend()));
  } catch (const CLI::Success& help) {
    app.exit(help, console.out, console.err);
    return ExitCode::kOk;
  } catch (const CLI::ParseError& error) {
    return Report(Usage(Complaint(app, error)), as_json, console);
  }
  const Invocation invocation(console, environment, clock, line.connection, line.format);
  const auto code = line.action(invocation);
  console.out.flush();
  if (!code.ok()) return Report(code.status(), as_json, console);
  if (!console.out) return Report(Usage("cannot write to standard output"), as_json, console);
  return *code;
}

}  // namespace lethe::cli
