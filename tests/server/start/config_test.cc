#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <set>

#include "absl/strings/str_format.h"
#include "server/start/config_file.h"
#include "server/start/server_task.h"
#include "server/start/settings.h"
#include "tests/support/hostile_yaml.h"
#include "tests/support/temp_dir.h"

namespace lethe::server {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

constexpr char kSound[] = R"(data_dir: vault
listen: 127.0.0.1:7000
tls:
  ca: certs/ca.crt
  cert: /etc/lethe/server.crt
  key: certs/server.key
tenants:
  - name: acme
    policy: acme.yaml
limits: {workers: 3}
audit: {reads: buffered}
doomed_delay: 5s
reflection: true
)";

class ConfigTest : public ::testing::Test {
 protected:
  // What is wrong with `yaml`; empty if nothing is.
  static std::string Fault(const std::string& yaml) {
    ServerConfig config;
    return std::string(ReadConfig(yaml, "dir/lethed.yaml", config).message());
  }

  absl::StatusOr<ServerTask> Invoke(std::vector<std::string> args) {
    std::vector<const char*> argv{"lethed"};
    for (const std::string& arg : args) argv.push_back(arg.c_str());
    return ReadServerTask(static_cast<int>(argv.size()), argv.data(),
                          [this](const std::string& name) -> std::optional<std::string> {
                            const auto it = environment_.find(name);
                            if (it == environment_.end()) return std::nullopt;
                            return it->second;
                          });
  }

  std::string WriteFile(const std::string& text) {
    const std::string path = dir_ / "lethed.yaml";
    std::ofstream(path) << text;
    return path;
  }

  test::TempDir dir_;
  std::map<std::string, std::string> environment_;
};

TEST_F(ConfigTest, AFileIsReadWithPathsRelativeToItsFolder) {
  ServerConfig config;
  ASSERT_TRUE(ReadConfig(kSound, "/etc/x/lethed.yaml", config).ok());
  EXPECT_EQ(config.data_dir, "/etc/x/vault");
  EXPECT_EQ(config.tls.ca, "/etc/x/certs/ca.crt");
  EXPECT_EQ(config.tls.cert, "/etc/lethe/server.crt");
  ASSERT_EQ(config.tenants.size(), 1u);
  EXPECT_EQ(config.tenants[0].policy, "/etc/x/acme.yaml");
  EXPECT_EQ(config.limits.workers, 3);
  EXPECT_FALSE(config.durable_reads);
  EXPECT_EQ(config.doomed_delay, absl::Seconds(5));
  EXPECT_TRUE(config.reflection);
  EXPECT_EQ(config.limits.queue_streams, LimitSettings().queue_streams);
}

TEST_F(ConfigTest, AnUnknownKeyIsNamedWithItsLine) {
  EXPECT_EQ(Fault("data_dir: x\ntls:\n  certificate: y\n"),
            "dir/lethed.yaml:3:3: tls.certificate is no setting of lethed");
  EXPECT_EQ(Fault("lissten: x\n"), "dir/lethed.yaml:1:1: lissten is no setting of lethed");
  EXPECT_EQ(Fault("tenants:\n- name: a\n  polizy: b\n"),
            "dir/lethed.yaml:3:3: tenants.polizy is no setting of lethed");
}

TEST_F(ConfigTest, AKeyMayStandOnlyOnce) {
  EXPECT_EQ(Fault("listen: a:1\nlisten: b:2\n"),
            "dir/lethed.yaml:2:1: key 'listen' is there twice: keep one");
}

TEST_F(ConfigTest, AValueOfTheWrongKindIsNamedWithItsLine) {
  EXPECT_EQ(Fault("limits:\n  workers: many\n"),
            "dir/lethed.yaml:2:3: limits.workers must be a whole number, 1 to 256");
  EXPECT_THAT(Fault("limits:\n  workers: 0\n"), HasSubstr("1 to 256"));
  EXPECT_THAT(Fault("reflection: yes\n"), HasSubstr("true or false"));
  EXPECT_THAT(Fault("doomed_delay: 2h\n"), HasSubstr("at most 1h"));
  EXPECT_THAT(Fault("doomed_delay: 60\n"), HasSubstr("a time such as"));
  EXPECT_THAT(Fault("audit: {reads: never}\n"), HasSubstr("durable or buffered"));
  EXPECT_THAT(Fault("log_level: loud\n"), HasSubstr("debug, info, warn or error"));
  EXPECT_THAT(Fault("tls: on\n"), HasSubstr("must be a map"));
  EXPECT_THAT(Fault("listen: [a, b]\n"), HasSubstr("must be a single value"));
  EXPECT_THAT(Fault("tenants: {acme: x}\n"), HasSubstr("must be a list"));
  EXPECT_THAT(Fault("tenants: [{name: acme}]\n"), HasSubstr("needs both"));
  EXPECT_THAT(Fault("- a\n"), HasSubstr("must be a map of settings"));
}

constexpr char kProviders[] = R"(root:
  outer:
    kmsv2:
      providers:
        - {name: aws-1, endpoint: "unix:///run/kms/aws.sock"}
        - {name: aws-2, endpoint: "unix:///@aws", timeout: 500ms}
)";

TEST_F(ConfigTest, KeyServicesAreReadInTheirOrder) {
  ServerConfig config;
  ASSERT_TRUE(ReadConfig(kProviders, "/etc/x/lethed.yaml", config).ok());
  ASSERT_EQ(config.kms_providers.size(), 2u);
  EXPECT_EQ(config.kms_providers[0].name, "aws-1");
  EXPECT_EQ(config.kms_providers[0].endpoint, "unix:///run/kms/aws.sock");
  EXPECT_EQ(config.kms_providers[0].timeout, absl::Seconds(3));
  EXPECT_EQ(config.kms_providers[1].timeout, absl::Milliseconds(500));
}

TEST_F(ConfigTest, AKeyServiceThatIsWronglyWrittenIsNamedWithItsLine) {
  const auto fault = [](const std::string& providers) {
    return Fault("root:\n  outer: {kmsv2: {providers: " + providers + "}}\n");
  };
  constexpr char kKey[] = "root.outer.kmsv2.providers";
  const auto at = [&kKey](int column, const char* what) {
    return absl::StrFormat("dir/lethed.yaml:2:%d: %s%s", column, kKey, what);
  };
  EXPECT_EQ(fault("{name: a}"), at(19, " must be a list of {name, endpoint}"));
  EXPECT_EQ(fault("[{name: a}]"), at(31, " needs both name and endpoint"));
  EXPECT_EQ(fault("[{name: a, socket: b}]"), at(41, ".socket is no setting of lethed"));
  EXPECT_EQ(fault("[{name: a, name: b}]"),
            "dir/lethed.yaml:2:41: key 'name' is there twice: keep one");
  EXPECT_EQ(fault("[{name: a, endpoint: [b]}]"), at(41, ".endpoint must be a text"));
  for (const char* timeout : {"0s", "-1s", "31s", "soon", "3", ""}) {
    EXPECT_THAT(fault(absl::StrFormat("[{name: a, endpoint: b, timeout: '%s'}]", timeout)),
                HasSubstr("timeout must be a time such as 3s"))
        << timeout;
  }
  EXPECT_EQ(Fault("root: {inner: {}}\n"),
            "dir/lethed.yaml:1:8: root.inner is no setting of lethed");
}

TEST_F(ConfigTest, BrokenYamlIsAnErrorWithItsLine) {
  EXPECT_THAT(Fault("data_dir: x\ntls: {ca: a\n"), StartsWith("dir/lethed.yaml:"));
}

TEST_F(ConfigTest, WhatCouldMeanTwoThingsIsRefused) {
  test::ExpectHostileYamlIsRefused(kSound, [](const std::string& text) {
    ServerConfig config;
    return ReadConfig(text, "lethed.yaml", config);
  });
}

TEST_F(ConfigTest, AFlagBeatsTheEnvironmentWhichBeatsTheFile) {
  const std::string path = WriteFile(kSound);
  EXPECT_EQ(Invoke({"--config", path})->config.listen, "127.0.0.1:7000");
  environment_["LETHED_LISTEN"] = "127.0.0.1:7001";
  EXPECT_EQ(Invoke({"--config", path})->config.listen, "127.0.0.1:7001");
  EXPECT_EQ(Invoke({"--config", path, "--listen", "127.0.0.1:7002"})->config.listen,
            "127.0.0.1:7002");
}

TEST_F(ConfigTest, TheFileMayBeNamedByTheEnvironment) {
  environment_["LETHED_CONFIG"] = WriteFile(kSound);
  EXPECT_EQ(Invoke({})->config.listen, "127.0.0.1:7000");
}

TEST_F(ConfigTest, EverySettingHasItsOwnFlagAndVariable) {
  std::set<std::string> flags, variables;
  for (const Setting& setting : Settings()) {
    EXPECT_TRUE(flags.insert(FlagOf(setting)).second);
    EXPECT_TRUE(variables.insert(EnvironmentOf(setting)).second);
    EXPECT_FALSE(setting.meaning.empty());
  }
  EXPECT_EQ(FlagOf(*FindSetting("tls.ca")), "--tls-ca");
  EXPECT_EQ(EnvironmentOf(*FindSetting("limits.queue_unary")), "LETHED_LIMITS_QUEUE_UNARY");
}

TEST_F(ConfigTest, AWrongValueIsBlamedOnWhereItCameFrom) {
  const std::string path = WriteFile(kSound);
  environment_["LETHED_DRAIN_SECONDS"] = "soon";
  EXPECT_THAT(std::string(Invoke({"-c", path}).status().message()),
              StartsWith("LETHED_DRAIN_SECONDS must be"));
  EXPECT_THAT(std::string(Invoke({"-c", path, "--drain-seconds", "-1"}).status().message()),
              StartsWith("--drain-seconds must be"));
}

TEST_F(ConfigTest, TenantsOfTheCommandLineReplaceThoseOfTheFile) {
  const auto task = Invoke({"-c", WriteFile(kSound), "--tenant", "other=p.yaml"});
  ASSERT_TRUE(task.ok()) << task.status();
  ASSERT_EQ(task->config.tenants.size(), 1u);
  EXPECT_EQ(task->config.tenants[0].name, "other");
}

TEST_F(ConfigTest, HelpAndVersionNeedNoConfiguration) {
  const auto help = Invoke({"--help"});
  ASSERT_TRUE(help.ok());
  EXPECT_THAT(help->text, HasSubstr("--tls-ca"));
  EXPECT_THAT(help->text, HasSubstr("LETHED_TLS_CA"));
  EXPECT_THAT(help->text, HasSubstr("Exit codes"));
  EXPECT_THAT(Invoke({"--version"})->text, StartsWith("lethed "));
}

TEST_F(ConfigTest, AnUnknownFlagIsAnError) { EXPECT_FALSE(Invoke({"--prot", "1"}).ok()); }

TEST_F(ConfigTest, CheckConfigOnlyChecks) {
  const auto task = Invoke({"-c", WriteFile(kSound), "--check-config"});
  ASSERT_TRUE(task.ok());
  EXPECT_EQ(task->kind, ServerTask::Kind::kCheckConfig);
}

class WholeConfigTest : public ::testing::Test {
 protected:
  WholeConfigTest() {
    config_.data_dir = "vault";
    config_.tls = {"ca", "cert", "key"};
    config_.tenants = {{"acme", "acme.yaml"}};
  }
  std::string Fault() const { return std::string(CheckConfig(config_).message()); }

  ServerConfig config_;
};

TEST_F(WholeConfigTest, ASoundOnePasses) { EXPECT_EQ(Fault(), ""); }

TEST_F(WholeConfigTest, WithoutCertificatesThereIsNoServer) {
  config_.tls.crl = "crl";  // May be there or not.
  EXPECT_EQ(Fault(), "");
  config_.tls.ca = "";
  EXPECT_THAT(Fault(), HasSubstr("tls.ca is missing"));
}

TEST_F(WholeConfigTest, TheInsecureModeIsForLoopbackAndExcludesTls) {
  config_.insecure_loopback_dev = true;
  EXPECT_THAT(Fault(), HasSubstr("exclude each other"));
  config_.tls = {};
  EXPECT_EQ(Fault(), "");
  for (const char* address :
       {"0.0.0.0:7443", "[::]:7443", "192.168.1.1:1", "vault.example.org:1"}) {
    config_.listen = address;
    EXPECT_THAT(Fault(), HasSubstr("loopback")) << address;
  }
}

TEST_F(WholeConfigTest, TenantsAreNamedOnceAndProperly) {
  config_.tenants = {};
  EXPECT_THAT(Fault(), HasSubstr("tenants is empty"));
  config_.tenants = {{"acme", "a"}, {"acme", "b"}};
  EXPECT_THAT(Fault(), HasSubstr("twice"));
  config_.tenants = {{"Acme", "a"}};
  EXPECT_THAT(Fault(), HasSubstr("hyphens"));
}

TEST_F(WholeConfigTest, TheHealthPortIsAnother) {
  config_.health_listen = "127.0.0.1:7443";
  EXPECT_THAT(Fault(), HasSubstr("same port"));
  config_.health_listen = "nonsense";
  EXPECT_THAT(Fault(), HasSubstr("HOST:PORT"));
}

TEST_F(WholeConfigTest, KeyServicesAreNamedOnceAndListenOnSocketsOfThisMachine) {
  const KmsProvider sound{"aws-1", "unix:///run/kms/aws.sock"};
  config_.kms_providers = {sound, {"aws-2", "unix:///@aws"}};
  EXPECT_EQ(Fault(), "");
  config_.kms_providers = {sound, {"aws-1", "unix:///@aws"}};
  EXPECT_THAT(Fault(), HasSubstr("'aws-1' is there twice"));
  config_.kms_providers = {sound, {"aws-2", sound.endpoint}};
  EXPECT_THAT(Fault(), HasSubstr("another has its endpoint"));
  config_.kms_providers = {{"AWS", sound.endpoint}};
  EXPECT_THAT(Fault(), HasSubstr("hyphens"));
  config_.kms_providers = {{"aws-1", "https://kms.example.org"}};
  EXPECT_THAT(Fault(), HasSubstr("provider 'aws-1': endpoint must be unix:///PATH"));
  config_.kms_providers.clear();
  for (char name = 'a'; name <= 'e'; ++name) {
    config_.kms_providers.push_back({std::string(1, name), absl::StrFormat("unix:///@%c", name)});
  }
  EXPECT_THAT(Fault(), HasSubstr("at most 4"));
  config_.kms_providers.pop_back();
  EXPECT_EQ(Fault(), "");
}

}  // namespace
}  // namespace lethe::server
