// A record's body, as callers and lines of an import send it. The parser that built no document is
// held against the one that does.
#include "nlohmann/json.hpp"
#include "tests/fuzz/fuzz_target.h"
#include "vault/model/json_check.h"
#include "vault/model/limits.h"

namespace lethe::fuzz {
namespace {

using nlohmann::json;

std::size_t DepthOf(const json& value) {
  if (!value.is_structured()) return 0;
  std::size_t deepest = 0;
  for (const json& child : value) deepest = std::max(deepest, DepthOf(child));
  return deepest + 1;
}

// Of all objects in `text`; what a duplicate hides does not count in the document.
std::size_t KeysIn(const std::string& text) {
  std::size_t keys = 0;
  const auto count = [&](int, json::parse_event_t event, json&) {
    keys += event == json::parse_event_t::key ? 1 : 0;
    return true;
  };
  const json ignored = json::parse(text, count, false);
  return keys;
}

std::size_t KeysOf(const json& value) {
  std::size_t keys = value.is_object() ? value.size() : 0;
  for (const json& child : value) keys += child.is_structured() ? KeysOf(child) : 0;
  return keys;
}

}  // namespace

LETHE_FUZZ_TARGET(json_body) {
  const std::string text(AsText(input));
  const absl::Status status = vault::CheckJsonObject(text);
  const json document = json::parse(text, nullptr, false);
  if (status.ok()) {
    LETHE_CHECK(document.is_object());
    LETHE_CHECK(DepthOf(document) <= vault::limits::kJsonDepthMax);
    LETHE_CHECK(KeysOf(document) == KeysIn(text));
    LETHE_CHECK(vault::CheckJsonObject(document.dump()).ok());
    return true;
  }
  LETHE_CHECK(FieldOf(status) == "record.data");
  const std::string rule = RuleOf(status);
  // The first fault is named, and a text may be broken behind it.
  if (rule == "json" || rule == "number_range") LETHE_CHECK(document.is_discarded());
  if (rule != "json" && rule != "number_range" && !document.is_discarded()) {
    const bool deep = document.is_object() && DepthOf(document) > vault::limits::kJsonDepthMax;
    const bool twice = document.is_object() && KeysOf(document) < KeysIn(text);
    LETHE_CHECK(!document.is_object() || deep || twice);
    LETHE_CHECK((rule == "json_object") == !document.is_object());
  }
  return Refused(status);
}

}  // namespace lethe::fuzz
