// What crash runs came to, in the numbers that are published.
#ifndef LETHE_TESTS_VAULT_WHOLE_CRASH_TALLY_H_
#define LETHE_TESTS_VAULT_WHOLE_CRASH_TALLY_H_

#include <cstdint>
#include <string>
#include <vector>

namespace lethe::test {

struct CrashTally {
  std::int64_t cycles = 0;        // Crashes survived.
  std::int64_t acknowledged = 0;  // Steps of the stories.
  std::int64_t open = 0;          // Crashes in the middle of a step that changes an answer.
  std::int64_t erases = 0;        // Deaths attacked, each with its control.
  std::int64_t checked = 0;       // Answers compared after a crash.
  std::int64_t lost = 0;          // Crashes after which something acknowledged was gone or wrong.
  std::int64_t undone = 0;        // ... after which something dead answered, or an old root stood.
  std::int64_t recoverable = 0;   // Dead texts and leaves that opened.
  std::vector<std::string> faults;

  bool ok() const { return faults.empty(); }
  void Add(const CrashTally& other);
  // As scripts/soak.sh reads it.
  std::string Line(std::uint64_t seed) const;
};

}  // namespace lethe::test

#endif  // LETHE_TESTS_VAULT_WHOLE_CRASH_TALLY_H_
