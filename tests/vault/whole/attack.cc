#include "tests/vault/whole/attack.h"

#include <algorithm>

#include "absl/strings/str_format.h"
#include "crypto/kdf.h"
#include "tests/vault/holders/recording_slots.h"
#include "vault/rows/place.h"

namespace lethe::test {
namespace {

using vault::Place;

using vault::shredlog::EntryKind;

std::vector<Place> PlacesOf(const vault::shredlog::LogEntry& entry) {
  std::vector<Place> places;
  for (const auto& group : entry.leaves) {
    for (std::uint8_t slot = 0; slot < vault::kSlotsPerGroup; ++slot) {
      if ((group.slots >> slot & 1) != 0) places.push_back(Place{group.group, slot});
    }
  }
  return places;
}

}  // namespace

const std::vector<std::string> kPathsToDeath = {
    "erase a subject",       "erase a subject, ending a restriction",
    "erase but for a duty",  "erase but for a duty, ending a restriction",
    "update a record",       "delete a record",
    "remove an identifier",  "lift a restriction",
    "sweep what was doomed", "the end of a period",
};

void Attack::After(const Step& step) {
  ++acknowledgements_;
  disk_.Look();
  const Secret root = world_.CurrentRoot();
  if (root.empty()) {
    faults_.push_back("no root, or more than one, stands in the slots after: " + step.name);
    return;
  }
  TryHolders(step, root);
  for (const std::string& text : step.died) path_of_[text] = step.name;
  const VaultAttacker::Loot now = disk_.Open(root);
  TryDead(now);
  TryLiving(now);
  if (!step.died.empty()) TryControl(step, now);
}

// Every holder has the root that is left, and none the one of before.
void Attack::TryHolders(const Step& step, const Secret& root) {
  for (int i = 0; i < world_.options.holders; ++i) {
    const std::string folder = RecordedVault::HolderFolder(world_.live(), i);
    const std::string slots = SlotBytesIn(folder);
    if (slots.find(AsText(root.Reveal())) == std::string::npos) {
      faults_.push_back("a holder lacks the root that is left after: " + step.name);
    }
    if (!step.root_before.empty() && !step.died.empty() &&
        slots.find(step.root_before) != std::string::npos) {
      faults_.push_back("the root of before stands in a holder after: " + step.name);
    }
  }
}

void Attack::TryDead(const VaultAttacker::Loot& now) {
  for (const auto& [text, path] : path_of_) {
    if (!now.plaintexts.contains(text)) continue;
    ++paths_[path].recoverable;
    faults_.push_back("opens with the root that is left: " + text + ", dead by: " + path);
  }
}

void Attack::TryLiving(const VaultAttacker::Loot& now) {
  for (const std::string& text : story_.Living()) {
    if (path_of_.contains(text)) continue;
    if (now.plaintexts.contains(text)) {
      ++living_opened_;
    } else {
      faults_.push_back("lives and does not open: " + text);
    }
  }
}

void Attack::TryControl(const Step& step, const VaultAttacker::Loot& now) {
  PathTally& tally = paths_[step.name];
  ++tally.attacks;
  tally.texts += step.died.size();
  const VaultAttacker::Loot before = disk_.Open(Secret::CopyFrom(AsBytes(step.root_before)));
  for (const std::string& text : step.died) {
    if (before.plaintexts.contains(text)) {
      ++tally.control_opened;
    } else {
      faults_.push_back("the control does not open " + text + ", dead by: " + step.name);
    }
  }
  TryLeaves(tally, now, before);
}

void Attack::TryLeaves(PathTally& tally, const VaultAttacker::Loot& now,
                       const VaultAttacker::Loot& before) {
  const auto root = crypto::Commit(world_.CurrentRoot());
  for (const auto& entry : disk_.shred_log()) {
    if (entry.kind != EntryKind::kPrepared || entry.root != root) continue;
    for (const Place& place : PlacesOf(entry)) {
      ++tally.leaves;
      tally.leaves_recoverable += now.leaves.contains(place) ? 1 : 0;
      tally.leaves_control += before.leaves.contains(place) ? 1 : 0;
    }
  }
  if (tally.leaves_recoverable > 0) faults_.push_back("a shredded leaf opens");
  if (tally.leaves_control < tally.leaves) faults_.push_back("the control misses a shredded leaf");
}

std::size_t Attack::recoverable() const {
  std::size_t recoverable = 0;
  for (const auto& [path, tally] : paths_) {
    recoverable += tally.recoverable + tally.leaves_recoverable;
  }
  return recoverable;
}

std::string Attack::Table() const { return TableOf(paths_); }

std::vector<std::string> MissingFrom(const std::map<std::string, PathTally>& paths) {
  std::vector<std::string> missing;
  for (const std::string& path : kPathsToDeath) {
    if (!paths.contains(path)) missing.push_back("no story took the path: " + path);
  }
  for (const auto& [path, tally] : paths) {
    if (tally.texts == 0 || tally.control_opened < tally.texts ||
        tally.leaves_control < tally.leaves) {
      missing.push_back("a path without its control: " + path);
    }
  }
  return missing;
}

void AddTo(std::map<std::string, PathTally>& all, const std::map<std::string, PathTally>& more) {
  for (const auto& [path, tally] : more) {
    PathTally& sum = all[path];
    sum.attacks += tally.attacks;
    sum.texts += tally.texts;
    sum.recoverable += tally.recoverable;
    sum.control_opened += tally.control_opened;
    sum.leaves += tally.leaves;
    sum.leaves_recoverable += tally.leaves_recoverable;
    sum.leaves_control += tally.leaves_control;
  }
}

std::string TableOf(const std::map<std::string, PathTally>& paths) {
  std::string table =
      absl::StrFormat("%-44s %8s %6s %12s %8s %7s %12s %8s\n", "path to death", "attacks", "texts",
                      "recoverable", "control", "leaves", "recoverable", "control");
  for (const auto& [path, tally] : paths) {
    table += absl::StrFormat("%-44s %8d %6d %12d %8d %7d %12d %8d\n", path, tally.attacks,
                             tally.texts, tally.recoverable, tally.control_opened, tally.leaves,
                             tally.leaves_recoverable, tally.leaves_control);
  }
  return table;
}

}  // namespace lethe::test
