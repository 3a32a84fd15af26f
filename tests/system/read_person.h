// One person of the erase-reads run, and how they come, are read in every way in which personal
// data is reached, and go.
#ifndef LETHE_TESTS_SYSTEM_READ_PERSON_H_
#define LETHE_TESTS_SYSTEM_READ_PERSON_H_

#include <string>

#include "absl/status/statusor.h"
#include "tests/system/client.h"
#include "tests/system/made_up.h"
#include "tests/system/read_history.h"

namespace lethe::test {

struct ReadPerson {
  std::string name;
  std::string record;
  Identifier email;
  std::string data;
  std::string erase_id;
};

// With an address and a record.
absl::StatusOr<ReadPerson> MakeReadPerson(const Client& client, Rng& rng);
// By name, by address or in a list.
PastRead ReadInSomeWay(const Client& client, const ReadPerson& person, Rng& rng);
PastRead ReadByName(const Client& client, const ReadPerson& person);
// Sent again while it is only put off.
absl::Status EraseAtLast(const Client& client, const ReadPerson& person);

}  // namespace lethe::test

#endif  // LETHE_TESTS_SYSTEM_READ_PERSON_H_
