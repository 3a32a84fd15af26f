// What is refused before anything is sent, and in which words.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "tests/cli/support/cli_runner.h"

namespace lethe::test {
namespace {

using cli::ExitCode;
using testing::HasSubstr;
using testing::Not;

TEST(CommandLine, HelpIsNoError) {
  CliRunner lethe;
  const auto result = lethe({"--help"});
  EXPECT_EQ(result.code, ExitCode::kOk);
  EXPECT_THAT(result.out, HasSubstr("subject"));
  EXPECT_EQ(result.err, "");
}

TEST(CommandLine, AnUnknownVerbOrFlagIsWrongUse) {
  CliRunner lethe;
  EXPECT_EQ(lethe({"subject", "explode"}).code, ExitCode::kLocal);
  EXPECT_EQ(lethe({"subject", "get", "--explode"}).code, ExitCode::kLocal);
  EXPECT_EQ(lethe({}).code, ExitCode::kLocal);
  EXPECT_THAT(lethe({"frobnicate"}).err, HasSubstr("there is no command 'frobnicate'"));
}

TEST(CommandLine, ErrorsAreOneJsonObjectWhereTheOutputIsJson) {
  CliRunner lethe;
  for (const auto& arguments : std::vector<std::vector<std::string>>{
           {"subject", "list", "-o", "json"}, {"-ojson", "subject", "explode"}}) {
    const auto result = lethe(arguments);
    const auto error = nlohmann::json::parse(result.err);
    EXPECT_EQ(error.at("code"), "USAGE");
    EXPECT_TRUE(error.contains("reason") && error.contains("message") &&
                error.contains("metadata") && error.contains("request_id"));
    EXPECT_EQ(result.out, "");
  }
}

TEST(CommandLine, WhatIsMissingIsNamedWithAllWaysToSayIt) {
  CliRunner lethe;
  const auto result = lethe({"subject", "list"});
  EXPECT_EQ(result.code, ExitCode::kLocal);
  EXPECT_THAT(result.err, HasSubstr("--addr"));
  EXPECT_THAT(result.err, HasSubstr("LETHE_ADDR"));
}

TEST(CommandLine, AnIdentifierAsArgumentIsRefusedAndNotRepeated) {
  CliRunner lethe;
  lethe.environment.insert(
      {{"LETHE_ADDR", "127.0.0.1:1"}, {"LETHE_TENANT", "acme"}, {"LETHE_PURPOSE", "service"}});
  const auto result = lethe({"subject", "get", "ann@example.org", "--insecure"});
  EXPECT_EQ(result.code, ExitCode::kLocal);
  EXPECT_THAT(result.err, HasSubstr("--identifier-file"));
  EXPECT_THAT(result.err, Not(HasSubstr("ann@")));
}

TEST(CommandLine, InsecureReachesThisMachineOnly) {
  CliRunner lethe;
  for (const char* address : {"vault.example.org:7443", "127.example.org:1", "10.0.0.1:1", ""}) {
    lethe.environment["LETHE_ADDR"] = address;
    const auto result = lethe({"status", "--insecure"});
    EXPECT_EQ(result.code, ExitCode::kLocal);
    EXPECT_THAT(result.err, testing::AnyOf(HasSubstr("this machine only"), HasSubstr("no server")));
  }
}

TEST(CommandLine, TheVersionIsPrintedInEveryFormat) {
  CliRunner lethe;
  EXPECT_THAT(lethe({"version"}).out, testing::StartsWith("lethe "));
  EXPECT_EQ(nlohmann::json::parse(lethe({"version", "-o", "json"}).out).at("name"), "lethe");
}

TEST(CommandLine, CompletionKnowsEveryNounAndVerb) {
  CliRunner lethe;
  const auto result = lethe({"completion", "bash"});
  ASSERT_EQ(result.code, ExitCode::kOk);
  for (const char* word : {"'subject erase')", "'record import')", "'receipt verify')", "'init')",
                           "--dry-run", "--confirm", "add-identifier"}) {
    EXPECT_THAT(result.out, HasSubstr(word));
  }
  const std::string script = lethe.File("completion.bash", result.out + R"(
COMP_WORDS=(lethe subject era); COMP_CWORD=2; _lethe; echo "${COMPREPLY[@]}"
COMP_WORDS=(lethe subject erase --dry); COMP_CWORD=3; _lethe; echo "${COMPREPLY[@]}"
COMP_WORDS=(lethe --context erase subject get erase --purp); COMP_CWORD=6; _lethe; echo "${COMPREPLY[@]}"
COMP_WORDS=(lethe key horizon att); COMP_CWORD=3; _lethe; echo "${COMPREPLY[@]}"
COMP_WORDS=(lethe key horizon attest --conf); COMP_CWORD=4; _lethe; echo "${COMPREPLY[@]}"
)");
  const std::string command = "bash " + script + " > " + (lethe.folder / "out");
  ASSERT_EQ(std::system(command.c_str()), 0);
  EXPECT_EQ(ReadFile(lethe.folder / "out"), "erase\n--dry-run\n--purpose\nattest\n--confirm\n");
}

}  // namespace
}  // namespace lethe::test
