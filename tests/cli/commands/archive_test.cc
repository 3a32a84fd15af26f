// lethe archive restore: a vault's folder from its archive alone, without a server.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "tests/cli/support/cli_runner.h"

namespace lethe::test {
namespace {

namespace fs = std::filesystem;
using cli::ExitCode;
using testing::HasSubstr;

struct ArchiveRestoreTest : testing::Test {
  ArchiveRestoreTest() {
    const auto made = lethe({"init", "--dev", "--data-dir", lethe.folder / "v/data", "--holder",
                             slots, "--archive", archive, "--tenant", "acme"});
    EXPECT_EQ(made.code, ExitCode::kOk) << made.err;
  }
  CliResult Restore(const std::vector<std::string>& more) {
    std::vector<std::string> arguments = {"archive", "restore", "-o", "json"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return lethe(arguments);
  }

  CliRunner lethe;
  const std::string slots = lethe.folder / "v/keys/holder.slots";
  const std::string archive = lethe.folder / "v/keys/archive";
  const std::string made = lethe.folder / "v/made";
  const std::vector<std::string> whole = {"--data-dir", made,    "--holder", slots,
                                          "--archive",  archive, "--dev"};
};

TEST_F(ArchiveRestoreTest, TheSameVaultIsMadeAnew) {
  const auto before = nlohmann::json::parse(ReadFile(lethe.folder / "v/data/vault.json"));
  fs::remove_all(lethe.folder / "v/data");
  const auto restored = Restore(whole);
  ASSERT_EQ(restored.code, ExitCode::kOk) << restored.err;
  EXPECT_EQ(nlohmann::json::parse(restored.out).at("vaultId"), before.at("vault_id"));
  EXPECT_EQ(nlohmann::json::parse(ReadFile(made + "/vault.json")), before);
  EXPECT_THAT(restored.err, HasSubstr("start it"));
}

TEST_F(ArchiveRestoreTest, EachOptionIsRequired) {
  for (const std::size_t left_out : {0u, 2u, 4u}) {
    std::vector<std::string> words = whole;
    words.erase(words.begin() + static_cast<std::ptrdiff_t>(left_out),
                words.begin() + static_cast<std::ptrdiff_t>(left_out) + 2);
    const auto refused = Restore(words);
    EXPECT_EQ(refused.code, ExitCode::kLocal);
    EXPECT_THAT(refused.err, HasSubstr(whole[left_out]));
  }
  EXPECT_FALSE(fs::exists(made));
}

TEST_F(ArchiveRestoreTest, NothingIsMadeOfAnArchiveThatIsNotThere) {
  fs::remove_all(archive);
  const auto refused = Restore(whole);
  EXPECT_EQ(refused.code, ExitCode::kLocal);
  EXPECT_EQ(nlohmann::json::parse(refused.err).at("code"), "NOT_FOUND");
  EXPECT_FALSE(fs::exists(made));
}

TEST_F(ArchiveRestoreTest, HelpTellsIt) {
  EXPECT_THAT(lethe({"archive", "--help"}).out, HasSubstr("restore"));
  EXPECT_THAT(lethe({"archive", "restore", "--help"}).out, HasSubstr("--holder"));
}

}  // namespace
}  // namespace lethe::test
