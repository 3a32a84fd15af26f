// What a YAML document says, as plain values that know where they stand.
#ifndef LETHE_BASE_TEXT_YAML_NODE_H_
#define LETHE_BASE_TEXT_YAML_NODE_H_

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"

namespace lethe {

// Whose text it is, for messages.
struct YamlSource {
  std::string place;  // What stands before a line's number: "policy line ", "lethed.yaml:".
  std::string field;  // The field that a refusal names; empty: none.
};

struct YamlEntry;

// One value. A scalar is a text, whatever it looks like: what it means is for whoever asks.
struct YamlNode {
  enum class Kind { kNothing, kText, kList, kMap };

  Kind kind = Kind::kNothing;
  std::string text;                // Of a text.
  std::vector<YamlNode> items;     // Of a list.
  std::vector<YamlEntry> entries;  // Of a map, in the order of the file; no key is there twice.
  int line = 1;
  int column = 1;                            // In bytes.
  std::shared_ptr<const YamlSource> source;  // Never null in what was parsed.

  // Null unless this is a map that has the key.
  const YamlNode* Find(std::string_view key) const;
  // The text as a message may show it: short and printable.
  std::string Shown() const;
  // INVALID_ARGUMENT (kFieldInvalid): what is wrong here, and what to do about it. `rule` is a word
  // that a program can compare; `what` holds nothing of the file but keys, and these as Shown.
  absl::Status Error(std::string_view rule, std::string_view what) const;
};

struct YamlEntry {
  YamlNode key;  // A text.
  YamlNode value;
};

}  // namespace lethe

#endif  // LETHE_BASE_TEXT_YAML_NODE_H_
