// Named sets of connection settings, like kubectl's: who one is, where the server is.
//
//   current: demo
//   contexts:
//     - name: demo
//       address: 127.0.0.1:7443
//       tenant: acme
//       ca: /home/ann/vault/dev-ca/ca.crt
//       cert: /home/ann/vault/dev-ca/acme.crt
//       key: /home/ann/vault/dev-ca/acme.key
//       purpose: service
#ifndef LETHE_CLI_CONNECT_CONTEXTS_H_
#define LETHE_CLI_CONNECT_CONTEXTS_H_

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace lethe::cli {

// An environment variable, or nullopt. Injected: a test has its own environment.
using Environment = std::function<std::optional<std::string>(const char*)>;

// One way to reach one tenant. Empty: not said.
struct Context {
  std::string name;
  std::string address;  // host:port
  std::string tenant;
  std::string ca;    // PEM file: who may sign the server.
  std::string cert;  // PEM file: who we are.
  std::string key;   // PEM file.
  std::string purpose;
};

// The contexts file. Whoever can write it decides where personal data is sent, so one that others
// may touch is refused.
class Contexts {
 public:
  // $LETHE_CONTEXTS, else $XDG_CONFIG_HOME/lethe/contexts.yaml, else ~/.config/lethe/contexts.yaml.
  static absl::StatusOr<std::string> PathFrom(const Environment& environment);
  // An absent file holds no contexts. FAILED_PRECONDITION: its mode is wider than 0600.
  // INVALID_ARGUMENT: not of the form above; an unknown key is named.
  static absl::StatusOr<Contexts> Load(const std::string& path);
  static absl::StatusOr<Contexts> Parse(const std::string& yaml);

  // With mode 0600, its folder with 0700.
  absl::Status Save(const std::string& path) const;
  std::string ToYaml() const;

  const std::vector<Context>& all() const { return contexts_; }
  const std::string& current() const { return current_; }
  const Context* Find(std::string_view name) const;
  // Adds it, or replaces the one of that name.
  void Put(Context context);
  // NOT_FOUND.
  absl::Status Use(const std::string& name);

 private:
  std::string current_;
  std::vector<Context> contexts_;
};

}  // namespace lethe::cli

#endif  // LETHE_CLI_CONNECT_CONTEXTS_H_
