#include "server/door/formats.h"

#include <algorithm>
#include <cstdint>

#include "server/door/names.h"

namespace lethe::server {
namespace {

// A quoted entity tag: visible ASCII without quotes between two quotes (RFC 9110, section 8.8.3).
bool IsEtag(std::string_view text) {
  if (text.size() < 2 || text.size() > kEtagBytesMax) return false;
  if (text.front() != '"' || text.back() != '"') return false;
  return std::all_of(text.begin() + 1, text.end() - 1,
                     [](char c) { return c > 0x20 && c < 0x7f && c != '"'; });
}

// What may follow a lead byte of UTF-8: how many continuation bytes, and the range of the first.
struct Lead {
  int more;
  std::uint8_t low;
  std::uint8_t high;
};

Lead LeadOf(std::uint8_t byte) {
  if (byte < 0x80) return {0, 0, 0};
  if (byte >= 0xc2 && byte <= 0xdf) return {1, 0x80, 0xbf};
  if (byte == 0xe0) return {2, 0xa0, 0xbf};  // Below would be overlong.
  if (byte == 0xed) return {2, 0x80, 0x9f};  // Above would be a surrogate.
  if (byte >= 0xe1 && byte <= 0xef) return {2, 0x80, 0xbf};
  if (byte == 0xf0) return {3, 0x90, 0xbf};  // Below would be overlong.
  if (byte >= 0xf1 && byte <= 0xf3) return {3, 0x80, 0xbf};
  if (byte == 0xf4) return {3, 0x80, 0x8f};  // Above is no code point.
  return {-1, 0, 0};
}

}  // namespace

bool HasFormat(std::string_view text, v1::Format format) {
  switch (format) {
    case v1::FORMAT_UUID:
      return RecordTag::Parse(text).ok();  // Every kind of tag is a UUID.
    case v1::FORMAT_LABEL:
      return IsLabel(text);
    case v1::FORMAT_TENANT_NAME:
      return ParseTenantName(text).ok();
    case v1::FORMAT_SUBJECT_NAME:
      return ParseSubjectName(text).ok();
    case v1::FORMAT_RECORD_NAME:
      return ParseRecordName(text).ok();
    case v1::FORMAT_ERASURE_NAME:
      return ParseErasureName(text).ok();
    case v1::FORMAT_ETAG:
      return IsEtag(text);
    default:
      return true;
  }
}

const char* DescriptionOf(v1::Format format) {
  switch (format) {
    case v1::FORMAT_UUID:
      return "a lower-case UUID";
    case v1::FORMAT_LABEL:
      return "a label: 1 to 63 of a-z, 0-9 and inner hyphens";
    case v1::FORMAT_TENANT_NAME:
      return "a name as tenants/{label}";
    case v1::FORMAT_SUBJECT_NAME:
      return "a name as tenants/{label}/subjects/{uuid}";
    case v1::FORMAT_RECORD_NAME:
      return "a name as tenants/{label}/subjects/{uuid}/records/{uuid}";
    case v1::FORMAT_ERASURE_NAME:
      return "a name as tenants/{label}/erasures/{uuid}";
    case v1::FORMAT_ETAG:
      return "a quoted entity tag as an answer carried it";
    default:
      return "anything";
  }
}

bool IsNameFormat(v1::Format format) {
  return format == v1::FORMAT_TENANT_NAME || format == v1::FORMAT_SUBJECT_NAME ||
         format == v1::FORMAT_RECORD_NAME || format == v1::FORMAT_ERASURE_NAME;
}

bool IsUtf8(std::string_view text) {
  for (std::size_t i = 0; i < text.size();) {
    const Lead lead = LeadOf(static_cast<std::uint8_t>(text[i++]));
    if (lead.more < 0 || text.size() - i < static_cast<std::size_t>(lead.more)) return false;
    for (int k = 0; k < lead.more; ++k, ++i) {
      const auto byte = static_cast<std::uint8_t>(text[i]);
      const bool first = k == 0;
      if (byte < (first ? lead.low : 0x80) || byte > (first ? lead.high : 0xbf)) return false;
    }
  }
  return true;
}

}  // namespace lethe::server
