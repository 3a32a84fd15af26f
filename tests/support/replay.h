// What a randomised test reads from its environment, and how much of itself it runs.
#ifndef LETHE_TESTS_SUPPORT_REPLAY_H_
#define LETHE_TESTS_SUPPORT_REPLAY_H_

#include <cstdint>
#include <cstdlib>

namespace lethe::test {

// Under a sanitizer everything takes some ten times as long: fewer rounds of the same.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
inline constexpr bool kSlowBuild = true;
#else
inline constexpr bool kSlowBuild = false;
#endif

inline std::uint64_t NumberFromEnvironment(const char* variable, std::uint64_t otherwise) {
  const char* text = std::getenv(variable);
  return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

// LETHE_SEED: what a failed run printed.
inline std::uint64_t SeedFromEnvironment(std::uint64_t otherwise) {
  return NumberFromEnvironment("LETHE_SEED", otherwise);
}

}  // namespace lethe::test

#endif  // LETHE_TESTS_SUPPORT_REPLAY_H_
