#include "base/text/yaml.h"

#include <string>

#include "base/reason.h"
#include "base/text/yaml_tree.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/hostile_yaml.h"

namespace lethe {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;
using Kind = YamlNode::Kind;

absl::StatusOr<YamlNode> Parse(const std::string& text) {
  return ParseYaml(text, {.place = "f:", .field = "file"});
}

std::string Fault(const std::string& text) { return std::string(Parse(text).status().message()); }

TEST(YamlTest, ADocumentBecomesPlainValues) {
  const auto root = Parse("a: x y\nb: [1, 'true', ~]\nc: {d: \"e\"}\nf:\n");
  ASSERT_TRUE(root.ok()) << root.status();
  ASSERT_EQ(root->kind, Kind::kMap);
  ASSERT_EQ(root->entries.size(), 4u);
  EXPECT_EQ(root->Find("a")->text, "x y");
  const YamlNode& list = *root->Find("b");
  ASSERT_EQ(list.items.size(), 3u);
  EXPECT_EQ(list.items[0].text, "1");
  EXPECT_EQ(list.items[1].text, "true");
  EXPECT_EQ(list.items[2].kind, Kind::kNothing);
  EXPECT_EQ(root->Find("c")->Find("d")->text, "e");
  EXPECT_EQ(root->Find("f")->kind, Kind::kNothing);
  EXPECT_EQ(root->Find("g"), nullptr);
  EXPECT_EQ(list.Find("a"), nullptr) << "no map";
}

TEST(YamlTest, EveryValueKnowsItsPlace) {
  const auto root = Parse("a: x\n# é\nb:\n  - é: yy\nc:\n");
  ASSERT_TRUE(root.ok());
  const YamlEntry& inner = root->Find("b")->items[0].entries[0];
  EXPECT_EQ(inner.key.line, 4);
  EXPECT_EQ(inner.key.column, 5);
  EXPECT_EQ(inner.value.column, 9) << "counted in bytes";
  EXPECT_EQ(root->Find("c")->line, 5) << "what is not there is missed at its key";
  const absl::Status error = inner.value.Error("rule", "is wrong");
  EXPECT_EQ(std::string(error.message()), "f:4:9: is wrong");
  EXPECT_EQ(ReasonOf(error), Reason::kFieldInvalid);
  EXPECT_EQ(FieldOf(error), "file");
  EXPECT_EQ(RuleOf(error), "rule");
}

TEST(YamlTest, ATextOfNothingIsOneThatSaysNothing) {
  for (const char* text : {"", "\n", "# all of it\n", "---\n", "~", "\xef\xbb\xbf"}) {
    const auto root = Parse(text);
    ASSERT_TRUE(root.ok()) << text << root.status();
    EXPECT_EQ(root->kind, Kind::kNothing) << text;
  }
}

TEST(YamlTest, WhatEditorsAddChangesNothing) {
  for (const char* text : {"a: b", "a: b\n", "a: b\r\n",
                           "\xef\xbb\xbf"
                           "a: b\n",
                           "---\na: b\n...\n", "%YAML 1.2\n---\na: b\n", "a:\n  b\n",
                           "a: |-\n  b\n", "a: |-\n  b", "a: b # c", "{a: b}", "? a\n: b\n"}) {
    const auto root = Parse(text);
    ASSERT_TRUE(root.ok()) << text << root.status();
    ASSERT_NE(root->Find("a"), nullptr) << text;
    EXPECT_EQ(root->Find("a")->text, "b") << text;
  }
}

TEST(YamlTest, WhatCouldMeanTwoThingsIsRefused) {
  test::ExpectHostileYamlIsRefused("a: b\n", [](const std::string& text) {
    const auto root = Parse(text);
    if (root.ok() && root->kind != Kind::kMap) return root->Error("kind", "must be a map");
    return root.status();
  });
}

TEST(YamlTest, AFaultIsToldWhereItStands) {
  EXPECT_THAT(Fault("a: b\nc: &d e\n"), StartsWith("f:2:4: an anchor"));
  EXPECT_THAT(Fault("a: b\nc: *d\n"), StartsWith("f:2:4: an alias"));
  EXPECT_THAT(Fault("a: b\nc: !d e\n"), StartsWith("f:2:4: a tag"));
  EXPECT_THAT(Fault("a: {b: c, b: d}\n"), StartsWith("f:1:11: key 'b' is there twice"));
  EXPECT_THAT(Fault("a: b\n---\nc: d\n"), StartsWith("f:2:1: a second document"));
  EXPECT_THAT(Fault("a: b\nc: é\xff\n"), StartsWith("f:2:6: not UTF-8"));
  EXPECT_THAT(Fault("a: b\r\nc: d\x07\n"), StartsWith("f:2:5: a control character"));
  EXPECT_THAT(Fault("a: b: c\n"), StartsWith("f:1:5: not YAML, illegal map value"));
  EXPECT_THAT(Fault("a: &b c\nd: *b\n"), StartsWith("f:1:4:")) << "the first is told";
}

TEST(YamlTest, AMessageShowsAKeyShortAndPrintable) {
  const std::string key = "é" + std::string(1000, 'k');
  EXPECT_EQ(Fault(key + ": 1\n" + key + ": 2\n"),
            "f:2:1: key '??" + std::string(30, 'k') + "' is there twice: keep one");
}

TEST(YamlTest, SizeHasALimit) {
  const std::string head = "a: b\n#";
  EXPECT_TRUE(Parse(head + std::string(kYamlBytesMax - head.size(), 'x')).ok());
  const auto larger = Parse(head + std::string(kYamlBytesMax - head.size() + 1, 'x'));
  EXPECT_EQ(RuleOf(larger.status()), "size");
}

TEST(YamlTest, DepthHasALimit) {
  const auto lists = [](std::size_t depth) {
    return RuleOf(Parse(std::string(depth, '[') + std::string(depth, ']')).status());
  };
  EXPECT_EQ(lists(kYamlDepthMax), "");
  EXPECT_EQ(lists(kYamlDepthMax + 1), "depth");
  EXPECT_EQ(lists(100'000), "depth");
  std::string dashes;
  for (int i = 0; i < 100'000; ++i) dashes += "- ";
  EXPECT_EQ(RuleOf(Parse(dashes).status()), "depth");
}

TEST(YamlTest, ADocumentThatBeginsWithACommaEnds) {
  for (const char* text : {",", ",\n", ", a"}) EXPECT_EQ(RuleOf(Parse(text).status()), "yaml");
}

TEST(YamlTest, WhatIsQuotedReadsBackAsATextOfOneLine) {
  for (const char* text : {"", "no", "1e3", "~", "x: y # z", "\"", "\\", "a\nb\n", " a\t",
                           "Zoë 漢字", "'", "- a", "{", "*a", "\u00a0"}) {
    const std::string quoted = YamlQuoted(text);
    EXPECT_EQ(quoted.find('\n'), std::string::npos);
    const auto root = Parse("a: " + quoted + "\n");
    ASSERT_TRUE(root.ok()) << quoted << root.status();
    EXPECT_EQ(root->Find("a")->kind, Kind::kText) << quoted;
    EXPECT_EQ(root->Find("a")->text, text);
  }
}

TEST(YamlTest, WhatATerminalObeysIsEscaped) {
  EXPECT_EQ(YamlQuoted("a\x1b[2J\x7f\xc2\x9b"), R"("a\x1b[2J\x7f\x9b")");
}

}  // namespace
}  // namespace lethe
