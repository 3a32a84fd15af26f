// lethe vault describe: a lost vault.json is written anew, without a server.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "tests/cli/support/cli_runner.h"

namespace lethe::test {
namespace {

using cli::ExitCode;
using testing::HasSubstr;

struct DescribeCommandTest : testing::Test {
  DescribeCommandTest() {
    const auto made =
        lethe({"init", "--dev", "--data-dir", lethe.folder / "v/data", "--tenant", "acme"});
    EXPECT_EQ(made.code, ExitCode::kOk) << made.err;
  }
  CliResult Describe(const std::vector<std::string>& more) {
    std::vector<std::string> arguments = {
        "vault", "describe", "--data-dir", lethe.folder / "v/data", "-o", "json"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return lethe(arguments);
  }
  std::string Json() const { return lethe.folder / "v/data/vault.json"; }

  CliRunner lethe;
  const std::vector<std::string> whole = {"--holder", lethe.folder / "v/data/holder.slots",
                                          "--archive", lethe.folder / "v/data/archive", "--dev"};
};

TEST_F(DescribeCommandTest, ALostOneIsWrittenAsItWas) {
  const std::string before = ReadFile(Json());
  const auto refused = Describe(whole);
  EXPECT_EQ(refused.code, ExitCode::kLocal);
  EXPECT_EQ(nlohmann::json::parse(refused.err).at("code"), "ALREADY_EXISTS");
  std::filesystem::remove(Json());
  const auto described = Describe(whole);
  ASSERT_EQ(described.code, ExitCode::kOk) << described.err;
  EXPECT_EQ(ReadFile(Json()), before);
  EXPECT_EQ(ModeOf(Json()), 0600u);
  const auto told = nlohmann::json::parse(described.out);
  EXPECT_EQ(told.at("vaultId"), nlohmann::json::parse(before).at("vault_id"));
  EXPECT_EQ(told.at("dev"), true);
  EXPECT_THAT(described.err, HasSubstr("start lethed"));
}

TEST_F(DescribeCommandTest, TheArchiveIsNamedOrDeclined) {
  std::filesystem::remove(Json());
  const std::vector<std::string> holder = {whole[0], whole[1]};
  std::vector<std::string> both = whole;
  both.emplace_back("--no-archive");
  for (const auto& words : {holder, both}) {
    const auto result = Describe(words);
    EXPECT_EQ(result.code, ExitCode::kLocal);
    EXPECT_THAT(result.err, HasSubstr("--no-archive"));
  }
  EXPECT_EQ(Describe({"--archive", whole[3]}).code, ExitCode::kLocal) << "no holder";
  EXPECT_FALSE(FileExists(Json()));
}

TEST_F(DescribeCommandTest, HelpTellsIt) {
  EXPECT_THAT(lethe({"vault", "--help"}).out, HasSubstr("describe"));
  EXPECT_THAT(lethe({"vault", "describe", "--help"}).out, HasSubstr("--holder"));
}

}  // namespace
}  // namespace lethe::test
