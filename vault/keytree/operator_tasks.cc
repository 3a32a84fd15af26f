#include "vault/keytree/operator_tasks.h"

#include <algorithm>
#include <memory>
#include <utility>
#include <vector>

#include "base/codec.h"
#include "base/reason.h"
#include "base/status_macros.h"

namespace lethe::vault::keytree {
namespace {

// Who asked, where the question still stands for `name`.
std::optional<shredlog::HolderFacts::Asked> StandingFor(const std::string& name,
                                                        const shredlog::HolderFacts& facts,
                                                        absl::Time now) {
  const bool stands = facts.asked.has_value() && facts.asked->holder == name &&
                      now - facts.asked->when <= KeyTree::kRetireWithin;
  return stands ? facts.asked : std::nullopt;
}

bool IsCalled(const holders::ServiceKey& key, const std::string& name) {
  return key.ToString() == name || key.key_id == name;
}

}  // namespace

absl::StatusOr<KeyStatus> OperatorTasks::Keys() {
  auto keys = std::make_shared<KeyStatus>();  // The task may run after its caller gave up.
  LETHE_TRY(committer_.Run([this, keys](RecordedState& recorded) {
    const TreeStatus tree = committer_.Status();
    keys->generation = tree.generation;
    keys->levels = tree.levels;
    keys->owner_epoch = tree.owner_epoch;
    keys->assurance = tree.assurance;
    keys->attempt_unresolved = tree.attempt_unresolved;
    keys->unresolved_why = tree.unresolved_why;
    keys->holders = parts_.holders.Statuses(committer_.Current());
    keys->retired_holders = recorded.facts.retired;
    for (const holders::ServiceKey& key : recorded.facts.horizons) {
      keys->open_horizons.push_back(key.ToString());
    }
    if (recorded.facts.asked.has_value() &&
        StandingFor(recorded.facts.asked->holder, recorded.facts, parts_.clock.Now()).has_value()) {
      keys->retirement_asked = recorded.facts.asked->holder;
    }
    return absl::OkStatus();
  }));
  return *keys;
}

absl::Status OperatorTasks::AttestHorizon(const std::string& key_id, audit::Event event) {
  return committer_.Run([this, key_id, event = std::move(event)](RecordedState& recorded) {
    return Attest(key_id, event, recorded);
  });
}

absl::Status OperatorTasks::RetireHolder(const std::string& name, audit::Event event) {
  return committer_.Run([this, name, event = std::move(event)](RecordedState& recorded) {
    return Retire(name, event, recorded);
  });
}

absl::Status OperatorTasks::RejoinHolder(const std::string& name, audit::Event event) {
  return committer_.Run([this, name, event = std::move(event)](RecordedState& recorded) {
    return Rejoin(name, event, recorded);
  });
}

absl::Status OperatorTasks::RecordGap(shredlog::EntryKind kind, std::uint64_t position,
                                      const std::array<shredlog::PrincipalMac, 2>& approvers,
                                      audit::Event event) {
  shredlog::LogEntry entry;
  entry.kind = kind;
  entry.facts.push_back(ByteWriter().U64(position).Raw(approvers[0]).Raw(approvers[1]).Take());
  return committer_.Run(
      [this, entry = std::move(entry), event = std::move(event)](RecordedState& recorded) {
        return Write(recorded.facts, &entry, event, recorded);
      });
}

absl::Status OperatorTasks::Attest(const std::string& key_id, const audit::Event& event,
                                   RecordedState& recorded) {
  std::vector<holders::ServiceKey> named;
  for (const holders::ServiceKey& key : recorded.facts.horizons) {
    if (IsCalled(key, key_id)) named.push_back(key);
  }
  if (named.size() != 1) {
    return Refuse(Reason::kResourceNotFound, "there is no one open horizon of this name", "key_id");
  }
  LETHE_TRY(parts_.holders.CheckUnused(named.front()));
  shredlog::HolderFacts facts = recorded.facts;
  std::erase(facts.horizons, named.front());
  shredlog::LogEntry entry;
  entry.kind = shredlog::EntryKind::kHorizonAttested;
  entry.facts.push_back(ByteWriter()
                            .Short(named.front().service)
                            .Short(named.front().key_id)
                            .Raw(event.principal)
                            .Take());
  return Write(std::move(facts), &entry, event, recorded);
}

absl::Status OperatorTasks::Retire(const std::string& name, const audit::Event& event,
                                   RecordedState& recorded) {
  const std::vector<std::string> names = parts_.holders.names();
  if (std::ranges::find(names, name) == names.end()) {
    return Refuse(Reason::kResourceNotFound, "there is no such holder", "holder");
  }
  if (names.size() == 1) {
    return Refuse(Reason::kHolderNeeded, "the last holder cannot be retired", "holder");
  }
  LETHE_TRY(parts_.holders.CheckSpare(name, committer_.Current()));
  const absl::Time now = parts_.clock.Now();
  shredlog::HolderFacts facts = recorded.facts;
  const std::optional<shredlog::HolderFacts::Asked> asked = StandingFor(name, facts, now);
  if (!asked.has_value() || asked->by == event.principal) {
    facts.asked = shredlog::HolderFacts::Asked{name, event.principal, asked ? asked->when : now};
    return Write(std::move(facts), nullptr, event, recorded);
  }
  shredlog::LogEntry entry;
  entry.kind = shredlog::EntryKind::kHolderRetired;
  entry.facts.push_back(ByteWriter().Short(name).Raw(asked->by).Raw(event.principal).Take());
  facts.asked.reset();
  facts.retired.push_back(name);
  LETHE_TRY(Write(std::move(facts), &entry, event, recorded));
  parts_.holders.Retire(name);
  return absl::OkStatus();
}

// What was moved is written down, even if it failed afterwards: the former file is closed, and no
// other trace of a root that may stay in it is left.
absl::Status OperatorTasks::Rejoin(const std::string& name, const audit::Event& event,
                                   RecordedState& recorded) {
  LETHE_TRY(parts_.journal.CheckWritable());
  const holders::Rejoined done = committer_.Rejoin(name);
  if (!done.took_over) {
    LETHE_TRY(done.status);
    return Write(recorded.facts, nullptr, event, recorded);
  }
  shredlog::HolderFacts facts = recorded.facts;
  std::string given_up = shredlog::FormerFileOf(name);
  if (!done.left_root || facts.IsRetired(given_up)) given_up.clear();
  if (!given_up.empty()) facts.retired.push_back(given_up);
  shredlog::LogEntry entry;
  entry.kind = shredlog::EntryKind::kHolderRejoined;
  entry.facts.push_back(ByteWriter()
                            .Short(name)
                            .U8(done.left_root ? 1 : 0)
                            .Short(given_up)
                            .Raw(event.principal)
                            .Take());
  LETHE_TRY(Write(std::move(facts), &entry, event, recorded, storage::Room::kLast));
  return done.status;
}

absl::Status OperatorTasks::Write(shredlog::HolderFacts facts, const shredlog::LogEntry* entry,
                                  const audit::Event& event, RecordedState& recorded,
                                  storage::Room room) {
  storage::Batch change;
  shredlog::LogState log = recorded.log;
  shredlog::StoreHolderFacts(facts, change);
  if (entry != nullptr) {
    shredlog::LogEntry timed = *entry;
    timed.time = parts_.clock.Now();
    log = shredlog::AppendLogEntry(parts_.vault, log, std::move(timed), parts_.signing_key, change);
  }
  LETHE_TRY(parts_.journal.Commit({event}, std::move(change), storage::Durability::kSynced, room)
                .status());
  recorded = RecordedState{log, std::move(facts)};
  return absl::OkStatus();
}

}  // namespace lethe::vault::keytree
