#include "base/bytes.h"

#include <sodium.h>

namespace lethe {

std::string ToHex(Bytes bytes) {
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string text;
  text.reserve(bytes.size() * 2);
  for (const std::uint8_t byte : bytes) {
    text.push_back(kDigits[byte >> 4]);
    text.push_back(kDigits[byte & 0x0f]);
  }
  return text;
}

void Wipe(MutableBytes bytes) { sodium_memzero(bytes.data(), bytes.size()); }

bool ConstantTimeEquals(Bytes a, Bytes b) {
  if (a.size() != b.size()) return false;
  return sodium_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace lethe
