#include "base/ids.h"

#include <algorithm>

#include "base/check.h"
#include "base/reason.h"

namespace lethe {
namespace {

constexpr std::size_t kUuidChars = 36;

constexpr bool IsDashAt(std::size_t position) {
  return position == 8 || position == 13 || position == 18 || position == 23;
}

// -1 unless `c` is a lower-case hexadecimal digit.
constexpr int HexValue(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return -1;
}

// False unless `text` is 8-4-4-4-12 lower-case hexadecimal digits.
bool ParseUuid(std::string_view text, MutableBytes out) {
  if (text.size() != kUuidChars) return false;
  std::size_t nibbles = 0;
  for (std::size_t i = 0; i < kUuidChars; ++i) {
    if (IsDashAt(i)) {
      if (text[i] != '-') return false;
      continue;
    }
    const int value = HexValue(text[i]);
    if (value < 0) return false;
    out[nibbles / 2] = static_cast<std::uint8_t>(out[nibbles / 2] << 4 | value);
    ++nibbles;
  }
  return true;
}

}  // namespace

template <typename Kind>
Tag<Kind> Tag<Kind>::Draw(Random& random) {
  Tag tag;
  random.Fill(tag.bytes_);
  tag.bytes_[6] = (tag.bytes_[6] & 0x0f) | 0x40;  // RFC 4122, section 4.4: version 4,
  tag.bytes_[8] = (tag.bytes_[8] & 0x3f) | 0x80;  // variant 1.
  return tag;
}

template <typename Kind>
absl::StatusOr<Tag<Kind>> Tag<Kind>::Parse(std::string_view text) {
  Tag tag;
  if (!ParseUuid(text, tag.bytes_)) {
    return Refuse(Reason::kFieldInvalid, "not a lower-case UUID", {}, "uuid");
  }
  return tag;
}

template <typename Kind>
Tag<Kind> Tag<Kind>::FromBytes(Bytes bytes) {
  LETHE_CHECK(bytes.size() == kBytes);
  Tag tag;
  std::copy(bytes.begin(), bytes.end(), tag.bytes_.begin());
  return tag;
}

template <typename Kind>
std::string Tag<Kind>::ToString() const {
  std::string text = ToHex(bytes_);
  for (const std::size_t dash : {8, 13, 18, 23}) text.insert(dash, 1, '-');
  return text;
}

template class Tag<VaultIdKind>;
template class Tag<SubjectKind>;
template class Tag<RecordKind>;
template class Tag<ActKind>;
template class Tag<RowKind>;
template class Tag<ReceiptKind>;
template class Tag<TenantKind>;

}  // namespace lethe
