// "--name N" and "--flag" on a benchmark's command line.
#ifndef LETHE_BENCH_SUPPORT_ARGUMENTS_H_
#define LETHE_BENCH_SUPPORT_ARGUMENTS_H_

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string_view>

namespace lethe::bench {

// The positive number behind `name`, or `usual`. The process ends where it is none.
inline std::int64_t NumberArgument(int argc, char** argv, std::string_view name,
                                   std::int64_t usual) {
  for (int i = 1; i < argc; ++i) {
    if (argv[i] != name) continue;
    const long long number = i + 1 < argc ? std::atoll(argv[i + 1]) : 0;
    if (number > 0) return number;
    std::fprintf(stderr, "%s needs a number\n", argv[i]);
    std::exit(2);
  }
  return usual;
}

inline bool FlagArgument(int argc, char** argv, std::string_view name) {
  for (int i = 1; i < argc; ++i) {
    if (argv[i] == name) return true;
  }
  return false;
}

// What the process ends with. --no-bar: a short run to see that it runs, whose figures mean
// nothing.
inline int Verdict(int argc, char** argv, bool all_met) {
  return all_met || FlagArgument(argc, argv, "--no-bar") ? 0 : 1;
}

}  // namespace lethe::bench

#endif  // LETHE_BENCH_SUPPORT_ARGUMENTS_H_
