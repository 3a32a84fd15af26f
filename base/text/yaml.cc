#include "base/text/yaml.h"

#include <algorithm>
#include <memory>
#include <sstream>
#include <utility>

#include "absl/strings/str_format.h"
#include "base/status_macros.h"
#include "base/text/utf8.h"
#include "base/text/yaml_tree.h"
#include "yaml-cpp/eventhandler.h"
#include "yaml-cpp/yaml.h"

namespace lethe {
namespace {

using Kind = YamlNode::Kind;

constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";

// How many bytes of `text` come before the first that YAML does not allow (YAML 1.2, section 5.1).
// A carriage return alone is among these, since only some readers take it for the end of a line.
std::size_t CleanBytes(std::string_view text) {
  std::size_t clean = 0;
  while (clean < text.size()) {
    const std::string_view rest = text.substr(clean);
    const std::string_view character = rest.substr(0, Utf8CharacterBytes(rest));
    if (character.empty()) break;
    const bool space = character == "\t" || character == "\n" || rest.starts_with("\r\n");
    if (IsControlCharacter(character) && !space) break;
    clean += character.size();
  }
  return clean;
}

// What can be said of a text before anybody looks for YAML in it. `at` is its beginning.
absl::Status CheckBytes(std::string_view text, YamlNode at) {
  if (text.size() > kYamlBytesMax) {
    return at.Error("size", "larger than 1 MiB, which no file of this kind is");
  }
  const std::size_t clean = CleanBytes(text);
  if (clean == text.size()) return absl::OkStatus();
  const std::string_view before = text.substr(0, clean);
  at.line += static_cast<int>(std::ranges::count(before, '\n'));
  at.column += static_cast<int>(clean - (before.rfind('\n') + 1));
  if (Utf8CharacterBytes(text.substr(clean)) == 0) {
    return at.Error("utf8", "not UTF-8: save the file in this encoding");
  }
  return at.Error("no_control", "a control character: take it out");
}

// Hands on to the tree what yaml-cpp finds, but for what only makes YAML hard to read.
class Events final : public YAML::EventHandler {
  using Mark = YAML::Mark;
  using Anchor = YAML::anchor_t;
  using Style = YAML::EmitterStyle::value;

 public:
  // `start` is where `text` begins.
  Events(std::string_view text, const YamlNode& start)
      : text_(text), source_(start.source), tree_(start) {}

  void OnDocumentStart(const Mark& mark) override {
    if (++documents_ > 1) Fault(mark, "yaml", "a second document: keep one to a file");
  }
  void OnDocumentEnd() override {}
  void OnNull(const Mark& mark, Anchor anchor) override {
    tree_.Add(NodeAt(mark, Kind::kNothing, "", anchor));
  }
  void OnAlias(const Mark& mark, Anchor) override {
    Fault(mark, "no_alias", "an alias (*): write out what it stands for");
  }
  void OnScalar(const Mark& mark, const std::string& tag, Anchor anchor,
                const std::string& value) override {
    YamlNode node = NodeAt(mark, Kind::kText, tag, anchor);
    // Escapes can write what the file itself may not hold.
    if (CleanBytes(value) != value.size()) {
      tree_.Fault(node, "no_control", "a control character: take its escape out");
    }
    node.text = value;
    tree_.Add(std::move(node));
  }
  void OnSequenceStart(const Mark& mark, const std::string& tag, Anchor anchor, Style) override {
    tree_.Open(NodeAt(mark, Kind::kList, tag, anchor));
  }
  void OnSequenceEnd() override { tree_.Close(); }
  void OnMapStart(const Mark& mark, const std::string& tag, Anchor anchor, Style) override {
    tree_.Open(NodeAt(mark, Kind::kMap, tag, anchor));
  }
  void OnMapEnd() override { tree_.Close(); }

  void OnError(const YAML::Exception& error) {
    if (error.msg == YAML::ErrorMsg::UNKNOWN_ANCHOR) return OnAlias(error.mark, 0);
    // What stands behind a colon is from the file.
    Fault(error.mark, "yaml",
          absl::StrFormat("not YAML, %s: look at quotes, brackets and indentation",
                          error.msg.substr(0, error.msg.find(':'))));
  }

  absl::StatusOr<YamlNode> Finish() && { return std::move(tree_).Finish(); }

 private:
  YamlNode NodeAt(const Mark& mark, Kind kind) const {
    YamlNode node{.kind = kind, .source = source_};
    node.line = std::max(mark.line, 0) + 1;
    node.column = std::max(mark.column, 0) + 1;
    return node;
  }

  YamlNode NodeAt(const Mark& mark, Kind kind, const std::string& tag, Anchor anchor) {
    if (anchor != 0) Fault(mark, "no_anchor", "an anchor (&): write values where they belong");
    if (IsTagged(mark, tag)) Fault(mark, "no_tag", "a tag (!): take it out, a value is a text");
    return NodeAt(mark, kind);
  }

  // yaml-cpp gives to what is quoted the tag "!" as well, so the text is asked.
  bool IsTagged(const Mark& mark, const std::string& tag) const {
    if (tag.empty() || tag == "?") return false;
    const std::size_t begin = std::min(text_.size(), static_cast<std::size_t>(mark.pos));
    return tag != "!" || text_.substr(begin).starts_with('!');
  }

  void Fault(const Mark& mark, std::string_view rule, std::string_view what) {
    tree_.Fault(NodeAt(mark, Kind::kNothing), rule, what);
  }

  const std::string_view text_;
  const std::shared_ptr<const YamlSource> source_;
  int documents_ = 0;
  YamlTree tree_;
};

void Read(std::string_view text, Events& events) {
  // A quote that is left open ends with the file, for yaml-cpp, if a line does too. A comment on a
  // line that does not end makes it an error, and changes nothing else.
  std::istringstream in(std::string(text) + (text.ends_with('\n') ? "#" : "\n#"));
  try {
    YAML::Parser parser(in);
    // Not for as long as there are some: one that begins with a comma gives empty ones for ever.
    if (parser.HandleNextDocument(events)) parser.HandleNextDocument(events);
  } catch (const YAML::Exception& error) {
    events.OnError(error);
  }
}

}  // namespace

absl::StatusOr<YamlNode> ParseYaml(std::string_view text, YamlSource source) {
  const YamlNode start{.source = std::make_shared<const YamlSource>(std::move(source))};
  LETHE_TRY(CheckBytes(text, start));
  if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
  Events events(text, start);
  Read(text, events);
  return std::move(events).Finish();
}

std::string YamlQuoted(std::string_view text) {
  std::string quoted = "\"";
  while (!text.empty()) {
    const std::size_t bytes = std::max<std::size_t>(Utf8CharacterBytes(text), 1);
    const std::string_view character = text.substr(0, bytes);
    if (character == "\n") {
      quoted += "\\n";
    } else if (IsControlCharacter(character)) {
      // Of two bytes, the last is the character's number.
      quoted += absl::StrFormat("\\x%02x", static_cast<unsigned char>(character.back()));
    } else {
      if (character == "\"" || character == "\\") quoted += '\\';
      quoted += character;
    }
    text.remove_prefix(bytes);
  }
  return quoted + '"';
}

}  // namespace lethe
