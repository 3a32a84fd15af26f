// A person of whom records are kept, and how requests name one.
#ifndef LETHE_VAULT_MODEL_SUBJECT_H_
#define LETHE_VAULT_MODEL_SUBJECT_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

#include "absl/time/time.h"
#include "base/enum_names.h"
#include "base/ids.h"

namespace lethe::vault {

struct Identifier {
  std::string type;   // "email", "customer_number": [a-z][a-z0-9_]*
  std::string value;  // Personal data.
};

// How a request names a subject.
using SubjectRef = std::variant<SubjectTag, Identifier>;

enum class SubjectState : std::uint8_t {  // On disk; never reuse.
  kActive = 1,
  kRestricted = 2,
  kPartiallyErased = 3,
  kErased = 4,
};

inline constexpr EnumName<SubjectState> kSubjectStateNames[] = {
    {SubjectState::kActive, "active"},
    {SubjectState::kRestricted, "restricted"},
    {SubjectState::kPartiallyErased, "partially_erased"},
    {SubjectState::kErased, "erased"},
};
constexpr std::string_view NameOf(SubjectState value) {
  return FindName<SubjectState>(kSubjectStateNames, value);
}

struct Subject {
  SubjectTag tag;
  SubjectState state = SubjectState::kActive;
  bool restricted = false;  // May hold beside kPartiallyErased.
  absl::Time create_time;
  std::uint64_t change_counter = 0;  // Grows with every change to the subject or its records.
  std::string etag;
};

}  // namespace lethe::vault

#endif  // LETHE_VAULT_MODEL_SUBJECT_H_
