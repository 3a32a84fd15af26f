// An option that takes one of a few words.
#ifndef LETHE_CLI_INPUT_CHOICE_OPTION_H_
#define LETHE_CLI_INPUT_CHOICE_OPTION_H_

#include <CLI/CLI.hpp>
#include <map>
#include <string>
#include <vector>

namespace lethe::cli {

// Sets `target` to what the word stands for; any other word is wrong use. Both outlive the parser.
template <typename T>
CLI::Option* AddChoice(CLI::App& app, const std::string& flags, T& target,
                       const std::map<std::string, T>& choices, const std::string& help) {
  std::vector<std::string> words;
  for (const auto& [word, meaning] : choices) words.push_back(word);
  const auto set = [&target, &choices](const std::string& word) { target = choices.at(word); };
  return app.add_option_function<std::string>(flags, set, help)->check(CLI::IsMember(words));
}

}  // namespace lethe::cli

#endif  // LETHE_CLI_INPUT_CHOICE_OPTION_H_
