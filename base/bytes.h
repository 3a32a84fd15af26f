// Views of bytes. std::string carries owned bytes; no interface of ours takes absl::string_view,
// which on Debian 12 is not std::string_view.
#ifndef LETHE_BASE_BYTES_H_
#define LETHE_BASE_BYTES_H_

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace lethe {

using Bytes = std::span<const std::uint8_t>;
using MutableBytes = std::span<std::uint8_t>;

inline Bytes AsBytes(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}
inline MutableBytes AsMutableBytes(std::string& text) {
  return {reinterpret_cast<std::uint8_t*>(text.data()), text.size()};
}
inline std::string_view AsText(Bytes bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

// Exactly `size` bytes as an array (a digest, a key); nullopt where there are more or fewer.
template <std::size_t size>
std::optional<std::array<std::uint8_t, size>> ArrayFrom(Bytes bytes) {
  if (bytes.size() != size) return std::nullopt;
  std::array<std::uint8_t, size> array;
  std::copy(bytes.begin(), bytes.end(), array.begin());
  return array;
}

// Lower-case hexadecimal, two characters a byte.
std::string ToHex(Bytes bytes);

// Overwrites memory in a way the compiler may not remove (sodium_memzero).
void Wipe(MutableBytes bytes);
inline void Wipe(std::string& text) { Wipe(AsMutableBytes(text)); }

// Compares without a branch on the contents; sizes are public.
bool ConstantTimeEquals(Bytes a, Bytes b);

}  // namespace lethe

#endif  // LETHE_BASE_BYTES_H_
