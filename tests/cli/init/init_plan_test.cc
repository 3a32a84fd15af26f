// What `lethe init` decides before it touches anything.
#include "cli/init/init_plan.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <yaml-cpp/yaml.h>

#include "cli/init/server_config_text.h"
#include "cli/init/starter_policy.h"
#include "vault/policy/policy.h"

namespace lethe::cli {
namespace {

using testing::HasSubstr;

InitOptions Dev() { return {.data_dir = "/v/data", .dev = true, .tenants = {"acme"}}; }
InitOptions Production() {
  return {.data_dir = "/v/data/",
          .holders = {"/h/root.slots"},
          .archive = "/h/archive",
          .tenants = {"acme"}};
}

TEST(InitPlan, DevelopmentNeedsNothingButAFolderAndATenant) {
  const auto plan = PlanInit(Dev());
  ASSERT_TRUE(plan.ok());
  EXPECT_EQ(plan->holders.at(0).slots, "/v/data/holder.slots");
  EXPECT_EQ(plan->archive, "/v/data/archive");
  EXPECT_EQ(plan->config, "/v/lethed.yaml");
  EXPECT_EQ(plan->tls, "/v/dev-ca");
}

TEST(InitPlan, ProductionNamesItsHolderAndItsArchive) {
  const auto plan = PlanInit(Production());
  ASSERT_TRUE(plan.ok());
  EXPECT_EQ(plan->data_dir, "/v/data");
  EXPECT_EQ(plan->tls, "/v/tls");
  InitOptions options = Production();
  options.holders.clear();
  EXPECT_THAT(std::string(PlanInit(options).status().message()), HasSubstr("--holder"));
  options = Production();
  options.archive.clear();
  EXPECT_THAT(std::string(PlanInit(options).status().message()), HasSubstr("--no-archive"));
  options.no_archive = true;
  EXPECT_EQ(PlanInit(options)->archive, "");
}

TEST(InitPlan, ContradictionsAndBadNamesAreRefused) {
  for (const std::vector<std::string>& tenants : std::vector<std::vector<std::string>>{
           {}, {"Acme"}, {"a", "a"}, {"-a"}, {"../x"}, {"server"}, {std::string(64, 'a')}}) {
    InitOptions options = Dev();
    options.tenants = tenants;
    EXPECT_FALSE(PlanInit(options).ok());
  }
  InitOptions options = Production();
  options.no_archive = true;
  EXPECT_FALSE(PlanInit(options).ok());
  options = Production();
  options.holders = {"1", "2", "3", "4"};
  EXPECT_FALSE(PlanInit(options).ok());
}

TEST(ServerConfigText, SurvivesOddPaths) {
  const std::string path = "/a b/\"c\": #d\n";
  const YAML::Node config = YAML::Load(ServerConfigText({.data_dir = path,
                                                         .listen = "127.0.0.1:0",
                                                         .ca = path,
                                                         .dev = true,
                                                         .tenants = {{"acme", path}}}));
  EXPECT_EQ(config["data_dir"].as<std::string>(), path);
  EXPECT_EQ(config["tls"]["ca"].as<std::string>(), path);
  EXPECT_EQ(config["reflection"].as<std::string>(), "true");
  EXPECT_EQ(config["tenants"][0]["policy"].as<std::string>(), path);
}

TEST(StarterPolicy, IsOneTheVaultTakes) {
  const auto policy = vault::policy::Policy::Parse(StarterPolicy("acme"));
  ASSERT_TRUE(policy.ok()) << policy.status();
  EXPECT_NE(policy->Find("billing"), nullptr);
}

}  // namespace
}  // namespace lethe::cli
