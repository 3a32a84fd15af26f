// Keeps a flood of like lines short: the first of a kind are written, the others counted, and every
// ten seconds one line says how many they were.
#ifndef LETHE_SERVER_TELLING_LINE_LIMIT_H_
#define LETHE_SERVER_TELLING_LINE_LIMIT_H_

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "absl/time/time.h"

namespace lethe::server {

// Not thread-safe. Times are since any fixed moment, and never go back.
class LineLimit {
 public:
  static constexpr absl::Duration kWindow = absl::Seconds(10);
  static constexpr int kFirst = 3;
  // Kinds at once. Lines of further ones are counted together: whoever can think of many kinds
  // fills neither the log nor this.
  static constexpr std::size_t kKindsMax = 32;

  explicit LineLimit(int first = kFirst) : first_(first) {}

  // Lines that were not written.
  struct LeftOut {
    std::string kind;  // Empty: of kinds beyond kKindsMax.
    std::int64_t lines;
  };

  // Whether the line of `kind` (not empty) is to be written. A kind that was counted in the last
  // ten seconds goes on being counted: a flood that lasts does not start anew.
  bool Admit(const std::string& kind, absl::Duration now);

  // Whether lines of `kind` are counted now.
  bool Knows(const std::string& kind) const { return kinds_.contains(kind); }

  // What was left out in windows that are over. To be asked about once a second, so that the last
  // lines of a flood are told of too; and with InfiniteDuration at the end, for all the rest.
  std::vector<LeftOut> TakeDue(absl::Duration now);

 private:
  struct Count {
    absl::Duration since;
    int written = 0;
    std::int64_t left_out = 0;
  };

  const int first_;
  std::map<std::string, Count> kinds_;
};

}  // namespace lethe::server

#endif  // LETHE_SERVER_TELLING_LINE_LIMIT_H_
