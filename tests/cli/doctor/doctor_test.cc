// The doctor's findings on folders and files made for it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <nlohmann/json.hpp>

#include "cli/doctor/config_check.h"
#include "cli/doctor/machine_checks.h"
#include "cli/doctor/storage_checks.h"
#include "tests/cli/support/cli_runner.h"
#include "tests/support/hostile_yaml.h"

namespace lethe::cli {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(Doctor, AFolderIsItsOwnersAlone) {
  const test::TempDir folder;
  EXPECT_EQ(CheckDataFolder(folder.path()).health, Health::kFine);
  ::chmod(folder.path().c_str(), 0755);
  const auto open = CheckDataFolder(folder.path());
  EXPECT_EQ(open.health, Health::kWarning);
  EXPECT_THAT(open.remedy, HasSubstr("chmod 700"));
  EXPECT_EQ(CheckDataFolder(folder / "absent").health, Health::kBroken);
}

TEST(Doctor, MemoryIsNoPlaceForAVault) {
  struct stat info {};
  if (::stat("/dev/shm", &info) != 0) GTEST_SKIP() << "no /dev/shm here";
  EXPECT_EQ(CheckDataFolder("/dev/shm").health, Health::kBroken);
}

TEST(Doctor, AHolderThatIsMissingOrOpenToOthersIsBroken) {
  test::CliRunner files;
  EXPECT_EQ(CheckHolder(files.folder / "absent", true).health, Health::kBroken);
  const std::string holder = files.File("holder.slots", std::string(8192, '\0'));
  ::chmod(holder.c_str(), 0644);
  const auto open = CheckHolder(holder, true);
  EXPECT_EQ(open.health, Health::kBroken);
  EXPECT_THAT(open.remedy, HasSubstr("chmod 600"));
  ::chmod(holder.c_str(), 0600);
  EXPECT_NE(CheckHolder(holder, true).health, Health::kBroken);
}

TEST(Doctor, ATokenNeedsItsModuleAndAPinThatIsClosedToOthers) {
  test::CliRunner files;
  const vault::TokenSpec token{
      .module = files.folder / "hsm.so", .token = "lethe", .pin_file = files.folder / "pin"};
  EXPECT_THAT(CheckToken(token).found, HasSubstr("no PKCS#11 module"));
  files.File("hsm.so", "");
  EXPECT_THAT(CheckToken(token).found, HasSubstr("the PIN cannot be read"));
  files.File("pin", "zq7pin");
  ::chmod(token.pin_file.c_str(), 0644);
  EXPECT_EQ(CheckToken(token).health, Health::kBroken);
  EXPECT_THAT(CheckToken(token).remedy, HasSubstr("chmod 600"));
  ::chmod(token.pin_file.c_str(), 0440);
  EXPECT_EQ(CheckToken(token).health, Health::kFine)
      << "as the vault takes it, and Kubernetes mounts it";
  ::chmod(token.pin_file.c_str(), 0600);
  EXPECT_EQ(CheckToken(token).health, Health::kFine);
  EXPECT_THAT(CheckToken(token).found, Not(HasSubstr("zq7pin")));
}

TEST(Doctor, FreeSpaceIsMeasured) {
  const test::TempDir folder;
  EXPECT_THAT(CheckFreeSpace(folder.path()).found, HasSubstr("MiB"));
  EXPECT_EQ(CheckFreeSpace(folder / "absent").health, Health::kBroken);
}

TEST(Doctor, EveryFindingThatIsNotFineHasARemedy) {
  for (const Finding& finding : {CheckMemlock(), CheckMemfdSecret(), CheckClock()}) {
    EXPECT_FALSE(finding.found.empty());
    EXPECT_EQ(finding.remedy.empty(), finding.health == Health::kFine) << finding.check;
  }
}

TEST(Doctor, PlacesAreReadRelativeToTheConfiguration) {
  test::CliRunner files;
  const auto places =
      ReadPlaces(files.File("lethed.yaml", "data_dir: data\ntls: {ca: /x/ca.crt}\n"));
  ASSERT_TRUE(places.ok());
  EXPECT_EQ(places->data_dir, files.folder / "data");
  EXPECT_EQ(places->tls.ca, "/x/ca.crt");
  EXPECT_FALSE(ReadPlaces(files.File("bad.yaml", "a: [")).ok());
}

TEST(Doctor, AConfigurationThatCouldMeanTwoThingsIsRefused) {
  test::CliRunner files;
  test::ExpectHostileYamlIsRefused("data_dir: data\n", [&files](const std::string& text) {
    return ReadPlaces(files.File("lethed.yaml", text)).status();
  });
}

TEST(Doctor, AConfigurationThatNobodyCouldCheckIsReadAllTheSame) {
  test::CliRunner lethe;
  const std::string config = lethe.File("lethed.yaml", "data_dir: a\n---\ndata_dir: b\n");
  const auto result =
      lethe({"doctor", "--config", config, "--lethed", lethe.folder / "absent", "-o", "json"});
  EXPECT_EQ(result.code, ExitCode::kLocal);
  EXPECT_THAT(result.out, HasSubstr("a second document"));
}

TEST(Doctor, TheServersOwnWordOnItsConfigurationCounts) {
  test::CliRunner files;
  const std::string refusing = files.File("refusing", "#!/bin/sh\necho \"line 3: $2\"; exit 1\n");
  const std::string content = files.File("content", "#!/bin/sh\necho sound\n");
  ::chmod(refusing.c_str(), 0700);
  ::chmod(content.c_str(), 0700);
  const auto refused = CheckConfig("x.yaml", refusing);
  EXPECT_EQ(refused.health, Health::kBroken);
  EXPECT_EQ(refused.found, "line 3: x.yaml");
  EXPECT_EQ(CheckConfig("x.yaml", content).health, Health::kFine);
  EXPECT_EQ(CheckConfig("x.yaml", files.folder / "absent").health, Health::kWarning);
}

TEST(Doctor, ExitsWithOneOnlyIfSomethingIsBroken) {
  test::CliRunner lethe;
  EXPECT_EQ(lethe({"doctor"}).code, ExitCode::kOk);
  const std::string config = lethe.File("lethed.yaml", "data_dir: absent\n");
  const auto result = lethe({"doctor", "--config", config, "--lethed", "/bin/true", "-o", "json"});
  EXPECT_EQ(result.code, ExitCode::kLocal);
  const auto findings = nlohmann::json::parse(result.out).at("findings");
  EXPECT_EQ(findings.back().at("health"), "broken");
  EXPECT_NE(findings.back().at("remedy"), "");
}

}  // namespace
}  // namespace lethe::cli
