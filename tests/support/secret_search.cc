#include "tests/support/secret_search.h"

#include <cstring>

#include "base/check.h"

namespace lethe::test {
namespace {

// A few thousand secrets set about one bit in a thousand.
constexpr std::size_t kBits = std::size_t{1} << 22;

std::uint64_t StartOf(const char* bytes) {
  std::uint64_t start;
  std::memcpy(&start, bytes, sizeof(start));
  return start;
}

}  // namespace

std::size_t SecretSearch::BitOf(std::uint64_t start) {
  return (start * 0x9e3779b97f4a7c15u) >> 42;  // Fibonacci hashing: the upper 22 bits.
}

SecretSearch::SecretSearch(std::span<const std::string> secrets) : may_start_(kBits) {
  for (const std::string& secret : secrets) {
    LETHE_CHECK(secret.size() >= kShortestBytes);
    const std::uint64_t start = StartOf(secret.data());
    by_start_.emplace(start, secret);
    may_start_[BitOf(start)] = true;
  }
}

std::set<std::string> SecretSearch::In(std::string_view bytes) const {
  std::set<std::string> found;
  for (std::size_t at = 0; at + kShortestBytes <= bytes.size(); ++at) {
    const std::uint64_t start = StartOf(bytes.data() + at);
    if (!may_start_[BitOf(start)]) continue;
    const auto [begin, end] = by_start_.equal_range(start);
    for (auto secret = begin; secret != end; ++secret) {
      if (bytes.substr(at).starts_with(secret->second)) found.insert(secret->second);
    }
  }
  return found;
}

}  // namespace lethe::test
