// A policy document. What is accepted can be decided by: names are labels, ids are used once, every
// purpose is declared, and every end can be computed.
#include "vault/policy/policy.h"

#include <set>

#include "base/text/label.h"
#include "tests/fuzz/fuzz_target.h"

namespace lethe::fuzz {
namespace {

using vault::policy::Category;
using vault::policy::Policy;

void CheckPurposes(const Policy& policy, const std::vector<std::string>& purposes) {
  LETHE_CHECK(std::set<std::string>(purposes.begin(), purposes.end()).size() == purposes.size());
  for (const std::string& purpose : purposes) {
    LETHE_CHECK(IsLabel(purpose) && policy.KnowsPurpose(purpose));
  }
}

void CheckCategory(const Policy& policy, const Category& category) {
  LETHE_CHECK(IsLabel(category.name) && category.id > 0);
  LETHE_CHECK(policy.Find(category.name) == &category);
  LETHE_CHECK(policy.FindById(category.id) == &category);
  CheckPurposes(policy, category.purposes);
  if (category.legal_obligation.has_value()) {
    LETHE_CHECK(category.period.has_value());
    CheckPurposes(policy, category.legal_obligation->purposes);
  }
  for (const std::int64_t seconds : {-2'208'988'800L, 0L, 1'709'164'800L, 253'402'300'799L}) {
    const absl::Time origin = absl::FromUnixSeconds(seconds);
    const auto end = policy.EndOf(category, origin);
    LETHE_CHECK(end.has_value() == category.counts_from_creation());
    LETHE_CHECK(!end.has_value() || *end > origin);
  }
}

}  // namespace

LETHE_FUZZ_TARGET(policy) {
  const auto parsed = Policy::Parse(AsText(input));
  if (!parsed.ok()) {
    LETHE_CHECK(FieldOf(parsed.status()) == "policy" && !RuleOf(parsed.status()).empty());
    return Refused(parsed.status());
  }
  LETHE_CHECK(!parsed->categories().empty());
  LETHE_CHECK(parsed->categories().size() <= Policy::kCategoriesMax);
  for (const Category& category : parsed->categories()) CheckCategory(*parsed, category);
  return true;
}

}  // namespace lethe::fuzz
