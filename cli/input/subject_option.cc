#include "cli/input/subject_option.h"

#include "base/ids.h"
#include "base/status_macros.h"
#include "cli/input/input.h"
#include "cli/input/json_object.h"
#include "cli/output/failure.h"

namespace lethe::cli {
namespace {

// An identifier has 320 bytes at most; JSON may need six for each.
constexpr std::size_t kIdentifierFileBytesMax = 4096;

absl::Status NoIdentifier() {
  return Usage("an identifier is one JSON object {\"type\": \"…\", \"value\": \"…\"}");
}

}  // namespace

void BindIdentifier(CLI::App& verb, IdentifierOption& option) {
  auto* file = verb.add_option("--identifier-file", option.file,
                               R"(FILE or - with {"type": "...", "value": "..."})");
  auto* type = verb.add_option("--type", option.type, "Type of the identifier in --value-file");
  auto* value =
      verb.add_option("--value-file", option.value_file, "FILE or - with the bare identifier");
  type->needs(value);
  value->needs(type);
  file->excludes(value);
}

void BindSubject(CLI::App& verb, SubjectOption& option) {
  verb.add_option("SUBJECT", option.name, "Name (tenants/T/subjects/UUID) or UUID");
  BindIdentifier(verb, option.identifier);
}

absl::StatusOr<v1::Identifier> IdentifierFromJson(std::string_view json) {
  const auto members = MembersOf(json);
  if (!members.ok() || members->size() != 2 || !members->contains("type") ||
      !members->contains("value")) {
    return NoIdentifier();
  }
  const auto type = StringOf(members->at("type"));
  const auto value = StringOf(members->at("value"));
  if (!type.ok() || !value.ok()) return NoIdentifier();
  v1::Identifier identifier;
  identifier.set_type(*type);
  identifier.set_value(*value);
  return identifier;
}

absl::StatusOr<v1::Identifier> ReadIdentifier(Console& console, const IdentifierOption& option) {
  if (!option.file.empty()) {
    LETHE_ASSIGN(const std::string json, ReadInput(console, option.file, kIdentifierFileBytesMax));
    return IdentifierFromJson(json);
  }
  LETHE_ASSIGN(std::string value, ReadInput(console, option.value_file, kIdentifierFileBytesMax));
  if (value.ends_with("\n")) value.pop_back();
  if (value.ends_with("\r")) value.pop_back();
  v1::Identifier identifier;
  identifier.set_type(option.type);
  identifier.set_value(std::move(value));
  return identifier;
}

absl::StatusOr<std::string> SubjectNameFrom(const std::string& text,
                                            const std::string& tenant_name) {
  if (SubjectTag::Parse(text).ok()) return tenant_name + "/subjects/" + text;
  const std::size_t uuid = text.rfind('/') + 1;
  if (text.starts_with("tenants/") && text.find("/subjects/") != text.npos &&
      SubjectTag::Parse(text.substr(uuid)).ok()) {
    return text;
  }
  return Usage(
      "SUBJECT is a name (tenants/T/subjects/UUID) or a UUID; an identifier comes from "
      "--identifier-file");
}

absl::StatusOr<v1::SubjectRef> ReadSubject(Console& console, const SubjectOption& option,
                                           const std::string& tenant_name) {
  if (option.name.empty() != option.identifier.given()) {
    return Usage("name one subject: SUBJECT, or --identifier-file, or --type with --value-file");
  }
  v1::SubjectRef subject;
  if (!option.name.empty()) {
    LETHE_ASSIGN(*subject.mutable_name(), SubjectNameFrom(option.name, tenant_name));
    return subject;
  }
  LETHE_ASSIGN(const v1::Identifier identifier, ReadIdentifier(console, option.identifier));
  subject.mutable_identifier()->set_parent(tenant_name);
  subject.mutable_identifier()->set_type(identifier.type());
  subject.mutable_identifier()->set_value(identifier.value());
  return subject;
}

}  // namespace lethe::cli
