#include "cli/input/record_document.h"

#include <array>
#include <functional>

#include "absl/strings/escaping.h"
#include "cli/input/time_text.h"

namespace lethe::cli {
namespace {

using Problem = std::optional<std::string>;  // The rule that is broken.

Problem ReadText(std::string_view json, std::string& out) {
  auto text = StringOf(json);
  if (!text.ok()) return "must be a string";
  out = *std::move(text);
  return std::nullopt;
}

Problem ReadData(std::string_view json, v1::Record& record) {
  if (json.front() != '{') return "must be an object";
  record.set_data(json.data(), json.size());
  return std::nullopt;
}

Problem ReadTextData(std::string_view json, v1::Record& record) {
  if (record.media_type().empty()) record.set_media_type("text/plain");
  return ReadText(json, *record.mutable_data());
}

Problem ReadBase64(std::string_view json, v1::Record& record) {
  std::string text;
  if (auto problem = ReadText(json, text); problem.has_value()) return problem;
  if (!absl::Base64Unescape(text, record.mutable_data())) return "must be base64";
  return std::nullopt;
}

Problem ReadSource(std::string_view json, v1::Record& record) {
  const auto text = StringOf(json);
  const auto source = text.ok() ? kSources.find(*text) : kSources.end();
  if (source == kSources.end()) return "must be provided, observed, derived or third-party";
  record.set_source(source->second);
  return std::nullopt;
}

Problem ReadOriginTime(std::string_view json, v1::Record& record) {
  const auto text = StringOf(json);
  const auto time = text.ok() ? TimestampFrom(*text) : text.status();
  if (!time.ok()) return "must be an RFC 3339 time";
  *record.mutable_origin_time() = *time;
  return std::nullopt;
}

struct Member {
  const char* name;
  Problem (*read)(std::string_view json, v1::Record& record);
  bool is_content = false;
};

// media_type comes first: "text" has one of its own only where none is given.
constexpr std::array<Member, 8> kMembers = {{
    {"media_type", [](std::string_view json,
                      v1::Record& record) { return ReadText(json, *record.mutable_media_type()); }},
    {"category", [](std::string_view json,
                    v1::Record& record) { return ReadText(json, *record.mutable_category()); }},
    {"data", ReadData, true},
    {"text", ReadTextData, true},
    {"data_base64", ReadBase64, true},
    {"source", ReadSource},
    {"source_detail",
     [](std::string_view json, v1::Record& record) {
       return ReadText(json, *record.mutable_source_detail());
     }},
    {"origin_time", ReadOriginTime},
}};

}  // namespace

std::optional<Fault> ReadRecord(const JsonMembers& members, v1::Record& record) {
  std::size_t known = 0;
  int contents = 0;
  for (const Member& member : kMembers) {
    const auto found = members.find(member.name);
    if (found == members.end()) continue;
    ++known;
    if (member.is_content && ++contents > 1) {
      return Fault{member.name, "only one of data, text, data_base64"};
    }
    if (const auto problem = member.read(found->second, record); problem.has_value()) {
      return Fault{member.name, *problem};
    }
  }
  // The unknown member is not named: in broken data it might be anything.
  if (known != members.size()) return Fault{"record", "unknown member"};
  return std::nullopt;
}

}  // namespace lethe::cli
