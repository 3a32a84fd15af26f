// Acts: what has been said about a person's data and is in force until it is taken back. A subject
// may have several at once.
#ifndef LETHE_VAULT_MODEL_ACT_H_
#define LETHE_VAULT_MODEL_ACT_H_

#include <cstdint>

namespace lethe::vault {

enum class ActKind : std::uint8_t {  // On disk; never reuse.
  kRestriction = 1,                  // Art. 18.
};

// What an act is about.
enum class ActTarget : std::uint8_t {  // On disk; never reuse.
  kPerson = 1,                         // All that is kept of the person.
};

}  // namespace lethe::vault

#endif  // LETHE_VAULT_MODEL_ACT_H_
