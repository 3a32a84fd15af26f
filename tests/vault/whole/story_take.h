// How a story takes a step: for the files that hold its steps.
#ifndef LETHE_TESTS_VAULT_WHOLE_STORY_TAKE_H_
#define LETHE_TESTS_VAULT_WHOLE_STORY_TAKE_H_

#include <algorithm>
#include <iterator>
#include <string>

#include "tests/vault/whole/story.h"

namespace lethe::test {

inline std::string RootText(const RecordedVault& world) {
  const Secret root = world.CurrentRoot();
  return root.empty() ? std::string() : std::string(AsText(root.Reveal()));
}

template <typename Call, typename Tell>
Step Story::Take(const std::string& name, const Call& call, const Tell& tell, Names names) {
  Step step{.name = name, .died = {}, .root_before = RootText(world_), .status = {}, .may_be = {}};
  const Texts before = Living();
  step.status = call();
  if (!step.status.ok()) {
    const auto people = people_;
    const auto doomed = doomed_;
    const auto dead = dead_;
    if (names == Names::kOld) tell(step);
    step.may_be = TheFacts();
    people_ = people;
    doomed_ = doomed;
    dead_ = dead;
    return step;
  }
  tell(step);
  const Texts after = Living();
  std::ranges::set_difference(before, after, std::inserter(step.died, step.died.end()));
  dead_.insert(step.died.begin(), step.died.end());
  return step;
}

template <typename Tell>
Step Story::KeepHouse(const std::string& name, absl::Duration later, const Tell& tell) {
  const std::string root_before = RootText(world_);
  world_.clock.Advance(later);
  Step step = Take(
      name, [&] { return world_->RunHousekeeping(); }, tell, Names::kOld);
  step.root_before = root_before;
  return step;
}

}  // namespace lethe::test

#endif  // LETHE_TESTS_VAULT_WHOLE_STORY_TAKE_H_
