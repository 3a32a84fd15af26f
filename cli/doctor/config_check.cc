#include "cli/doctor/config_check.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <filesystem>
#include <string_view>
#include <system_error>
#include <utility>

#include "base/status_macros.h"
#include "base/text/yaml.h"
#include "cli/input/input.h"

namespace lethe::cli {
namespace {

namespace fs = std::filesystem;

// A checker that says more is cut off.
constexpr std::size_t kAnswerBytesMax = 4096;

// Empty where `map` has no text at `key`.
std::string TextAt(const YamlNode& map, std::string_view key) {
  const YamlNode* const node = map.Find(key);
  return node == nullptr ? "" : node->text;
}

std::string DefaultServer() {
  std::error_code error;
  const fs::path self = fs::read_symlink("/proc/self/exe", error);
  const fs::path beside = self.parent_path() / "lethed";
  return fs::exists(beside, error) ? beside.string() : "lethed";
}

struct Answer {
  int exit_code = -1;
  std::string text;
};

std::string ReadSome(int fd) {
  std::string text;
  std::array<char, 512> piece{};
  for (ssize_t n = 0; (n = ::read(fd, piece.data(), piece.size())) > 0;) {
    if (text.size() < kAnswerBytesMax) text.append(piece.data(), static_cast<std::size_t>(n));
  }
  while (text.ends_with("\n")) text.pop_back();
  return text;
}

// Runs `program`, looked up in PATH if it is a bare name; both outputs together.
absl::StatusOr<Answer> RunProgram(const std::string& program, std::vector<std::string> arguments) {
  std::array<int, 2> pipe{};
  if (::pipe2(pipe.data(), O_CLOEXEC) != 0) return absl::UnknownError("no pipe");
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, pipe[1], STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&actions, pipe[1], STDERR_FILENO);
  std::vector<char*> argv = {const_cast<char*>(program.c_str())};
  for (std::string& argument : arguments) argv.push_back(argument.data());
  argv.push_back(nullptr);
  pid_t child = 0;
  const int failed =
      ::posix_spawnp(&child, program.c_str(), &actions, nullptr, argv.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  ::close(pipe[1]);
  Answer answer;
  if (failed == 0) {
    answer.text = ReadSome(pipe[0]);
    int status = 0;
    ::waitpid(child, &status, 0);
    if (WIFEXITED(status)) answer.exit_code = WEXITSTATUS(status);
  }
  ::close(pipe[0]);
  if (failed != 0) return absl::NotFoundError("cannot run " + program);
  return answer;
}

// Those that are written as they should be; CheckConfig names the others.
std::vector<ConfiguredProvider> ReadProviders(const YamlNode& root) {
  const YamlNode* node = &root;
  for (const char* key : {"root", "outer", "kmsv2", "providers"}) {
    node = node->Find(key);
    if (node == nullptr) return {};
  }
  std::vector<ConfiguredProvider> providers;
  for (const YamlNode& entry : node->items) {
    if (entry.kind != YamlNode::Kind::kMap) continue;
    ConfiguredProvider provider{TextAt(entry, "name"), TextAt(entry, "endpoint")};
    absl::Duration timeout;
    const bool told = absl::ParseDuration(TextAt(entry, "timeout"), &timeout);
    if (told && timeout > absl::ZeroDuration()) provider.timeout = timeout;
    providers.push_back(std::move(provider));
  }
  return providers;
}

}  // namespace

absl::StatusOr<ConfiguredPlaces> ReadPlaces(const std::string& config_file) {
  LETHE_ASSIGN(const std::string yaml, ReadFile(config_file, kYamlBytesMax));
  LETHE_ASSIGN(const YamlNode root, ParseYaml(yaml, {.place = config_file + ":"}));
  if (root.kind != YamlNode::Kind::kMap) return root.Error("kind", "must be a map of settings");
  const fs::path folder = fs::absolute(config_file).parent_path();
  const auto place = [&](const YamlNode& map, const char* key) {
    const std::string path = TextAt(map, key);
    return path.empty() ? path : (folder / path).lexically_normal().string();
  };
  ConfiguredPlaces places;
  places.data_dir = place(root, "data_dir");
  if (const YamlNode* const tls = root.Find("tls"); tls != nullptr) {
    places.tls = {.ca = place(*tls, "ca"),
                  .cert = place(*tls, "cert"),
                  .key = place(*tls, "key"),
                  .crl = place(*tls, "crl")};
  }
  places.providers = ReadProviders(root);
  return places;
}

Finding CheckConfig(const std::string& config_file, const std::string& lethed) {
  Finding finding{.check = "configuration"};
  const auto answer = RunProgram(lethed.empty() ? DefaultServer() : lethed,
                                 {"--config", config_file, "--check-config"});
  if (!answer.ok()) {
    finding.health = Health::kWarning;
    finding.found = "not checked: " + std::string(answer.status().message());
    finding.remedy = "give --lethed FILE";
    return finding;
  }
  finding.found = answer->text;
  if (answer->exit_code != 0) {
    finding.health = Health::kBroken;
    finding.remedy = kCorrectConfig;
  }
  return finding;
}

}  // namespace lethe::cli
