// Numbers as JSON writes them, of every kind that a parser treats in a way of its own.
#ifndef LETHE_TESTS_SUPPORT_NUMBERS_H_
#define LETHE_TESTS_SUPPORT_NUMBERS_H_

namespace lethe::test {

inline constexpr const char* kNumbersTaken[] = {
    "0",
    "-0",
    "-0.0",
    "1.50",
    "0.1",
    "1E+2",
    "1e-2",
    "9007199254740993",                // 2^53 + 1, which a double rounds.
    "9223372036854775807",             // The largest of 64 bits with a sign,
    "-9223372036854775809",            // and below the smallest.
    "18446744073709551616",            // 2^64.
    "123456789012345678901234567890",  // An integer for a double alone.
    "0.123456789012345678901234567890",
    "1.7976931348623157e308",  // The largest double,
    "4.9e-324",                // and the smallest.
    "1e-400",
    "-1e-400",  // Below it: zero to whoever calculates, kept as written.
};
inline constexpr const char* kNumbersBeyond[] = {
    "1e400", "-1e400", "1E+309", "1.7976931348623159e308", "[1e400]", "{\"m\":1e999999}"};
inline constexpr const char* kNoNumbers[] = {"01",  "+1",  ".5",       "1.", "1e",
                                             "0x1", "NaN", "Infinity", "-",  "1_000"};

}  // namespace lethe::test

#endif  // LETHE_TESTS_SUPPORT_NUMBERS_H_
