// Searching files for bytes that must not be there, in every clothing they might wear.
#ifndef LETHE_TESTS_SYSTEM_NEEDLES_H_
#define LETHE_TESTS_SYSTEM_NEEDLES_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace lethe::test {

// `text` as it is, in hex of both cases, in base64 (plain and for URLs) at each of the three places
// where it may begin, and in UTF-16 of both byte orders.
std::vector<std::string> Disguises(std::string_view text);

struct Find {
  std::string file;
  std::uint64_t offset = 0;  // Of a file's name: 0.
};

struct SearchResult {
  std::vector<Find> finds;
  std::int64_t files = 0;
  std::int64_t bytes = 0;
};

// Every regular file below `folder`, its content and its name, for every needle.
SearchResult SearchFolder(const std::string& folder, const std::vector<std::string>& needles);

}  // namespace lethe::test

#endif  // LETHE_TESTS_SYSTEM_NEEDLES_H_
