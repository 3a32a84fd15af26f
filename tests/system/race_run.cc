#include "tests/system/race_run.h"

#include "absl/strings/str_format.h"
#include "absl/time/clock.h"
#include "base/status_macros.h"
#include "tests/system/observer.h"

namespace lethe::test {
namespace {

constexpr std::int64_t kRoundsPerVault = 20;

absl::Status RunRounds(const RunOptions& options, std::uint64_t number, absl::Time end,
                       Totals& totals) {
  LETHE_ASSIGN(const auto vault, RunningVault::Make());
  LETHE_TRY(vault->Up());
  for (std::int64_t i = 0; i < kRoundsPerVault && totals.ok(); ++i) {
    if (absl::Now() >= end || totals.cycles >= options.cycles_max) break;
    RaceTrack track(*vault,
                    options.seed + number * kRoundsPerVault + static_cast<std::uint64_t>(i));
    for (const auto race : {RaceFirstPuts, RaceEraseAgainstPuts, RaceTwoErases,
                            RaceReadersAgainstErase, RaceNewcomersAgainstErases}) {
      race(track);
    }
    const absl::Status checked = track.ColdRestartAndCheck();
    totals.Add(track.totals());
    ++totals.cycles;
    options.progress(totals);
    LETHE_TRY(checked);
  }
  return absl::OkStatus();
}

}  // namespace

void RaceTrack::Blame(Fault::Kind kind, const SubjectModel& subject, const std::string& what) {
  Count(Fault{kind, subject.label() + ": " + what}, totals_);
}

SubjectModel& RaceTrack::NewSubject(const std::string& label) {
  SubjectModel& subject = *subjects_.emplace_back(std::make_unique<SubjectModel>(label));
  const Identifier email = MakeEmail(rng_.Next());
  const auto name = client().CreateSubject({email}, rng_.RequestId());
  if (!name.ok()) Blame(Fault::Kind::kLost, subject, "create: " + name.error().ToText());
  subject.name = *name;
  subject.Acknowledge(Creation({email}));
  ++totals_.acknowledged;
  return subject;
}

std::string RaceTrack::NewData(const std::string& slot, std::size_t bytes) {
  std::string data = MakeData(rng_, slot, 1);
  while (data.size() < bytes) data.insert(data.size() - 2, absl::StrFormat("%016x", rng_.Next()));
  return data;
}

void RaceTrack::PutOne(SubjectModel& subject, const std::string& category, std::size_t bytes) {
  const std::string slot =
      absl::StrFormat("%s-%s-%d", category, subject.label(), rng_.Below(1u << 30));
  const std::string data = NewData(slot, bytes);
  const auto name = client().CreateRecord(subject.name, category, data, rng_.RequestId());
  if (!name.ok()) return Blame(Fault::Kind::kLost, subject, "put: " + name.error().ToText());
  subject.record_names[slot] = *name;
  subject.Acknowledge(Put(slot, data));
  ++totals_.acknowledged;
}

absl::Status RaceTrack::ColdRestartAndCheck() {
  LETHE_TRY(vault_.server().Kill());
  LETHE_TRY(vault_.Up());
  for (const auto& subject : subjects_) {
    Observer observer(client(), *subject);
    LETHE_ASSIGN(const SubjectState seen, observer.Look());
    for (const Fault& fault : observer.faults()) Count(fault, totals_);
    if (const auto fault = subject->Observe(seen); fault.has_value()) Count(*fault, totals_);
    ++totals_.checked;
  }
  return absl::OkStatus();
}

Totals RunRaces(const RunOptions& options) {
  Totals totals;
  const absl::Time end = absl::Now() + options.limit;
  for (std::uint64_t number = 1; totals.ok() && totals.cycles < options.cycles_max; ++number) {
    if (absl::Now() >= end) break;
    const absl::Status status = RunRounds(options, number, end, totals);
    if (!status.ok()) totals.faults.push_back("STOPPED " + std::string(status.message()));
  }
  return totals;
}

}  // namespace lethe::test
