// How lethed ends, as its --help documents it. Tests have the numbers from there, not from its
// source: they are a promise.
#ifndef LETHE_TESTS_SYSTEM_EXIT_CODES_H_
#define LETHE_TESTS_SYSTEM_EXIT_CODES_H_

namespace lethe::test {

inline constexpr int kExitBadConfig = 1;
inline constexpr int kExitNoVault = 2;
inline constexpr int kExitCannotListen = 3;  // Also where the port file cannot be written.
inline constexpr int kExitSealed = 4;
inline constexpr int kExitDeaf = 5;
inline constexpr int kExitMemoryFull = 6;

}  // namespace lethe::test

#endif  // LETHE_TESTS_SYSTEM_EXIT_CODES_H_
