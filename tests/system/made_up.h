// Made-up people: everything personal in a test's load comes from here and carries a mark that is
// searched for afterwards.
#ifndef LETHE_TESTS_SYSTEM_MADE_UP_H_
#define LETHE_TESTS_SYSTEM_MADE_UP_H_

#include <cstdint>
#include <random>
#include <string>

#include "tests/support/canary.h"
#include "tests/system/client.h"

namespace lethe::test {

// Rng draws everything of one thread of a run: the same seed and thread give the same sequence.
class Rng {
 public:
  Rng(std::uint64_t seed, std::uint64_t stream);

  std::uint64_t Next() { return engine_(); }
  // 0 … bound-1
  std::uint64_t Below(std::uint64_t bound) { return bound == 0 ? 0 : Next() % bound; }
  bool Chance(std::uint64_t percent) { return Below(100) < percent; }
  std::string RequestId();  // A UUID, version 4.

 private:
  std::mt19937_64 engine_;
};

// JSON that names its slot and version: {"n":1,"slot":"account-3-17","text":"…"}; mostly small, now
// and then tens of kilobytes. Printed the way it prints when parsed.
std::string MakeData(Rng& rng, const std::string& slot, int version);
// The slot in such data; empty if it is none.
std::string SlotOf(const std::string& data);

// "number" makes it unique within a run.
Identifier MakeEmail(std::uint64_t number);
Identifier MakeCustomerNumber(std::uint64_t number);

}  // namespace lethe::test

#endif  // LETHE_TESTS_SYSTEM_MADE_UP_H_
