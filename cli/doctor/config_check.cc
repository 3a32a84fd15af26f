#include "cli/doctor/config_check.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>
#include <yaml-cpp/yaml.h>

#include <array>
#include <csignal>
#include <filesystem>
#include <utility>

#include "base/status_macros.h"

namespace lethe::cli {
namespace {

namespace fs = std::filesystem;

// A checker that says more is cut off.
constexpr std::size_t kAnswerBytesMax = 4096;

// An absent node may be asked for nothing but whether it is there.
std::string Scalar(const YAML::Node& node) {
  return node.IsDefined() && node.IsScalar() ? node.Scalar() : "";
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
std::vector<ConfiguredProvider> ReadProviders(const YAML::Node& root) {
  YAML::Node node = YAML::Clone(root);
  for (const char* key : {"root", "outer", "kmsv2", "providers"}) {
    if (!node.IsMap() || !node[key].IsDefined()) return {};
    node.reset(node[key]);
  }
  std::vector<ConfiguredProvider> providers;
  if (!node.IsSequence()) return providers;
  for (const YAML::Node& entry : node) {
    if (entry.IsMap()) providers.push_back({Scalar(entry["name"]), Scalar(entry["endpoint"])});
  }
  return providers;
}

}  // namespace

absl::StatusOr<ConfiguredPlaces> ReadPlaces(const std::string& config_file) try {
  const YAML::Node root = YAML::LoadFile(config_file);
  if (!root.IsMap()) return absl::InvalidArgumentError("not a map of settings");
  const fs::path folder = fs::absolute(config_file).parent_path();
  const auto place = [&](const YAML::Node& node) {
    const std::string path = Scalar(node);
    return path.empty() ? path : (folder / path).lexically_normal().string();
  };
  ConfiguredPlaces places;
  places.data_dir = place(root["data_dir"]);
  if (const YAML::Node tls = root["tls"]; tls.IsDefined() && tls.IsMap()) {
    places.tls = {.ca = place(tls["ca"]), .cert = place(tls["cert"]), .key = place(tls["key"])};
  }
  places.providers = ReadProviders(root);
  return places;
} catch (const YAML::Exception& error) {
  return absl::InvalidArgumentError("line " + std::to_string(error.mark.line + 1) + ": " +
                                    error.msg);
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
    finding.remedy = "correct the file; every setting: lethed --help";
  }
  return finding;
}

}  // namespace lethe::cli
