// Tables, cards, YAML and progress: what people and scripts see.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <yaml-cpp/yaml.h>

#include <sstream>

#include "cli/output/list_printer.h"
#include "cli/output/message_text.h"
#include "cli/output/printer.h"
#include "cli/output/progress.h"
#include "cli/output/table.h"
#include "lethe/v1/record.pb.h"
#include "lethe/v1/subject.pb.h"
#include "tests/support/fake_clock.h"

namespace lethe::cli {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(Table, ColumnsAlignByCharactersAndNotByBytes) {
  Table table({"NAME", "N"});
  table.Add({"Zoë", "1"});
  table.Add({"Joachim", "2"});
  EXPECT_EQ(table.Render(), "NAME     N\nZoë      1\nJoachim  2\n");
  table.Add({"Al", "3"});
  EXPECT_EQ(table.Render(), "Al       3\n") << "the head comes once, the widths stay";
}

TEST(Printable, ControlCharactersOfStoredDataNeverReachATerminal) {
  EXPECT_EQ(Printable("a\x1b[2Jb\r\n"), "a\\x1b[2Jb\\x0d\\x0a");
  EXPECT_EQ(Printable("c1: \xc2\x9b"
                      "31m"),
            "c1: \\xc2\\x9b31m");
  EXPECT_EQ(Printable("bad \xff utf"), "bad \\xff utf");
  EXPECT_EQ(Printable("overlong \xc0\x9b"
                      "31m"),
            "overlong \\xc0\\x9b31m");
  EXPECT_EQ(Printable("Zoë さくら\nnext", true), "Zoë さくら\nnext");
}

v1::Subject ASubject() {
  v1::Subject subject;
  subject.set_name("tenants/acme/subjects/u");
  subject.set_state(v1::Subject::STATE_ACTIVE);
  subject.set_change_counter(7);
  return subject;
}

std::string Printed(OutputFormat format) {
  std::ostringstream out;
  Printer(format, out).Print(ASubject());
  return out.str();
}

TEST(Printer, JsonHasZeroValuesSoThatScriptsNeedNoDefaults) {
  const auto json = Json::parse(Printed(OutputFormat::kJson));
  EXPECT_EQ(json.at("restricted"), false);
  EXPECT_EQ(json.at("changeCounter"), "7") << "proto3 JSON has 64-bit numbers as text";
}

TEST(Printer, EveryFormatNamesTheSubject) {
  EXPECT_EQ(Printed(OutputFormat::kName), "tenants/acme/subjects/u\n");
  EXPECT_THAT(Printed(OutputFormat::kTable), HasSubstr("name: tenants/acme/subjects/u\n"));
  const std::string line = Printed(OutputFormat::kJsonl);
  EXPECT_EQ(std::count(line.begin(), line.end(), '\n'), 1);
}

TEST(Yaml, ReadsBackAsTheSameTexts) {
  const Json json = {{"a", "no"},
                     {"b", "1e3"},
                     {"c", {{"d", "x: y\n"}, {"e", Json::array()}}},
                     {"f", {1, true, "Zoë"}}};
  const YAML::Node read = YAML::Load(ToYaml(json));
  EXPECT_EQ(read["a"].Tag(), "!") << "quoted";
  EXPECT_EQ(read["b"].as<std::string>(), "1e3");
  EXPECT_EQ(read["c"]["d"].as<std::string>(), "x: y\n");
  EXPECT_EQ(read["f"][1].as<bool>(), true);
  EXPECT_EQ(read["f"][2].as<std::string>(), "Zoë");
}

TEST(Yaml, IsInBlockStyleWithKeysPlainWhereTheyAreSafe) {
  const Json json = {{"name", "n"},
                     {"No", 1},
                     {"a b", nullptr},
                     {"none", Json::object()},
                     {"list", {{{"a", 1}, {"b", {2}}}, {{3}, Json::array()}}}};
  EXPECT_EQ(ToYaml(json),
            "name: \"n\"\n\"No\": 1\n\"a b\": null\nnone: {}\nlist:\n"
            "  - a: 1\n    b:\n      - 2\n  - - - 3\n    - []\n");
  EXPECT_EQ(ToYaml("text"), "\"text\"\n");
  EXPECT_EQ(ToYaml(Json::array()), "[]\n");
}

TEST(Card, ShowsWhatIsThereIndented) {
  const Json json = {{"name", "n"}, {"empty", ""}, {"list", {{{"a", 1}, {"b", 2}}, {{"a", 3}}}}};
  EXPECT_EQ(ToCard(json), "name: n\nlist:\n  - a: 1\n    b: 2\n  - a: 3\n");
}

std::string Listed(OutputFormat format, int items, const std::string& token) {
  std::ostringstream out;
  ListPrinter printer(format, out, "subjects", {"NAME"},
                      [](const Json& json) -> TableRow { return {json.at("name")}; });
  for (int i = 0; i < items; ++i) printer.Item(ASubject());
  printer.EndPage();
  printer.EndList(token);
  return out.str();
}

TEST(ListPrinter, JsonAndYamlAreOneDocumentWhateverTheNumberOfItems) {
  for (const int items : {0, 1, 3}) {
    const auto json = Json::parse(Listed(OutputFormat::kJson, items, "t\"o"));
    EXPECT_EQ(json.at("subjects").size(), items);
    EXPECT_EQ(json.at("nextPageToken"), "t\"o");
    const YAML::Node yaml = YAML::Load(Listed(OutputFormat::kYaml, items, "t\"o"));
    EXPECT_EQ(yaml["subjects"].size(), items);
    EXPECT_EQ(yaml["nextPageToken"].as<std::string>(), "t\"o");
  }
  EXPECT_EQ(YAML::Load(Listed(OutputFormat::kYaml, 2, ""))["subjects"][1]["name"].as<std::string>(),
            "tenants/acme/subjects/u");
}

struct ProgressTest : testing::Test {
  test::FakeClock clock{absl::UnixEpoch()};
  std::ostringstream err;
};

TEST_F(ProgressTest, ATerminalSeesABarTenTimesASecond) {
  Progress progress({.total = 1000, .terminal = true}, clock, err);
  for (int i = 1; i <= 100; ++i) {
    clock.Advance(absl::Milliseconds(10));
    progress.Update(i, 0);
  }
  const std::string shown = err.str();
  EXPECT_EQ(std::count(shown.begin(), shown.end(), '\r'), 10);
  EXPECT_EQ(std::count(shown.begin(), shown.end(), '\n'), 0);
  EXPECT_EQ(progress.Text(), "[##......................] 10% 100/1,000 lines, 100/s, ETA 0:09");
}

TEST_F(ProgressTest, ALogGetsALineEveryTenSeconds) {
  Progress progress({.total = 100'000}, clock, err);
  for (int i = 1; i <= 30; ++i) {
    clock.Advance(absl::Seconds(1));
    progress.Update(i * 1000, 2);
  }
  const std::string shown = err.str();
  EXPECT_EQ(std::count(shown.begin(), shown.end(), '\n'), 3);
  EXPECT_THAT(shown, Not(HasSubstr("\r")));
  EXPECT_THAT(shown, HasSubstr("30% 30,000/100,000 lines, 2 failed, 1,000/s, ETA 1:10\n"));
}

TEST_F(ProgressTest, WhatAnEarlierRunDidCountsForTheBarAndNotForTheRate) {
  Progress progress({.total = 1000, .start = 900, .terminal = true}, clock, err);
  clock.Advance(absl::Seconds(1));
  progress.Update(910, 0);
  EXPECT_THAT(progress.Text(), HasSubstr("91% 910/1,000 lines, 10/s, ETA 0:09"));
}

}  // namespace
}  // namespace lethe::cli
