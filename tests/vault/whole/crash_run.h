// A CrashRun tells a story on a recorded vault, attacks every death in it, then cuts the power at
// points of its log, in every way of losing what was not synced, opens what is left and asks for
// all that was acknowledged.
#ifndef LETHE_TESTS_VAULT_WHOLE_CRASH_RUN_H_
#define LETHE_TESTS_VAULT_WHOLE_CRASH_RUN_H_

#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "tests/support/totals.h"
#include "tests/vault/whole/attack.h"
#include "tests/vault/whole/story.h"

namespace lethe::test {

class CrashRun {
 public:
  // Tells the story. `options` may bring a mutant, which the crashes must find out.
  CrashRun(std::uint64_t seed, int steps, RecordedVaultOptions options = {});

  // Crashes are numbered: every event after the vault was made, in four ways of losing.
  std::uint64_t crashes() const;
  // `number` counts round and round: each round mixes differently.
  void CrashAt(std::uint64_t number);
  // At each write and sync of a slot, in every way of losing; ends with the first fault.
  void CrashAtSlots();
  // Some crashes, each as likely.
  void CrashAtRandom(int count);

  const Totals& tally() const { return tally_; }
  const std::map<std::string, PathTally>& paths() const { return attack_.paths(); }

 private:
  // What callers had been told when the log was so long.
  struct Told {
    std::size_t events;
    absl::Time time;  // On the story's clock.
    Facts facts;
    std::set<std::string> dead_roots;
    Texts dead;
  };

  void Tell(int steps);
  void Remember();
  void FindPoints();
  Crash PointOf(std::uint64_t number) const;
  // The last acknowledgement before the crash; what follows it was under way.
  std::size_t ToldAt(const Crash& crash) const;
  void CheckSlots(const Told& told);
  void CheckAnswers(vault::OpenedVault& vault, std::size_t told, bool identifiers);
  void CheckRoot(const Told& told);
  void CheckUsable(vault::OpenedVault& vault);
  void Fault(std::int64_t* count, const std::string& text);

  const std::uint64_t seed_;
  std::mt19937_64 random_;
  RecordedVault world_;
  Story story_;
  Attack attack_;
  std::vector<Told> told_;
  std::set<std::string> dead_roots_;
  std::vector<DiskEvent> events_;
  std::vector<std::size_t> points_;  // Behind which of them the power may go.
  std::set<std::string> roots_attacked_;
  const std::string crashed_;  // The folder a crash leaves its files in.
  std::string point_;          // The crash that is being checked, in words that replay it.
  Totals tally_;
};

}  // namespace lethe::test

#endif  // LETHE_TESTS_VAULT_WHOLE_CRASH_RUN_H_
