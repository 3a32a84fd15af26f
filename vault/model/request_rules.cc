#include "vault/model/request_rules.h"

#include <algorithm>

#include "base/reason.h"
#include "base/status_macros.h"
#include "base/text/label.h"
#include "base/text/utf8.h"
#include "vault/model/json_check.h"
#include "vault/model/limits.h"

namespace lethe::vault {
namespace {

constexpr std::string_view kJson = "application/json";

bool IsLower(char c) { return c >= 'a' && c <= 'z'; }
bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsControl(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }

absl::Status Required(std::string_view field) {
  return Refuse(Reason::kFieldRequired, "a required field is missing", field, "required");
}

absl::Status CheckLabel(std::string_view text, std::string_view field) {
  if (text.empty()) return Required(field);
  if (!IsLabel(text)) return InvalidField(field, "label");
  return absl::OkStatus();
}

bool IsMediaTypeByte(char c) {
  return IsDigit(c) || IsLower(c) || (c >= 'A' && c <= 'Z') ||
         std::string_view("!#$&^_.+-/; =").find(c) != std::string_view::npos;
}

// type/subtype with parameters; the details are the caller's business, the alphabet is ours.
absl::Status CheckMediaType(std::string_view text) {
  if (text.size() > limits::kMediaTypeBytesMax) {
    return InvalidField("record.media_type", "max_bytes");
  }
  const std::string_view essence = text.substr(0, text.find(';'));
  const std::size_t slash = essence.find('/');
  const bool shaped = slash != std::string_view::npos && slash > 0 && slash + 1 < essence.size() &&
                      essence.find('/', slash + 1) == std::string_view::npos;
  if (!shaped || !std::ranges::all_of(text, IsMediaTypeByte)) {
    return InvalidField("record.media_type", "media_type");
  }
  return absl::OkStatus();
}

absl::Status CheckSourceDetail(std::string_view text) {
  if (text.size() > limits::kSourceDetailBytesMax) {
    return InvalidField("record.source_detail", "max_bytes");
  }
  return IsUtf8(text) ? absl::OkStatus() : InvalidField("record.source_detail", "utf8");
}

absl::Status CheckData(std::string_view data) {
  if (data.empty()) return Required("record.data");
  if (data.size() > limits::kRecordBytesMax) return InvalidField("record.data", "max_bytes");
  return absl::OkStatus();
}

absl::Status CheckSource(Source source) {
  return IsKnown(source) ? absl::OkStatus() : InvalidField("record.source", "enum");
}

}  // namespace

absl::Status InvalidField(std::string_view field, std::string_view rule) {
  return Refuse(Reason::kFieldInvalid, "a field breaks its rule", field, rule);
}

absl::Status CheckCaller(const Caller& caller, bool needs_request_id) {
  LETHE_TRY(CheckLabel(caller.tenant, "tenant"));
  LETHE_TRY(CheckLabel(caller.purpose, "purpose"));
  if (!needs_request_id) return absl::OkStatus();
  if (caller.request_id.empty()) return Required("request_id");
  return RowTag::Parse(caller.request_id).ok() ? absl::OkStatus()
                                               : InvalidField("request_id", "uuid");
}

absl::Status CheckIdentifier(const Identifier& identifier, const std::string& field) {
  const std::string& value = identifier.value;
  if (identifier.type.empty()) return Required(field + ".type");
  if (!IsIdentifierType(identifier.type)) return InvalidField(field + ".type", "identifier_type");
  if (value.empty()) return Required(field + ".value");
  if (value.size() > limits::kIdentifierBytesMax) {
    return InvalidField(field + ".value", "max_bytes");
  }
  if (!IsUtf8(value)) return InvalidField(field + ".value", "utf8");
  if (std::ranges::any_of(value, IsControl)) return InvalidField(field + ".value", "no_control");
  // A blank at an end is a copying mistake, and would make one person two.
  if (value.front() == ' ' || value.back() == ' ') return InvalidField(field + ".value", "trimmed");
  return absl::OkStatus();
}

absl::Status CheckIdentifiers(std::span<const Identifier> identifiers, const std::string& field) {
  if (identifiers.size() > limits::kIdentifiersMax) return InvalidField(field, "max_items");
  for (std::size_t i = 0; i < identifiers.size(); ++i) {
    LETHE_TRY(CheckIdentifier(identifiers[i], field + "[" + std::to_string(i) + "]"));
    for (std::size_t k = 0; k < i; ++k) {
      if (identifiers[k].type == identifiers[i].type &&
          identifiers[k].value == identifiers[i].value) {
        return InvalidField(field, "unique");
      }
    }
  }
  return absl::OkStatus();
}

absl::Status CheckSubjectRef(const SubjectRef& subject) {
  if (const auto* identifier = std::get_if<Identifier>(&subject)) {
    return CheckIdentifier(*identifier, "subject.identifier");
  }
  return std::get<SubjectTag>(subject).is_none() ? Required("subject.name") : absl::OkStatus();
}

absl::Status CheckNewRecord(const NewRecord& record, absl::Time now) {
  LETHE_TRY(CheckLabel(record.category, "record.category"));
  LETHE_TRY(CheckData(record.data));
  LETHE_TRY(CheckSource(record.source));
  LETHE_TRY(CheckSourceDetail(record.source_detail));
  if (record.origin_time.has_value() && *record.origin_time > now + kOriginAheadMax) {
    return InvalidField("record.origin_time", "not_in_future");
  }
  // Before 1900 nobody's data came to be; it is a unit mistake, and calendars get strange.
  if (record.origin_time.has_value() &&
      *record.origin_time < absl::FromUnixSeconds(-2'208'988'800)) {
    return InvalidField("record.origin_time", "not_before_1900");
  }
  return CheckBody(record.data, record.media_type);
}

absl::Status CheckPatch(const RecordPatch& patch) {
  if (patch.data) LETHE_TRY(CheckData(*patch.data));
  if (patch.source) LETHE_TRY(CheckSource(*patch.source));
  if (patch.source_detail) LETHE_TRY(CheckSourceDetail(*patch.source_detail));
  return absl::OkStatus();
}

absl::Status CheckBody(std::string_view data, std::string_view media_type) {
  if (!media_type.empty()) LETHE_TRY(CheckMediaType(media_type));
  const std::string_view essence = media_type.substr(0, media_type.find(';'));
  return media_type.empty() || essence == kJson ? CheckJsonObject(data) : absl::OkStatus();
}

absl::Status CheckPage(const PageRequest& page) {
  return page.size < 0 ? InvalidField("page_size", "min") : absl::OkStatus();
}

}  // namespace lethe::vault
