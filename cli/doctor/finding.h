// What the doctor found: one check, how it stands, and what to do about it.
#ifndef LETHE_CLI_DOCTOR_FINDING_H_
#define LETHE_CLI_DOCTOR_FINDING_H_

#include <string>
#include <vector>

namespace lethe::cli {

enum class Health {
  kFine,
  kWarning,  // Works, but with less than it could have.
  kBroken,   // Does not work, or breaks a promise.
};

struct Finding {
  std::string check;  // "clock"
  Health health = Health::kFine;
  std::string found;
  std::string remedy;  // Empty where all is fine.
};

using Findings = std::vector<Finding>;

}  // namespace lethe::cli

#endif  // LETHE_CLI_DOCTOR_FINDING_H_
