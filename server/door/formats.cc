#include "server/door/formats.h"

#include <algorithm>

#include "base/text/label.h"
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

}  // namespace lethe::server
