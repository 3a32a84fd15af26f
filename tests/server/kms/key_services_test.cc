#include "server/start/key_services.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "nlohmann/json.hpp"
#include "spdlog/sinks/base_sink.h"
#include "tests/server/kms/kms_fixture.h"

namespace lethe::test {
namespace {

using server::ConnectKeyServices;
using server::KeyServices;
using server::ServerConfig;

// A log whose lines can be waited for.
class AwaitedSink final : public spdlog::sinks::base_sink<std::mutex> {
 public:
  // The first line that has `event`; null if there is none in time.
  nlohmann::json Await(const std::string& event) {
    const absl::MutexLock lock(&lines_mutex_);
    const auto there = [&]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(lines_mutex_) {
      return Find(event) != nullptr;
    };
    if (!lines_mutex_.AwaitWithTimeout(absl::Condition(&there), kAmple)) return nullptr;
    return *Find(event);
  }

 protected:
  void sink_it_(const spdlog::details::log_msg& message) override {
    spdlog::memory_buf_t line;
    formatter_->format(message, line);
    const absl::MutexLock lock(&lines_mutex_);
    lines_.push_back(nlohmann::json::parse(line.begin(), line.end()));
  }
  void flush_() override {}

 private:
  const nlohmann::json* Find(const std::string& event) ABSL_EXCLUSIVE_LOCKS_REQUIRED(lines_mutex_) {
    for (const nlohmann::json& line : lines_) {
      if (line.at("event") == event) return &line;
    }
    return nullptr;
  }

  absl::Mutex lines_mutex_;
  std::vector<nlohmann::json> lines_ ABSL_GUARDED_BY(lines_mutex_);
};

class KeyServicesTest : public KmsFixture {
 protected:
  std::shared_ptr<AwaitedSink> sink_ = std::make_shared<AwaitedSink>();
  server::Log log_{"info", sink_};
};

TEST_F(KeyServicesTest, TheyStandInTheOrderOfTheConfiguration) {
  ServerConfig config;
  config.kms_providers = {{"house-1", endpoint()}, {"house-2", "unix:///@nobody"}};
  const KeyServices services = ConnectKeyServices(config, log_, random_);
  ASSERT_EQ(services.size(), 2u);
  EXPECT_EQ(services[0]->name(), "house-1");
  EXPECT_EQ(services[1]->name(), "house-2");
  EXPECT_EQ(services[0]->CurrentKeyId().value(), "root-1");
}

TEST_F(KeyServicesTest, TheLogTellsWhichKeyAServiceHas) {
  ServerConfig config;
  config.kms_providers = {{"house-1", endpoint()}};
  const KeyServices services = ConnectKeyServices(config, log_, random_);
  const nlohmann::json line = sink_->Await("key_service");
  ASSERT_FALSE(line.is_null());
  EXPECT_EQ(line.at("name"), "house-1");
  EXPECT_EQ(line.at("key_id"), "root-1");
  EXPECT_EQ(line.at("level"), "info");
}

TEST_F(KeyServicesTest, TheLogTellsOfOneThatIsAway) {
  ServerConfig config;
  config.kms_providers = {{"house-1", "unix:///@nobody", kShort}};
  const KeyServices services = ConnectKeyServices(config, log_, random_);
  const nlohmann::json line = sink_->Await("key_service_unwell");
  ASSERT_FALSE(line.is_null());
  EXPECT_EQ(line.at("name"), "house-1");
  EXPECT_EQ(line.at("level"), "warn");
  EXPECT_NE(line.at("what"), "");
}

}  // namespace
}  // namespace lethe::test
