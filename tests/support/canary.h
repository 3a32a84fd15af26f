// The mark in every personal value that a test gives to a server. Whatever servers leave behind is
// searched for it at the end of the run (tests/system/evidence_main.cc).
#ifndef LETHE_TESTS_SUPPORT_CANARY_H_
#define LETHE_TESTS_SUPPORT_CANARY_H_

namespace lethe::test {

// It occurs nowhere else, and has no byte that JSON would escape.
inline constexpr char kCanary[] = "Zq7vCanaryXk29";

}  // namespace lethe::test

#endif  // LETHE_TESTS_SUPPORT_CANARY_H_
