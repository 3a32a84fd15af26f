#include "base/text/yaml_map.h"

#include <string>

#include "base/reason.h"
#include "base/text/yaml.h"
#include "gtest/gtest.h"

namespace lethe {
namespace {

class YamlMapTest : public ::testing::Test {
 protected:
  // A map that may have the keys a and b.
  absl::StatusOr<YamlMap> Of(const std::string& text) {
    root_ = ParseYaml(text, {.place = "line "}).value();
    return YamlMap::Of(root_, "thing", {"a", "b"});
  }
  YamlMap MapOf(const std::string& text) { return Of(text).value(); }

  static std::string Told(const absl::Status& status) {
    return RuleOf(status) + " " + std::string(status.message());
  }

  YamlNode root_;
};

TEST_F(YamlMapTest, AnUnknownKeyIsToldWithThoseThereAre) {
  EXPECT_EQ(Told(Of("a: 1\nc: 2\nd: 3\n").status()),
            "unknown_key line 2:1: thing: unknown key 'c', there are a, b");
  EXPECT_EQ(Told(Of("- a\n").status()), "kind line 1:1: thing must be a map of a, b");
}

TEST_F(YamlMapTest, UnknownKeysAreListed) {
  const auto root = ParseYaml("c: 1\na: 2\nd: 3\n", {});
  ASSERT_TRUE(root.ok());
  constexpr std::string_view kKnown[] = {"a", "b"};
  const auto unknown = UnknownKeys(*root, kKnown);
  ASSERT_EQ(unknown.size(), 2u);
  EXPECT_EQ(unknown[0]->text, "c");
  EXPECT_EQ(unknown[1]->text, "d");
}

TEST_F(YamlMapTest, ATextIsThereAndNotEmpty) {
  EXPECT_EQ(MapOf("a: x\n").Text("a").value(), "x");
  EXPECT_EQ(Told(MapOf("b: x\n").Text("a").status()), "required line 1:1: thing.a is missing");
  for (const char* odd : {"''", "", "[x]", "{x: y}", "~"}) {
    const YamlMap map = MapOf(std::string("b: 1\na: ") + odd + "\n");
    EXPECT_EQ(RuleOf(map.Text("a").status()), "kind") << odd;
    EXPECT_EQ(RuleOf(map.OptionalText("a").status()), "kind") << odd;
  }
  EXPECT_EQ(MapOf("b: x\n").OptionalText("a").value(), std::nullopt);
}

TEST_F(YamlMapTest, AFlagIsTrueOrFalse) {
  EXPECT_TRUE(MapOf("a: true\n").Flag("a", false).value());
  EXPECT_FALSE(MapOf("a: false\n").Flag("a", true).value());
  EXPECT_TRUE(MapOf("b: x\n").Flag("a", true).value());
  for (const char* odd : {"yes", "True", "1", "", "[true]"}) {
    EXPECT_EQ(Told(MapOf(std::string("a: ") + odd + "\n").Flag("a", true).status()).substr(0, 4),
              "kind")
        << odd;
  }
}

TEST_F(YamlMapTest, AListMayBeEmptyAndAListOfTextsMayNot) {
  EXPECT_TRUE(MapOf("a: []\n").List("a").value().empty());
  EXPECT_TRUE(MapOf("b: x\n").List("a").value().empty());
  EXPECT_TRUE(MapOf("b: x\n").Texts("a").value().empty());
  EXPECT_EQ(MapOf("a: [x, [y]]\n").List("a").value().size(), 2u);
  EXPECT_EQ(RuleOf(MapOf("a: x\n").List("a").status()), "kind");
  EXPECT_EQ(MapOf("a: [x, y]\n").Texts("a").value(), (std::vector<std::string>{"x", "y"}));
  EXPECT_EQ(RuleOf(MapOf("a: []\n").Texts("a").status()), "kind");
  EXPECT_EQ(RuleOf(MapOf("a: [x, []]\n").Texts("a").status()), "kind");
  EXPECT_EQ(Told(MapOf("a: [x, x]\n").Texts("a").status()),
            "duplicate line 1:8: thing.a has the same word twice: keep one");
}

}  // namespace
}  // namespace lethe
