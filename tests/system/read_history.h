// A ReadHistory is what happened to one person: every read, with when it began, when it ended and
// what came of it, and when the erasure was asked for and acknowledged. From it follows whether
// anybody was shown what was gone.
#ifndef LETHE_TESTS_SYSTEM_READ_HISTORY_H_
#define LETHE_TESTS_SYSTEM_READ_HISTORY_H_

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "tests/system/model.h"

namespace lethe::test {

using Instant = std::chrono::steady_clock::time_point;

struct PastRead {
  enum class Result {
    kAnswered,  // With what was stored.
    kGone,      // Refused: erased, or about to be.
    kPutOff,    // Refused for now, for reasons of the server's.
    kWrong,     // Anything else; `what` says what.
  };
  Instant begun;
  Instant ended;
  Result result = Result::kWrong;
  std::string what;  // The kind of read, and how it failed.
};

struct ReadHistory {
  std::vector<PastRead> reads;
  std::optional<Instant> erase_asked;
  std::optional<Instant> erase_acknowledged;
};

// What must not be in it: an answer to a read that began after the acknowledgement; a refusal of
// one that ended before the erasure was asked for; anything wrong at any time.
std::vector<Fault> Judge(const ReadHistory& history);

// How many of its reads began after the acknowledgement.
std::int64_t CountBegunAfter(const ReadHistory& history);

}  // namespace lethe::test

#endif  // LETHE_TESTS_SYSTEM_READ_HISTORY_H_
