// Invariants of our own code. Input never reaches these: a failed check is a bug, and the process
// stops rather than write something it does not understand.
#ifndef LETHE_BASE_CHECK_H_
#define LETHE_BASE_CHECK_H_

namespace lethe::internal {
[[noreturn]] void CheckFailed(const char* expression, const char* file, int line);
}  // namespace lethe::internal

#define LETHE_CHECK(condition)                                        \
  do {                                                                \
    if (!(condition)) [[unlikely]] {                                  \
      ::lethe::internal::CheckFailed(#condition, __FILE__, __LINE__); \
    }                                                                 \
  } while (false)

#endif  // LETHE_BASE_CHECK_H_
