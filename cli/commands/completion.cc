// lethe completion bash: made from the parser itself, so that it cannot fall behind.
#include <ostream>

#include "cli/commands/command.h"

namespace lethe::cli {
namespace {

struct CompletionOptions {
  std::string shell;
};

void BindCompletion(CLI::App& verb, CompletionOptions& options) {
  verb.add_option("SHELL", options.shell, "bash")->required()->check(CLI::IsMember({"bash"}));
}

std::string FlagsOf(const CLI::App& app) {
  std::string flags;
  for (const CLI::Option* option : app.get_options()) {
    for (const std::string& name : option->get_lnames()) flags += "--" + name + " ";
  }
  if (!flags.empty()) flags.pop_back();
  return flags;
}

struct Script {
  std::string paths = "|";  // Every noun and verb: "|subject|subject erase|".
  std::string cases;
};

// "subject erase" -> its words: verbs below it, and its flags.
void AppendCase(const CLI::App& app, const std::string& path, Script& script) {
  std::string words;
  for (const CLI::App* verb : app.get_subcommands([](const CLI::App*) { return true; })) {
    words += verb->get_name() + " ";
    AppendCase(*verb, path.empty() ? verb->get_name() : path + " " + verb->get_name(), script);
  }
  words += FlagsOf(app);
  script.paths += path + "|";
  script.cases += "    '" + path + "') words='" + words + "' ;;\n";
}

constexpr char kHead[] = R"bash(# lethe: eval "$(lethe completion bash)"
_lethe() {
  local paths=')bash";

constexpr char kWalk[] = R"bash('
  local word next path='' words='' current=${COMP_WORDS[COMP_CWORD]}
  for word in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    next=${path:+$path }$word
    [[ $paths != *"|$next|"* ]] || path=$next
  done
  case $path in
)bash";

constexpr char kTail[] = R"bash(  esac
  COMPREPLY=($(compgen -W "$words" -- "$current"))
  ((${#COMPREPLY[@]})) || COMPREPLY=($(compgen -f -- "$current"))
}
complete -o filenames -F _lethe lethe
)bash";

}  // namespace

void AddCompletionCommand(CLI::App& app, CommandLine& line) {
  auto options = std::make_shared<CompletionOptions>();
  CLI::App* verb = app.add_subcommand("completion", "Completion for a shell");
  BindCompletion(*verb, *options);
  verb->callback([&app, &line, options] {
    line.action = [&app](const Invocation& invocation) -> absl::StatusOr<ExitCode> {
      Script script;
      AppendCase(app, "", script);
      invocation.console().out << kHead << script.paths << kWalk << script.cases << kTail;
      return ExitCode::kOk;
    };
  });
}

}  // namespace lethe::cli
