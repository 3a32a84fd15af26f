// The list of broken field rules that a status carries from the validator to status_map.
#ifndef LETHE_SERVER_TELLING_VIOLATIONS_H_
#define LETHE_SERVER_TELLING_VIOLATIONS_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "base/reason.h"

namespace lethe::server {

// More would not fit the trailers that carry an error (status_map.h) and help nobody.
inline constexpr std::size_t kViolationsMax = 20;

struct Violation {
  Reason reason = Reason::kFieldInvalid;
  std::string field;  // "record.category"; an element of a list is named by its index.
  std::string rule;   // "max_bytes"
  std::string text;   // "must be at most 63 bytes"
};

// OK if the list is empty; else the first one's reason, field and rule, with the list beside it.
absl::Status StatusOf(const std::vector<Violation>& violations);

// The list that StatusOf put into `status`; or the one field that Refuse named; or nothing.
std::vector<Violation> ViolationsOf(const absl::Status& status);

}  // namespace lethe::server

#endif  // LETHE_SERVER_TELLING_VIOLATIONS_H_
