// Races over the real server: what many callers do to one subject at one time. Each race judges
// what its callers were answered, in the order in which they were; afterwards the server is killed,
// and everything acknowledged is read again after a cold start.
#ifndef LETHE_TESTS_SYSTEM_RACE_RUN_H_
#define LETHE_TESTS_SYSTEM_RACE_RUN_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "tests/system/kill_run.h"
#include "tests/system/made_up.h"
#include "tests/system/model.h"
#include "tests/system/running_vault.h"

namespace lethe::test {

// What races share: the server, the people and the verdicts. For one thread; the races themselves
// start others.
class RaceTrack {
 public:
  RaceTrack(RunningVault& vault, std::uint64_t seed) : vault_(vault), rng_(seed, 1) {}

  const Client& client() const { return vault_.client(); }
  Rng& rng() { return rng_; }
  Totals& totals() { return totals_; }

  // Somebody new with a mail address.
  SubjectModel& NewSubject(const std::string& label);
  // A record in `category`, acknowledged; `bytes` is about its size.
  void PutOne(SubjectModel& subject, const std::string& category, std::size_t bytes = 100);
  std::string NewData(const std::string& slot, std::size_t bytes);

  void Blame(Fault::Kind kind, const SubjectModel& subject, const std::string& what);
  void CountAcknowledged(std::int64_t count) { totals_.acknowledged += count; }

  // kill -9, start, and every subject of this track compared with its model.
  absl::Status ColdRestartAndCheck();

 private:
  RunningVault& vault_;
  Rng rng_;
  Totals totals_;
  std::vector<std::unique_ptr<SubjectModel>> subjects_;
};

// 64 callers put the first record of one category at once: one secret wins, no record is lost.
void RaceFirstPuts(RaceTrack& track);
// Puts into categories that the subject never had, against its erasure: what was acknowledged
// before it is dead, or withheld by law; nothing is acknowledged after it.
void RaceEraseAgainstPuts(RaceTrack& track);
// Two erasures of one subject at once.
void RaceTwoErases(RaceTrack& track);
// Readers in every way there is, against an erasure: nothing that began after its acknowledgement
// is answered, and open streams break off.
void RaceReadersAgainstErase(RaceTrack& track);
// New people come into the groups of leaves that erasures of their neighbours rewrite.
void RaceNewcomersAgainstErases(RaceTrack& track);

// All of them, round after round. `cycles` counts rounds.
Totals RunRaces(const RunOptions& options);

}  // namespace lethe::test

#endif  // LETHE_TESTS_SYSTEM_RACE_RUN_H_
