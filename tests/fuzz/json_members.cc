// The lines of an import file: cut apart without losing a byte of what goes into the vault.
#include <sstream>

#include "cli/import/line_reader.h"
#include "cli/input/json_object.h"
#include "nlohmann/json.hpp"
#include "tests/fuzz/fuzz_target.h"

namespace lethe::fuzz {
namespace {

using nlohmann::json;

bool LiesIn(std::string_view part, std::string_view whole) {
  return !part.empty() && part.data() >= whole.data() &&
         part.data() + part.size() <= whole.data() + whole.size();
}

bool HasKeyTwice(const std::string& text, const json& document) {
  std::size_t keys = 0;
  const auto count = [&](int depth, json::parse_event_t event, json&) {
    keys += depth == 1 && event == json::parse_event_t::key ? 1 : 0;
    return true;
  };
  const json ignored = json::parse(text, count, false);
  return keys > document.size();
}

void CheckMembers(const std::string& text, const json& document) {
  const auto members = cli::MembersOf(text);
  LETHE_CHECK(members.ok() == (document.is_object() && !HasKeyTwice(text, document)));
  if (!members.ok()) return;
  LETHE_CHECK(members->size() == document.size());
  for (const auto& [key, value] : *members) {
    LETHE_CHECK(LiesIn(value, text));
    LETHE_CHECK(json::parse(value) == document.at(key));
    LETHE_CHECK(cli::StringOf(value).ok() == document.at(key).is_string());
  }
}

void CheckElements(const std::string& text, const json& document) {
  const auto elements = cli::ElementsOf(text);
  LETHE_CHECK(elements.ok() == document.is_array());
  if (!elements.ok()) return;
  LETHE_CHECK(elements->size() == document.size());
  for (std::size_t i = 0; i < elements->size(); ++i) {
    LETHE_CHECK(LiesIn((*elements)[i], text));
    LETHE_CHECK(json::parse((*elements)[i]) == document.at(i));
  }
}

}  // namespace

LETHE_FUZZ_TARGET(json_members) {
  std::istringstream file{std::string(AsText(input))};
  cli::LineReader lines(file);
  cli::Line line;
  std::size_t bytes = 0;
  bool any = false;
  while (lines.Next(line)) {
    LETHE_CHECK(line.text.find('\n') == std::string::npos);
    bytes += line.text.size();
    const json document = json::parse(line.text, nullptr, false);
    CheckMembers(line.text, document);
    CheckElements(line.text, document);
    any = any || document.is_object();
  }
  LETHE_CHECK(bytes <= input.size());
  return any;
}

}  // namespace lethe::fuzz
