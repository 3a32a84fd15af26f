// A SecretSearch looks for many secrets at once in many bytes: one pass, whatever their number.
#ifndef LETHE_TESTS_SUPPORT_SECRET_SEARCH_H_
#define LETHE_TESTS_SUPPORT_SECRET_SEARCH_H_

#include <cstdint>
#include <map>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace lethe::test {

class SecretSearch {
 public:
  // Each at least kShortestBytes long.
  explicit SecretSearch(std::span<const std::string> secrets);

  // Those that stand in `bytes`, whole.
  std::set<std::string> In(std::string_view bytes) const;

  static constexpr std::size_t kShortestBytes = 8;

 private:
  static std::size_t BitOf(std::uint64_t start);

  std::multimap<std::uint64_t, std::string> by_start_;  // By their first eight bytes.
  std::vector<bool> may_start_;  // Most places in `bytes` are dismissed by one look here.
};

}  // namespace lethe::test

#endif  // LETHE_TESTS_SUPPORT_SECRET_SEARCH_H_
