#include "base/yaml.h"

#include <algorithm>
#include <set>
#include <sstream>

#include "absl/strings/str_format.h"
#include "base/reason.h"
#include "base/status_macros.h"
#include "yaml-cpp/eventhandler.h"

namespace lethe {
namespace {

constexpr std::size_t kQuotedCharactersMax = 64;

absl::Status ErrorAtLine(int line, std::string_view rule, const std::string& text) {
  return Refuse(Reason::kFieldInvalid, absl::StrFormat("policy line %d: %s", line, text), "policy",
                rule);
}

// Words of the operator's own file, fit for a message: printable and short.
std::string Printable(const std::string& text) {
  std::string out = text.substr(0, kQuotedCharactersMax);
  std::ranges::replace_if(
      out, [](char c) { return c < 0x20 || c > 0x7e; }, '?');
  return out;
}

std::string Quote(const std::string& key) { return "'" + Printable(key) + "'"; }

// Follows a document without keeping it.
class NoEvents final : public YAML::EventHandler {
  using Mark = YAML::Mark;
  using Anchor = YAML::anchor_t;
  using Style = YAML::EmitterStyle::value;

 public:
  void OnDocumentStart(const Mark&) override {}
  void OnDocumentEnd() override {}
  void OnNull(const Mark&, Anchor) override {}
  void OnAlias(const Mark&, Anchor) override {}
  void OnScalar(const Mark&, const std::string&, Anchor, const std::string&) override {}
  void OnSequenceStart(const Mark&, const std::string&, Anchor, Style) override {}
  void OnSequenceEnd() override {}
  void OnMapStart(const Mark&, const std::string&, Anchor, Style) override {}
  void OnMapEnd() override {}
};

// yaml-cpp's LoadAll never ends where a document begins with a comma: it gives out empty documents
// without taking it. Looking for a second one is enough.
bool HoldsOneDocument(const std::string& text) {
  std::istringstream in(text);
  YAML::Parser parser(in);
  NoEvents none;
  return parser.HandleNextDocument(none) && !parser.HandleNextDocument(none);
}

}  // namespace

absl::Status PolicyError(const YAML::Node& at, std::string_view rule, const std::string& text) {
  return ErrorAtLine(at.Mark().line + 1, rule, text);
}

absl::StatusOr<YAML::Node> LoadYaml(const std::string& document) {
  try {
    if (!HoldsOneDocument(document)) {
      return ErrorAtLine(1, "yaml", "not exactly one YAML document");
    }
    return YAML::Load(document);
  } catch (const YAML::Exception& error) {
    // yaml-cpp quotes the file where an anchor, a tag or a character is wrong.
    return ErrorAtLine(error.mark.line + 1, "yaml", "not YAML: " + Printable(error.msg));
  }
}

absl::StatusOr<StrictMap> StrictMap::Of(const YAML::Node& node, std::string_view what,
                                        std::initializer_list<std::string_view> keys) {
  const StrictMap map(node, what);
  if (!node.IsMap()) return PolicyError(node, "kind", map.what_ + " must be a map");
  std::set<std::string> seen;
  for (const auto& entry : node) {
    if (!entry.first.IsScalar()) {
      return PolicyError(entry.first, "unknown_key", map.what_ + ": a key must be a word");
    }
    const std::string& key = entry.first.Scalar();
    if (std::ranges::find(keys, key) == keys.end()) {
      return PolicyError(entry.first, "unknown_key", map.what_ + ": unknown key " + Quote(key));
    }
    if (!seen.insert(key).second) {
      return PolicyError(entry.first, "duplicate_key", map.what_ + ": key twice: " + Quote(key));
    }
  }
  return map;
}

std::string StrictMap::Say(const char* key, std::string_view text) const {
  return what_ + "." + key + " " + std::string(text);
}

absl::StatusOr<std::string> StrictMap::Text(const char* key) const {
  LETHE_ASSIGN(std::optional<std::string> text, OptionalText(key));
  if (!text.has_value()) return PolicyError(node_, "required", Say(key, "is missing"));
  return *std::move(text);
}

absl::StatusOr<std::optional<std::string>> StrictMap::OptionalText(const char* key) const {
  if (!Has(key)) return std::optional<std::string>();
  const YAML::Node value = At(key);
  if (!value.IsScalar() || value.Scalar().empty()) {
    return PolicyError(value, "kind", Say(key, "must be a text"));
  }
  return std::optional<std::string>(value.Scalar());
}

absl::StatusOr<bool> StrictMap::Flag(const char* key, bool otherwise) const {
  if (!Has(key)) return otherwise;
  const YAML::Node value = At(key);
  if (value.IsScalar() && value.Scalar() == "true") return true;
  if (value.IsScalar() && value.Scalar() == "false") return false;
  return PolicyError(value, "kind", Say(key, "must be true or false"));
}

absl::StatusOr<std::vector<std::string>> StrictMap::Texts(const char* key) const {
  std::vector<std::string> texts;
  if (!Has(key)) return texts;
  const YAML::Node list = At(key);
  if (!list.IsSequence() || list.size() == 0) {
    return PolicyError(list, "kind", Say(key, "must be a list that is not empty"));
  }
  for (const YAML::Node& element : list) {
    if (!element.IsScalar() || element.Scalar().empty()) {
      return PolicyError(element, "kind", Say(key, "must be a list of words"));
    }
    if (std::ranges::find(texts, element.Scalar()) != texts.end()) {
      return PolicyError(element, "duplicate", Say(key, "has the same word twice"));
    }
    texts.push_back(element.Scalar());
  }
  return texts;
}

}  // namespace lethe
