// lethe init as a whole, on a real disk.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "cli/connect/contexts.h"
#include "tests/cli/support/cli_runner.h"

namespace lethe::test {
namespace {

using cli::ExitCode;
using testing::HasSubstr;

struct InitTest : testing::Test {
  CliResult Init(const std::vector<std::string>& more = {}) {
    std::vector<std::string> arguments = {
        "init",     "--dev", "--data-dir", lethe.folder / "v/data",
        "-o",       "json",  "--tenant",   "acme",
        "--tenant", "beta",  "--listen",   "127.0.0.1:9"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return lethe(arguments);
  }
  CliRunner lethe;
};

TEST_F(InitTest, MakesAVaultAndAllThatServesIt) {
  const auto result = Init();
  ASSERT_EQ(result.code, ExitCode::kOk) << result.err;
  const auto made = nlohmann::json::parse(result.out);
  EXPECT_EQ(made.at("assurance"), "unverified");
  EXPECT_EQ(made.at("config"), lethe.folder / "v/lethed.yaml");
  EXPECT_THAT(result.err, HasSubstr("ALL HOLDERS LOST IS EVERYTHING LOST"));
  for (const char* file : {"v/lethed.yaml", "v/data/holder.slots", "v/dev-ca/server.key",
                           "v/dev-ca/beta.key", "v/policies/acme.yaml", "contexts.yaml"}) {
    EXPECT_EQ(ModeOf(lethe.folder / file), 0600u) << file;
  }
  const auto contexts = cli::Contexts::Load(lethe.folder / "contexts.yaml");
  ASSERT_TRUE(contexts.ok());
  EXPECT_EQ(contexts->current(), "acme");
  ASSERT_NE(contexts->Find("beta"), nullptr);
  EXPECT_EQ(contexts->Find("beta")->address, "127.0.0.1:9");
}

TEST_F(InitTest, ASecondOneFailsOrWithIfAbsentMakesOnlyWhatIsMissing) {
  ASSERT_EQ(Init().code, ExitCode::kOk);
  const std::string key = ReadFile(lethe.folder / "v/dev-ca/acme.key");
  EXPECT_EQ(Init().code, ExitCode::kLocal);
  std::filesystem::remove(lethe.folder / "v/lethed.yaml");
  EXPECT_EQ(Init({"--if-absent"}).code, ExitCode::kOk);
  EXPECT_TRUE(FileExists(lethe.folder / "v/lethed.yaml"));
  EXPECT_EQ(ReadFile(lethe.folder / "v/dev-ca/acme.key"), key);
}

TEST_F(InitTest, AForeignFolderIsLeftAlone) {
  std::filesystem::create_directories(lethe.folder / "v/data");
  lethe.File("v/data/somebodys.txt", "text");
  EXPECT_EQ(Init({"--if-absent"}).code, ExitCode::kLocal);
  EXPECT_FALSE(FileExists(lethe.folder / "v/lethed.yaml"));
}

TEST_F(InitTest, AnInitThatWasCutShortIsNotTakenForAVault) {
  ASSERT_EQ(Init().code, ExitCode::kOk);
  std::filesystem::remove(lethe.folder / "v/data/vault.json");
  EXPECT_EQ(Init({"--if-absent"}).code, ExitCode::kLocal);
}

TEST_F(InitTest, ABadPolicyIsRefusedBeforeAnythingIsMade) {
  const std::string policy = lethe.File("policy.yaml", "policy: x\nunknown: y\n");
  const auto result = Init({"--policy", policy});
  EXPECT_EQ(result.code, ExitCode::kLocal);
  EXPECT_FALSE(FileExists(lethe.folder / "v"));
}

TEST_F(InitTest, TheDoctorFindsNothingBroken) {
  ASSERT_EQ(Init().code, ExitCode::kOk);
  const auto result =
      lethe({"doctor", "--config", lethe.folder / "v/lethed.yaml", "--lethed", "/bin/true"});
  EXPECT_EQ(result.code, ExitCode::kOk) << result.out;
  EXPECT_THAT(result.out, HasSubstr("client certificate"));
  EXPECT_THAT(result.out, HasSubstr("holder"));
}

}  // namespace
}  // namespace lethe::test
