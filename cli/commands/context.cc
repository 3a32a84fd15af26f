// lethe context list|use|show|set: where the server is and who we are there.
#include <ostream>

#include "base/status_macros.h"
#include "cli/commands/command.h"
#include "cli/output/table.h"

namespace lethe::cli {
namespace {

struct NoOptions {};
struct NameOption {
  std::string name;
};

void BindNothing(CLI::App& /*verb*/, NoOptions& /*options*/) {}
void BindName(CLI::App& verb, NameOption& option) {
  verb.add_option("NAME", option.name, "Of the context")->required();
}
void BindOptionalName(CLI::App& verb, NameOption& option) {
  verb.add_option("NAME", option.name, "Of the context (default: the current one)");
}

Json JsonOf(const Context& context, bool current) {
  return {{"name", context.name},     {"current", current},        {"address", context.address},
          {"tenant", context.tenant}, {"ca", context.ca},          {"cert", context.cert},
          {"key", context.key},       {"purpose", context.purpose}};
}

absl::StatusOr<ExitCode> List(const Invocation& invocation, const NoOptions& /*options*/) {
  LETHE_ASSIGN(const Contexts contexts, invocation.LoadContexts());
  Table table({"", "NAME", "ADDRESS", "TENANT", "PURPOSE"});
  Json list = Json::array();
  for (const Context& context : contexts.all()) {
    const bool current = context.name == contexts.current();
    table.Add({current ? "*" : "", context.name, context.address, context.tenant, context.purpose});
    list.push_back(JsonOf(context, current));
  }
  if (invocation.format() == OutputFormat::kTable) {
    invocation.console().out << table.Render();
  } else if (invocation.format() == OutputFormat::kJson ||
             invocation.format() == OutputFormat::kYaml) {
    invocation.printer().Print(Json{{"contexts", list}});
  } else {
    for (const Json& context : list) invocation.printer().Print(context);
  }
  return ExitCode::kOk;
}

absl::StatusOr<ExitCode> Show(const Invocation& invocation, const NameOption& option) {
  LETHE_ASSIGN(const Contexts contexts, invocation.LoadContexts());
  const std::string& name = option.name.empty() ? contexts.current() : option.name;
  const Context* context = contexts.Find(name);
  if (context == nullptr) {
    return Usage(name.empty() ? "no context is current" : "no context '" + name + "'");
  }
  invocation.printer().Print(JsonOf(*context, name == contexts.current()));
  return ExitCode::kOk;
}

absl::StatusOr<ExitCode> Use(const Invocation& invocation, const NameOption& option) {
  LETHE_ASSIGN(const std::string path, Contexts::PathFrom(invocation.environment()));
  LETHE_ASSIGN(Contexts contexts, Contexts::Load(path));
  LETHE_TRY(contexts.Use(option.name));
  LETHE_TRY(contexts.Save(path));
  invocation.console().err << "current context: " << option.name << "\n";
  return ExitCode::kOk;
}

// What the connection flags of this very call say becomes the context.
absl::StatusOr<ExitCode> Set(const Invocation& invocation, const NameOption& option) {
  LETHE_ASSIGN(const std::string path, Contexts::PathFrom(invocation.environment()));
  LETHE_ASSIGN(Contexts contexts, Contexts::Load(path));
  const Context* old = contexts.Find(option.name);
  Context context = old == nullptr ? Context{.name = option.name} : *old;
  const ConnectionFlags& flags = invocation.flags();
  if (!flags.address.empty()) context.address = flags.address;
  if (!flags.tenant.empty()) context.tenant = flags.tenant;
  if (!flags.ca.empty()) context.ca = flags.ca;
  if (!flags.cert.empty()) context.cert = flags.cert;
  if (!flags.key.empty()) context.key = flags.key;
  if (!flags.purpose.empty()) context.purpose = flags.purpose;
  contexts.Put(context);
  if (contexts.current().empty()) LETHE_TRY(contexts.Use(option.name));
  LETHE_TRY(contexts.Save(path));
  invocation.printer().Print(JsonOf(context, option.name == contexts.current()));
  return ExitCode::kOk;
}

}  // namespace

void AddContextCommands(CLI::App& app, CommandLine& line) {
  CLI::App* context = app.add_subcommand("context", "Named connections");
  context->require_subcommand(1);
  AddLocalVerb<NoOptions>(*context, line, "list", "All of them", BindNothing, List);
  AddLocalVerb<NameOption>(*context, line, "use", "Make one the current one", BindName, Use);
  AddLocalVerb<NameOption>(*context, line, "show", "One of them", BindOptionalName, Show);
  AddVerb<NameOption>(*context, line, "set",
                      "Make or change one from --addr, --tenant, --ca, --cert, --key, --purpose",
                      BindName, Set);
}

}  // namespace lethe::cli
