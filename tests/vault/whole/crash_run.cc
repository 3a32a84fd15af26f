#include "tests/vault/whole/crash_run.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_format.h"
#include "base/check.h"
#include "tests/support/secret_search.h"
#include "tests/vault/holders/recording_slots.h"

namespace lethe::test {
namespace {

constexpr int kWaysOfLosing = 4;  // Unsynced::kKeep … kMix
// Every so many crashes identifiers are looked up too: their table costs a third of an open.
constexpr std::int64_t kLookUpEvery = 4;
// Every so many crashes the opened vault is also worked with; a multiple of the other.
constexpr std::int64_t kUseEvery = 16;

}  // namespace

CrashRun::CrashRun(std::uint64_t seed, int steps, RecordedVaultOptions options)
    : seed_(seed),
      random_(seed),
      world_(std::move(options)),
      story_(world_, seed),
      attack_(world_, story_),
      crashed_(world_.Beside("crashed")) {
  Tell(steps);
}

void CrashRun::Tell(int steps) {
  Remember();
  for (int i = 0; i < steps; ++i) {
    attack_.Look();
    const Secret before = world_.CurrentRoot();
    if (before.empty()) return Fault(&tally_.undone, "no single root stands in the slots");
    const Step step = story_.Next();
    point_ = absl::StrFormat("seed %d, step %d, %s", seed_, i, step.name);
    if (!step.status.ok()) return Fault(&tally_.lost, "failed: " + step.status.ToString());
    ++tally_.acknowledged;
    if (!step.died.empty()) {
      ++tally_.erases;
      attack_.After(step);
    }
    const Secret after = world_.CurrentRoot();
    if (after.empty()) return Fault(&tally_.undone, "no single root stands in the slots");
    if (!after.Equals(before)) dead_roots_.emplace(AsText(before.Reveal()));
    Remember();
  }
  tally_.recoverable += static_cast<std::int64_t>(attack_.recoverable());
  for (const std::string& fault : attack_.faults()) {
    tally_.faults.push_back(absl::StrFormat("seed %d: %s", seed_, fault));
  }
  world_.Close();
  events_ = world_.log().Events();
  FindPoints();
}

// Half of all events are lines of the info log, which no open reads.
void CrashRun::FindPoints() {
  std::set<FileId> info_logs;
  for (std::size_t i = 0; i < events_.size(); ++i) {
    const DiskEvent& event = events_[i];
    if (event.op == DiskEvent::Op::kCreate && event.path.ends_with("/LOG")) {
      info_logs.insert(event.file);
    }
    if (i >= told_.front().events && !info_logs.contains(event.file)) points_.push_back(i);
  }
}

void CrashRun::Remember() {
  told_.push_back(
      {world_.log().size(), world_.clock.Now(), story_.TheFacts(), dead_roots_, story_.dead()});
}

std::uint64_t CrashRun::crashes() const { return kWaysOfLosing * points_.size(); }

Crash CrashRun::PointOf(std::uint64_t number) const {
  const std::uint64_t of_round = number % crashes();
  return {.events = points_[of_round / kWaysOfLosing] + 1,
          .unsynced = static_cast<Unsynced>(of_round % kWaysOfLosing),
          .seed = number};
}

std::size_t CrashRun::ToldAt(const Crash& crash) const {
  const auto next = std::ranges::upper_bound(told_, crash.events, {}, &Told::events);
  LETHE_CHECK(next != told_.begin());
  return static_cast<std::size_t>(next - told_.begin()) - 1;
}

void CrashRun::CrashAtRandom(int count) {
  if (points_.empty()) return;  // The story came to nothing, and that is a fault already.
  for (int i = 0; i < count; ++i) CrashAt(random_());
}

void CrashRun::CrashAtSlots() {
  std::set<FileId> slots;
  for (const DiskEvent& event : events_) {
    if (RecordingSlotFile::IsSlot(event.path)) slots.insert(event.file);
  }
  for (std::size_t i = 0; i < points_.size(); ++i) {
    if (!slots.contains(events_[points_[i]].file)) continue;
    for (int way = 0; way < kWaysOfLosing && tally_.ok(); ++way) CrashAt(i * kWaysOfLosing + way);
  }
}

void CrashRun::CrashAt(std::uint64_t number) {
  const Crash crash = PointOf(number);
  const std::size_t told = ToldAt(crash);
  point_ = absl::StrFormat("seed %d, crash %d: event %d, unsynced %d", seed_, number, crash.events,
                           static_cast<int>(crash.unsynced));
  ++tally_.cycles;
  world_.LeaveCrash(events_, crash, crashed_);
  // What had not ended then has not ended now.
  world_.clock.Advance(told_[told].time - world_.clock.Now());
  CheckSlots(told_[told]);
  const bool identifiers = tally_.cycles % kLookUpEvery == 0;
  const auto opened = world_.OpenIn(crashed_, identifiers);
  if (!opened.ok()) {
    return Fault(&tally_.lost, "does not open: " + opened.status().ToString());
  }
  CheckAnswers(**opened, told, identifiers);
  CheckRoot(told_[told]);
  if (tally_.cycles % kUseEvery == 0) CheckUsable(**opened);
}

// As the power cut left them, before anybody could clear up.
void CrashRun::CheckSlots(const Told& told) {
  const std::vector<std::string> dead(told.dead_roots.begin(), told.dead_roots.end());
  for (int i = 0; i < world_.options.holders; ++i) {
    const std::string slots = SlotBytesIn(RecordedVault::HolderFolder(crashed_, i));
    if (!SecretSearch(dead).In(slots).empty()) {
      Fault(&tally_.undone, "a root whose death was acknowledged stands in a slot");
    }
  }
}

void CrashRun::CheckAnswers(vault::OpenedVault& vault, std::size_t told, bool identifiers) {
  Facts before = told_[told].facts;
  Facts after = told + 1 < told_.size() ? told_[told + 1].facts : before;
  if (!identifiers) {
    before = WithoutIdentifiers(before);
    after = WithoutIdentifiers(after);
  }
  tally_.open += before == after ? 0 : 1;
  const Differences found = Compare(vault, before, after);
  tally_.checked += static_cast<std::int64_t>(found.asked);
  if (!found.lost.empty()) Fault(&tally_.lost, found.lost);
  if (!found.undone.empty()) Fault(&tally_.undone, found.undone);
}

// Once opened, one root is left, and it opens nothing that died.
void CrashRun::CheckRoot(const Told& told) {
  for (int i = 0; i < world_.options.holders; ++i) {
    const Secret root = world_.RootIn(crashed_, i);
    if (root.empty()) return Fault(&tally_.undone, "no single root stands in the slots");
    const std::string text(AsText(root.Reveal()));
    if (told.dead_roots.contains(text)) Fault(&tally_.undone, "a dead root is the vault's again");
    if (!roots_attacked_.insert(text).second) continue;
    const Texts found = attack_.disk().Open(root).plaintexts;
    for (const std::string& dead : told.dead) {
      if (found.contains(dead)) Fault(&tally_.recoverable, "opens after the crash: " + dead);
    }
  }
}

// What was opened must also work: new places are given out, a shred goes through.
void CrashRun::CheckUsable(vault::OpenedVault& vault) {
  const auto as = [&] {
    return vault::Caller{.principal = {"spiffe://test/tenants/acme/clients/after", "acme"},
                         .tenant = "acme",
                         .purpose = "service",
                         .request_id = RowTag::Draw(world_.random).ToString()};
  };
  const std::vector<vault::Identifier> identifiers = {{"customer_number", "after-the-crash"}};
  const auto subject = vault.data().CreateSubject(as(), identifiers);
  if (!subject.ok()) return Fault(&tally_.lost, "no create: " + subject.status().ToString());
  vault::NewRecord record;
  record.category = "account";
  record.data = "{}";
  const auto put = vault.data().CreateRecord(as(), subject->tag, record);
  if (!put.ok()) return Fault(&tally_.lost, "no put: " + put.status().ToString());
  const auto got = vault.data().GetRecord(as(), subject->tag, put->tag);
  if (!got.ok()) Fault(&tally_.lost, "no get: " + got.status().ToString());
  vault::EraseRequest request;
  request.subject = subject->tag;
  const auto erased = vault.rights().EraseSubject(as(), request);
  if (!erased.ok()) return Fault(&tally_.lost, "no erase: " + erased.status().ToString());
  if (vault.data().GetRecord(as(), subject->tag, put->tag).ok())
    Fault(&tally_.undone, "still answered");
}

void CrashRun::Fault(std::int64_t* count, const std::string& text) {
  ++*count;
  tally_.faults.push_back(point_ + ": " + text);
}

}  // namespace lethe::test
