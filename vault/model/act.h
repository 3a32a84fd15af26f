// Acts: what has been said about a person's data and is in force until it is taken back. A subject
// may have several at once.
#ifndef LETHE_VAULT_MODEL_ACT_H_
#define LETHE_VAULT_MODEL_ACT_H_

#include <cstdint>
#include <string_view>
#include <variant>

#include "absl/time/time.h"
#include "base/enum_names.h"
#include "vault/model/restriction.h"

namespace lethe::vault {

enum class ActKind : std::uint8_t {  // On disk; never reuse.
  kRestriction = 1,                  // Art. 18.
};

inline constexpr EnumName<ActKind> kActKindNames[] = {{ActKind::kRestriction, "restriction"}};
constexpr std::string_view NameOf(ActKind value) { return FindName<ActKind>(kActKindNames, value); }

// What an act says when it is put in force: a type for each kind.
using Declaration = std::variant<Restriction>;

// How an act in force ends.
struct ActEnd {
  ActKind kind = ActKind::kRestriction;
  absl::Time informed_time;  // When the person was told, for kinds that demand it.
};

// What an act is about.
enum class ActTarget : std::uint8_t {  // On disk; never reuse.
  kPerson = 1,                         // All that is kept of the person.
};

inline constexpr EnumName<ActTarget> kActTargetNames[] = {{ActTarget::kPerson, "person"}};
constexpr std::string_view NameOf(ActTarget value) {
  return FindName<ActTarget>(kActTargetNames, value);
}

}  // namespace lethe::vault

#endif  // LETHE_VAULT_MODEL_ACT_H_
