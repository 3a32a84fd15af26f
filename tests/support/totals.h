// What a run came to, in the numbers that are published, and what went wrong, with the seed that
// replays it.
#ifndef LETHE_TESTS_SUPPORT_TOTALS_H_
#define LETHE_TESTS_SUPPORT_TOTALS_H_

#include <cstdint>
#include <string>
#include <vector>

namespace lethe::test {

struct Totals {
  std::int64_t cycles = 0;          // Crashes survived, or rounds.
  std::int64_t acknowledged = 0;    // Changes that were said to be done.
  std::int64_t open = 0;            // Changes whose outcome a crash left open.
  std::int64_t erases = 0;          // Acknowledged erasures.
  std::int64_t checked = 0;         // Answers compared with the model after a crash.
  std::int64_t lost = 0;            // Acknowledged, and gone.
  std::int64_t undone = 0;          // Taken back, and there again.
  std::int64_t recoverable = 0;     // Dead plaintext that was found or opened.
  std::vector<std::string> faults;  // One line each; everything else that broke a promise too.

  bool ok() const { return faults.empty(); }
  void Add(const Totals& other);
  // One line "totals label=… seed=… cycles=… …", which scripts/soak.sh puts into its table.
  std::string Line(const std::string& label, std::uint64_t seed) const;
  // The faults, at most twenty, with how to replay them.
  std::string Complaint(const std::string& label, std::uint64_t seed) const;
};

}  // namespace lethe::test

#endif  // LETHE_TESTS_SUPPORT_TOTALS_H_
