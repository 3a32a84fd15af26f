// Contexts, and the order of flag, environment and context.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "cli/connect/connection_settings.h"
#include "tests/cli/support/cli_runner.h"
#include "tests/support/hostile_yaml.h"

namespace lethe::cli {
namespace {

using test::CliRunner;
using testing::HasSubstr;

const Environment kNothing = [](const char*) { return std::nullopt; };

Contexts OneContext() {
  Contexts contexts;
  contexts.Put({"home", "127.0.0.1:1", "acme", "ca", "cert", "key", "service"});
  EXPECT_TRUE(contexts.Use("home").ok());
  return contexts;
}

TEST(ConnectionSettings, AFlagBeatsTheEnvironmentWhichBeatsTheContext) {
  const Environment environment = [](const char* name) -> std::optional<std::string> {
    const std::string_view variable = name;
    if (variable == "LETHE_TENANT") return "from-environment";
    if (variable == "LETHE_PURPOSE") return "from-environment";
    return std::nullopt;
  };
  ConnectionFlags flags;
  flags.purpose = "from-flag";
  const auto settings = ResolveSettings(flags, environment, OneContext());
  ASSERT_TRUE(settings.ok());
  EXPECT_EQ(settings->address, "127.0.0.1:1");
  EXPECT_EQ(settings->tenant, "from-environment");
  EXPECT_EQ(settings->purpose, "from-flag");
}

TEST(ConnectionSettings, AContextThatDoesNotExistIsAnErrorAndNotAnEmptyOne) {
  ConnectionFlags flags;
  flags.context = "work";
  EXPECT_FALSE(ResolveSettings(flags, kNothing, OneContext()).ok());
}

TEST(Contexts, SurviveTheirFile) {
  const test::TempDir folder;
  const std::string path = folder / "deep/er/contexts.yaml";
  ASSERT_TRUE(OneContext().Save(path).ok());
  EXPECT_EQ(test::ModeOf(path), 0600u);
  const auto read = Contexts::Load(path);
  ASSERT_TRUE(read.ok());
  EXPECT_EQ(read->current(), "home");
  ASSERT_NE(read->Find("home"), nullptr);
  EXPECT_EQ(read->Find("home")->key, "key");
}

TEST(Contexts, AFileThatOthersMayTouchIsRefused) {
  const test::TempDir folder;
  const std::string path = folder / "contexts.yaml";
  ASSERT_TRUE(OneContext().Save(path).ok());
  ::chmod(path.c_str(), 0640);
  const auto read = Contexts::Load(path);
  EXPECT_THAT(std::string(read.status().message()), HasSubstr("chmod 600"));
}

TEST(Contexts, AnUnknownKeyIsNamed) {
  const auto read = Contexts::Parse("contexts:\n  - name: a\n    adress: b\n");
  EXPECT_THAT(std::string(read.status().message()), HasSubstr("adress"));
  EXPECT_FALSE(Contexts::Parse("contexts: [").ok());
  EXPECT_FALSE(Contexts::Parse("just text").ok());
}

TEST(Contexts, WhatCouldMeanTwoThingsIsRefused) {
  test::ExpectHostileYamlIsRefused(OneContext().ToYaml(), [](const std::string& text) {
    return Contexts::Parse(text).status();
  });
}

TEST(Contexts, AFileThatSaysNothingHoldsNone) {
  for (const char* text : {"", "# current: home\n", "---\n", "contexts: []\n"}) {
    const auto read = Contexts::Parse(text);
    ASSERT_TRUE(read.ok()) << text << read.status();
    EXPECT_TRUE(read->all().empty());
  }
}

TEST(Contexts, NoTwoHaveTheSameName) {
  const auto read = Contexts::Parse("contexts:\n  - name: a\n  - {name: a, tenant: b}\n");
  EXPECT_THAT(std::string(read.status().message()), HasSubstr("line 3:5: another context"));
}

TEST(Contexts, AreMadeListedAndUsedFromTheCommandLine) {
  CliRunner lethe;
  ASSERT_EQ(lethe({"context", "set", "one", "--addr", "h:1", "--tenant", "acme"}).code,
            ExitCode::kOk);
  ASSERT_EQ(lethe({"context", "set", "two", "--addr", "h:2"}).code, ExitCode::kOk);
  EXPECT_EQ(lethe({"context", "list", "-o", "name"}).out, "one\ntwo\n");
  ASSERT_EQ(lethe({"context", "use", "two"}).code, ExitCode::kOk);
  EXPECT_THAT(lethe({"context", "show"}).out, HasSubstr("h:2"));
  EXPECT_EQ(lethe({"context", "use", "three"}).code, ExitCode::kLocal);
}

}  // namespace
}  // namespace lethe::cli
