// The key services that a command without lethed takes from lethed's configuration.
#include "cli/kms/key_services.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "absl/strings/str_cat.h"
#include "base/random.h"
#include "base/reason.h"
#include "tests/cli/support/cli_runner.h"

namespace lethe::test {
namespace {

using cli::ExitCode;
using cli::KeyServices;
using testing::AllOf;
using testing::HasSubstr;

class KeyServicesTest : public testing::Test {
 protected:
  std::string Config(const std::string& providers) {
    return lethe_.File("lethed.yaml",
                       absl::StrCat("root: {outer: {kmsv2: {providers: [", providers, "]}}}\n"));
  }

  CliRunner lethe_;
  SystemRandom random_;
  const absl::Status unreached_ = Refuse(Reason::kHolderUnreachable, "one is silent");
};

TEST_F(KeyServicesTest, TheyAreThoseOfTheFileInItsOrder) {
  const auto services = KeyServices::Read(
      Config("{name: new, endpoint: 'unix:///@new', timeout: 1s}, {name: old, endpoint: "
             "'unix:///@old'}"),
      random_);
  ASSERT_TRUE(services.ok()) << services.status();
  ASSERT_EQ(services->all().size(), 2u);
  EXPECT_EQ(services->all()[0]->name(), "new");
  EXPECT_EQ(services->all()[1]->name(), "old");
  EXPECT_EQ(services->Explain(unreached_), unreached_) << "they are silent themselves";
}

TEST_F(KeyServicesTest, WhatIsNoEndpointIsNamed) {
  const auto services =
      KeyServices::Read(Config("{name: far, endpoint: 'https://kms.example'}"), random_);
  EXPECT_TRUE(absl::IsInvalidArgument(services.status()));
  EXPECT_THAT(std::string(services.status().message()),
              AllOf(HasSubstr("far"), HasSubstr("unix:")));
}

TEST_F(KeyServicesTest, WithoutAnyWhoeverMissesAHolderIsToldOfThem) {
  for (const std::string& config : {std::string(), Config("")}) {
    const auto none = KeyServices::Read(config, random_);
    ASSERT_TRUE(none.ok()) << none.status();
    EXPECT_TRUE(none->all().empty());
    const absl::Status told = none->Explain(unreached_);
    EXPECT_EQ(ReasonOf(told), Reason::kHolderUnreachable);
    EXPECT_THAT(std::string(told.message()),
                AllOf(HasSubstr("one is silent"), HasSubstr("--config")));
    const absl::Status other = Refuse(Reason::kLeafLost, "lost");
    EXPECT_EQ(none->Explain(other), other);
  }
}

TEST_F(KeyServicesTest, AConfigurationThatIsNotThereChangesNothing) {
  const std::string archive = lethe_.folder / "new";
  const auto refused =
      lethe_({"archive", "rebuild", "--data-dir", lethe_.folder / "vault", "--archive", archive,
              "--approved-by", "ada", "--approved-by", "ben", "--config", lethe_.folder / "none"});
  EXPECT_EQ(refused.code, ExitCode::kLocal);
  EXPECT_THAT(refused.err, HasSubstr("none"));
  EXPECT_FALSE(FileExists(archive));
}

}  // namespace
}  // namespace lethe::test
