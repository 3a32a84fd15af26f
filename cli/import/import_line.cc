#include "cli/import/import_line.h"

#include "cli/input/subject_option.h"

namespace lethe::cli {
namespace {

std::optional<Fault> ReadIdentifiers(std::string_view json, const std::string& tenant_name,
                                     v1::ImportItem& item) {
  const auto elements = ElementsOf(json);
  if (!elements.ok() || elements->empty()) {
    return Fault{"subject.identifiers", "must be an array of at least one"};
  }
  for (const std::string_view element : *elements) {
    const auto identifier = IdentifierFromJson(element);
    if (!identifier.ok()) {
      return Fault{"subject.identifiers", "each must be {\"type\": …, \"value\": …}"};
    }
    if (!item.subject().has_identifier()) {
      v1::IdentifierRef& first = *item.mutable_subject()->mutable_identifier();
      first.set_parent(tenant_name);
      first.set_type(identifier->type());
      first.set_value(identifier->value());
    } else {
      *item.add_identifiers() = *identifier;
    }
  }
  return std::nullopt;
}

std::optional<Fault> ReadImportSubject(std::string_view json, const std::string& tenant_name,
                                       v1::ImportItem& item) {
  const auto members = MembersOf(json);
  if (!members.ok()) return Fault{"subject", std::string(members.status().message())};
  if (members->size() != 1) return Fault{"subject", "needs identifiers or name, and nothing else"};
  if (const auto it = members->find("identifiers"); it != members->end()) {
    return ReadIdentifiers(it->second, tenant_name, item);
  }
  const auto it = members->find("name");
  const auto name = it == members->end() ? absl::NotFoundError("") : StringOf(it->second);
  if (!name.ok()) return Fault{"subject", "needs identifiers or name, and nothing else"};
  item.mutable_subject()->set_name(*name);
  return std::nullopt;
}

}  // namespace

std::optional<Fault> ReadImportLine(const Line& line, const std::string& tenant_name,
                                    v1::ImportItem& item) {
  if (line.too_long) return Fault{"line", "longer than 7 MiB"};
  auto members = MembersOf(line.text);
  if (!members.ok()) {
    if (!line.ended) return Fault{"line", "cut short: the file ends within it"};
    return Fault{"line", std::string(members.status().message())};
  }
  item.set_line(line.number);
  const auto subject = members->find("subject");
  if (subject == members->end()) return Fault{"subject", "required"};
  if (auto fault = ReadImportSubject(subject->second, tenant_name, item); fault.has_value()) {
    return fault;
  }
  members->erase(subject);
  return ReadRecord(*members, *item.mutable_record());
}

}  // namespace lethe::cli
