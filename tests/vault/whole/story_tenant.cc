// How a story's tenant ends.
#include <algorithm>

#include "base/check.h"
#include "tests/vault/whole/story_take.h"

namespace lethe::test {
namespace {

using vault::SubjectState;

// Longer than the ten years of the test policy's duty.
constexpr absl::Duration kDutiesOver = absl::Hours(24 * 3'660);

}  // namespace

Step Story::Offboard() {
  LETHE_CHECK(doomed_.empty());
  const bool duty = std::ranges::any_of(people_, HasInvoice);
  const auto call = [&] { return world_->rights().OffboardTenant(As("service"), false).status(); };
  return Take(
      duty ? "offboard but for a duty" : "offboard a tenant", call,
      [&](Step&) {
        for (Person& person : people_) {
          for (Record& record : person.records) {
            record.gone = record.gone || !duty || record.category != "billing";
          }
          if (!duty) person.identifiers.clear();
          if (!duty) person.state = SubjectState::kErased;
        }
      },
      Names::kOld);
}

Step Story::EraseWhatNoDutyNeeds() {
  return KeepHouse("erase after an offboarding", absl::ZeroDuration(), [&](Step&) {
    for (Person& person : people_) {
      const bool duty = HasInvoice(person);
      person.state = duty ? SubjectState::kPartiallyErased : SubjectState::kErased;
      std::erase_if(person.identifiers, [duty](const auto& identifier) {
        return !duty || identifier.second != "customer_number";
      });
    }
  });
}

Step Story::EndDuties() {
  return KeepHouse("the end of a duty", kDutiesOver, [&](Step&) {
    for (Person& person : people_) {
      person.state = SubjectState::kErased;
      person.identifiers.clear();
      for (Record& record : person.records) record.gone = true;
    }
  });
}

}  // namespace lethe::test
