#include "server/door/names.h"

#include <algorithm>

#include "absl/strings/str_format.h"
#include "base/reason.h"
#include "base/status_macros.h"
#include "base/text/label.h"

namespace lethe::server {
namespace {

absl::Status NotAName() {
  return Refuse(Reason::kFieldInvalid, "not a resource name of the kind asked for", {}, "format");
}

// Takes `word` and the segment behind it off the front of `rest`; nullopt if something else stands
// there.
std::optional<std::string_view> TakeSegment(std::string_view word, std::string_view& rest) {
  if (!rest.starts_with(word) || rest.size() <= word.size() || rest[word.size()] != '/') {
    return std::nullopt;
  }
  rest.remove_prefix(word.size() + 1);
  const std::string_view segment = rest.substr(0, rest.find('/'));
  rest.remove_prefix(std::min(rest.size(), segment.size() + 1));
  return segment;
}

absl::StatusOr<std::string> TakeTenant(std::string_view& rest) {
  const auto tenant = TakeSegment("tenants", rest);
  if (!tenant.has_value() || !IsLabel(*tenant)) return NotAName();
  return std::string(*tenant);
}

template <typename TagType>
absl::StatusOr<TagType> TakeTag(std::string_view word, std::string_view& rest) {
  const auto text = TakeSegment(word, rest);
  if (!text.has_value()) return NotAName();
  const auto tag = TagType::Parse(*text);
  if (!tag.ok()) return NotAName();
  return *tag;
}

// A trailing slash leaves an empty rest as the end does.
bool AtEnd(std::string_view name, std::string_view rest) {
  return rest.empty() && !name.ends_with('/');
}

}  // namespace

absl::StatusOr<std::string> ParseTenantName(std::string_view name) {
  std::string_view rest = name;
  LETHE_ASSIGN(std::string tenant, TakeTenant(rest));
  if (!AtEnd(name, rest)) return NotAName();
  return tenant;
}

absl::StatusOr<SubjectName> ParseSubjectName(std::string_view name) {
  std::string_view rest = name;
  LETHE_ASSIGN(std::string tenant, TakeTenant(rest));
  LETHE_ASSIGN(const SubjectTag subject, TakeTag<SubjectTag>("subjects", rest));
  if (!AtEnd(name, rest)) return NotAName();
  return SubjectName{std::move(tenant), subject};
}

absl::StatusOr<RecordName> ParseRecordName(std::string_view name) {
  std::string_view rest = name;
  LETHE_ASSIGN(std::string tenant, TakeTenant(rest));
  LETHE_ASSIGN(const SubjectTag subject, TakeTag<SubjectTag>("subjects", rest));
  LETHE_ASSIGN(const RecordTag record, TakeTag<RecordTag>("records", rest));
  if (!AtEnd(name, rest)) return NotAName();
  return RecordName{std::move(tenant), subject, record};
}

absl::StatusOr<ErasureName> ParseErasureName(std::string_view name) {
  std::string_view rest = name;
  LETHE_ASSIGN(std::string tenant, TakeTenant(rest));
  LETHE_ASSIGN(const ReceiptTag receipt, TakeTag<ReceiptTag>("erasures", rest));
  if (!AtEnd(name, rest)) return NotAName();
  return ErasureName{std::move(tenant), receipt};
}

std::string FormatSubjectName(std::string_view tenant, const SubjectTag& subject) {
  return absl::StrFormat("tenants/%s/subjects/%s", std::string(tenant), subject.ToString());
}

std::string FormatRecordName(std::string_view tenant, const SubjectTag& subject,
                             const RecordTag& record) {
  return absl::StrFormat("tenants/%s/subjects/%s/records/%s", std::string(tenant),
                         subject.ToString(), record.ToString());
}

std::string FormatErasureName(std::string_view tenant, const ReceiptTag& receipt) {
  return absl::StrFormat("tenants/%s/erasures/%s", std::string(tenant), receipt.ToString());
}

std::optional<std::string_view> TenantOf(std::string_view name) {
  return TakeSegment("tenants", name);
}

}  // namespace lethe::server
