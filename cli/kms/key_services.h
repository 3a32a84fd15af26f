// The key services of lethed's configuration, for commands that open a vault without lethed.
#ifndef LETHE_CLI_KMS_KEY_SERVICES_H_
#define LETHE_CLI_KMS_KEY_SERVICES_H_

#include <CLI/CLI.hpp>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "base/random.h"
#include "vault/holders/key_service.h"

namespace lethe::cli {

// Adds --config, the file that names them.
void BindKeyServices(CLI::App& verb, std::string& config_file);

class KeyServices {
 public:
  // None where `config_file` is empty. `random` outlives them. INVALID_ARGUMENT: the file, or what
  // it says of one of them.
  static absl::StatusOr<KeyServices> Read(const std::string& config_file, Random& random);

  // In the order of the file. Not used beyond this.
  std::vector<vault::holders::KeyService*> all() const;
  // `status`; where a holder was not reached for want of them, with what to do.
  absl::Status Explain(const absl::Status& status) const;

 private:
  std::vector<std::unique_ptr<vault::holders::KeyService>> services_;
};

}  // namespace lethe::cli

#endif  // LETHE_CLI_KMS_KEY_SERVICES_H_
