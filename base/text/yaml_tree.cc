#include "base/text/yaml_tree.h"

#include <utility>

#include "base/status_macros.h"

namespace lethe {

using Kind = YamlNode::Kind;

void YamlTree::Add(YamlNode node) {
  if (!fault_.ok()) return;
  if (unfinished_.empty()) {
    root_ = std::move(node);
    return;
  }
  Unfinished& parent = unfinished_.back();
  if (parent.node.kind == Kind::kList) {
    parent.node.items.push_back(std::move(node));
  } else if (!parent.has_key) {
    AddKey(std::move(node), parent);
  } else {
    AddValue(std::move(node), parent);
  }
}

void YamlTree::Open(YamlNode node) {
  if (!fault_.ok()) return;
  if (unfinished_.size() == kYamlDepthMax) {
    return Fault(node, "depth", "nested more than 32 deep: no setting is");
  }
  unfinished_.push_back({std::move(node)});
}

void YamlTree::Close() {
  if (!fault_.ok()) return;
  YamlNode node = std::move(unfinished_.back().node);
  unfinished_.pop_back();
  Add(std::move(node));
}

void YamlTree::Fault(const YamlNode& at, std::string_view rule, std::string_view what) {
  if (fault_.ok()) fault_ = at.Error(rule, what);
}

absl::StatusOr<YamlNode> YamlTree::Finish() && {
  LETHE_TRY(fault_);
  return std::move(root_);
}

void YamlTree::AddKey(YamlNode key, Unfinished& map) {
  if (key.kind != Kind::kText) return Fault(key, "key", "a key must be a word");
  if (key.text == "<<") return Fault(key, "no_merge_key", "a merge key (<<): write its keys out");
  if (!map.keys.insert(key.text).second) {
    return Fault(key, "duplicate_key", "key '" + key.Shown() + "' is there twice: keep one");
  }
  map.node.entries.push_back({std::move(key), {}});
  map.has_key = true;
}

void YamlTree::AddValue(YamlNode value, Unfinished& map) {
  YamlEntry& entry = map.node.entries.back();
  // Parsers find nothing only where the next thing begins.
  if (value.kind == Kind::kNothing) {
    value.line = entry.key.line;
    value.column = entry.key.column;
  }
  entry.value = std::move(value);
  map.has_key = false;
}

}  // namespace lethe
