// Looks for plaintext in another process's memory the way an attacker with /proc/PID/mem does: over
// every mapping that the kernel lets be read, registers left out.
#ifndef LETHE_TESTS_SYSTEM_MEMORY_SEARCH_H_
#define LETHE_TESTS_SYSTEM_MEMORY_SEARCH_H_

#include <sys/types.h>

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"

namespace lethe::test {

// One piece of a secret text, found.
struct MemoryFind {
  std::string what;  // The name it was given to SecretTexts by.
  std::uint64_t address;
  std::string mapping;  // As in /proc/PID/maps: "[heap]", a file, or nothing.
  std::string around;   // What stands beside it, with dots for what cannot be printed.
};

// Texts to look for. Any stretch of twice kPieceBytes of one is found, however it was cut up on its
// way (frames, TLS records, buffers).
class SecretTexts {
 public:
  static constexpr std::size_t kPieceBytes = 16;

  // At least kPieceBytes, and like nothing else in the process: random letters.
  void Add(std::string name, std::string_view text);

  // Appends what of them stands in `memory`, which begins at `address`.
  void FindIn(std::string_view memory, std::uint64_t address, const std::string& mapping,
              std::vector<MemoryFind>& finds) const;

 private:
  // By its first eight bytes.
  std::multimap<std::uint64_t, std::pair<std::string, std::string>> pieces_;
  std::vector<bool> starts_ = std::vector<bool>(1u << 16);  // By the first two.
};

// PERMISSION_DENIED where this machine does not let one process read another.
absl::StatusOr<std::vector<MemoryFind>> SearchMemory(pid_t pid, const SecretTexts& texts);

// A line for each run of pieces that stand one behind the other, at most `max` lines.
std::string ToText(const std::vector<MemoryFind>& finds, std::size_t max = 20);

}  // namespace lethe::test

#endif  // LETHE_TESTS_SYSTEM_MEMORY_SEARCH_H_
