// The policy that a new tenant starts with, to be replaced by its own rules.
#ifndef LETHE_CLI_INIT_STARTER_POLICY_H_
#define LETHE_CLI_INIT_STARTER_POLICY_H_

#include <string>

namespace lethe::cli {

// YAML, with comments that say what to change.
std::string StarterPolicy(const std::string& tenant);

}  // namespace lethe::cli

#endif  // LETHE_CLI_INIT_STARTER_POLICY_H_
