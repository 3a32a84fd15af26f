// What callers know a person by: a type, a line break, a value. UTF-8 is judged by a second
// implementation, the JSON writer's.
#include "base/text/utf8.h"
#include "nlohmann/json.hpp"
#include "tests/fuzz/fuzz_target.h"
#include "vault/model/limits.h"
#include "vault/model/request_rules.h"

namespace lethe::fuzz {
namespace {

bool CanBePrinted(const std::string& text) {
  try {
    return !nlohmann::json(text).dump().empty();
  } catch (const nlohmann::json::type_error&) {
    return false;
  }
}

}  // namespace

LETHE_FUZZ_TARGET(identifier) {
  const std::string text(AsText(input));
  LETHE_CHECK(IsUtf8(text) == CanBePrinted(text));
  const std::size_t cut = std::min(text.find('\n'), text.size());
  const vault::Identifier identifier{text.substr(0, cut),
                                     text.substr(std::min(cut + 1, text.size()))};
  const absl::Status status = vault::CheckIdentifier(identifier, "identifier");
  if (!status.ok()) {
    LETHE_CHECK(FieldOf(status).starts_with("identifier.") && !RuleOf(status).empty());
    return Refused(status);
  }
  // A second look at the same rules, in other words.
  static constexpr char kTypeBytes[] = "abcdefghijklmnopqrstuvwxyz0123456789_";
  LETHE_CHECK(identifier.type.find_first_not_of(kTypeBytes) == std::string::npos);
  LETHE_CHECK(identifier.type.size() <= vault::limits::kIdentifierTypeBytesMax);
  LETHE_CHECK(identifier.value.size() <= vault::limits::kIdentifierBytesMax);
  LETHE_CHECK(CanBePrinted(identifier.value));
  for (const char c : identifier.value) LETHE_CHECK(c < 0 || (c >= 0x20 && c != 0x7f));
  const std::vector<vault::Identifier> twice = {identifier, identifier};
  LETHE_CHECK(RuleOf(vault::CheckIdentifiers(twice, "identifiers")) == "unique");
  return true;
}

}  // namespace lethe::fuzz
