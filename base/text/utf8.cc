#include "base/text/utf8.h"

#include <cstdint>

namespace lethe {
namespace {

std::uint8_t ByteAt(std::string_view text, std::size_t i) {
  return static_cast<std::uint8_t>(text[i]);
}

// What a first byte promises (RFC 3629, section 4): the bytes of its character, and the range of
// the second of them. Later ones are 0x80 to 0xbf.
struct Promise {
  std::size_t bytes;
  std::uint8_t low;
  std::uint8_t high;
};

Promise PromiseOf(std::uint8_t first) {
  if (first < 0x80) return {1, 0, 0};
  if (first < 0xc2) return {0, 0, 0};  // Continues a character, or is overlong.
  if (first < 0xe0) return {2, 0x80, 0xbf};
  if (first == 0xe0) return {3, 0xa0, 0xbf};  // Below would be overlong.
  if (first == 0xed) return {3, 0x80, 0x9f};  // Above would be a surrogate.
  if (first < 0xf0) return {3, 0x80, 0xbf};
  if (first == 0xf0) return {4, 0x90, 0xbf};  // Below would be overlong.
  if (first < 0xf4) return {4, 0x80, 0xbf};
  if (first == 0xf4) return {4, 0x80, 0x8f};  // Above is no code point.
  return {0, 0, 0};
}

bool Continues(std::uint8_t byte) { return byte >= 0x80 && byte <= 0xbf; }

}  // namespace

bool IsUtf8(std::string_view text) {
  while (!text.empty()) {
    const std::size_t bytes = Utf8CharacterBytes(text);
    if (bytes == 0) return false;
    text.remove_prefix(bytes);
  }
  return true;
}

std::size_t Utf8CharacterBytes(std::string_view text) {
  if (text.empty()) return 0;
  const Promise promise = PromiseOf(ByteAt(text, 0));
  if (promise.bytes > text.size()) return 0;
  if (promise.bytes < 2) return promise.bytes;
  if (ByteAt(text, 1) < promise.low || ByteAt(text, 1) > promise.high) return 0;
  for (std::size_t i = 2; i < promise.bytes; ++i) {
    if (!Continues(ByteAt(text, i))) return 0;
  }
  return promise.bytes;
}

bool IsControlCharacter(std::string_view character) {
  const std::uint8_t first = ByteAt(character, 0);
  if (character.size() == 1) return first < 0x20 || first == 0x7f;
  return first == 0xc2 && ByteAt(character, 1) < 0xa0;
}

std::string_view CutUtf8(std::string_view text, std::size_t bytes_max) {
  if (text.size() <= bytes_max) return text;
  std::size_t end = bytes_max;
  while (end > 0 && Continues(ByteAt(text, end))) --end;
  return text.substr(0, end);
}

}  // namespace lethe
