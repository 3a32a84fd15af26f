// A Siege tells a random story on a recorded vault, cuts its power between the steps and goes on
// from what is left, takes copies of it all the while, and attacks: at each acknowledgement that
// something died, before any later commit, and at the end, everything and every copy, with the root
// of every holder.
#ifndef LETHE_TESTS_VAULT_WHOLE_SIEGE_H_
#define LETHE_TESTS_VAULT_WHOLE_SIEGE_H_

#include <cstdint>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "tests/vault/whole/attack.h"
#include "tests/vault/whole/copies.h"

namespace lethe::test {

struct SiegeTally {
  std::map<std::string, PathTally> paths;
  CopyTallies copies;
  std::size_t vaults = 0;
  std::size_t subjects = 0;
  std::size_t steps = 0;
  std::size_t attacks_at_acknowledgements = 0;
  std::size_t power_cuts = 0;
  std::size_t rows = 0;         // Different ones that ever stood anywhere.
  std::size_t bytes = 0;        // Ever written to any file.
  std::size_t keys = 0;         // Ever drawn.
  std::size_t dead = 0;         // Texts, at the end.
  std::size_t recoverable = 0;  // Of them, with everything and a root that is left.
  std::size_t living = 0;       // Texts, at the end.
  std::size_t living_opened = 0;
  std::size_t answers = 0;        // Asked of the vault itself, after each power cut and at the end.
  std::size_t wrong_answers = 0;  // Of them, other than told.
  std::vector<std::string> faults;  // One line each, with the seed that replays it.

  void Add(const SiegeTally& more);
};

// One vault's life and what came of the attacks on it.
class Siege {
 public:
  Siege(std::uint64_t seed, int steps);
  const SiegeTally& tally() const { return tally_; }

 private:
  void Tell(int steps);
  bool TakeStep();
  void TakeCopy();
  void CutPower();
  void CheckAnswers();
  void AttackAtTheEnd();
  void Fault(const std::string& text);
  std::size_t Random(std::size_t below) { return random_() % below; }

  const std::uint64_t seed_;
  std::mt19937_64 random_;
  RecordedVault world_;
  Story story_;
  Attack attack_;
  Copies copies_;
  SiegeTally tally_;
};

}  // namespace lethe::test

#endif  // LETHE_TESTS_VAULT_WHOLE_SIEGE_H_
