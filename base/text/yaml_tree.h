// Grows a YamlNode from the events of a parser, and holds it to the rules that a parser does not
// know: what keys are, that none is there twice, and how deep a document goes.
#ifndef LETHE_BASE_TEXT_YAML_TREE_H_
#define LETHE_BASE_TEXT_YAML_TREE_H_

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "base/text/yaml_node.h"

namespace lethe {

inline constexpr std::size_t kYamlDepthMax = 32;  // The deepest of ours has six.

// Takes events in the order of the file. The first fault is the one told, and what comes behind it
// is let go.
class YamlTree {
 public:
  // `root` stays if nothing is added: it is the document that says nothing.
  explicit YamlTree(YamlNode root) : root_(std::move(root)) {}

  // A value that is whole: a text, or nothing.
  void Add(YamlNode node);
  // A list or a map: what is added until Close is inside it, in a map keys and values in turns.
  void Open(YamlNode node);
  void Close();
  void Fault(const YamlNode& at, std::string_view rule, std::string_view what);

  absl::StatusOr<YamlNode> Finish() &&;

 private:
  struct Unfinished {
    YamlNode node;
    bool has_key = false;  // The last entry waits for its value.
    std::set<std::string> keys;
  };

  void AddKey(YamlNode key, Unfinished& map);
  static void AddValue(YamlNode value, Unfinished& map);

  YamlNode root_;
  std::vector<Unfinished> unfinished_;
  absl::Status fault_;
};

}  // namespace lethe

#endif  // LETHE_BASE_TEXT_YAML_TREE_H_
