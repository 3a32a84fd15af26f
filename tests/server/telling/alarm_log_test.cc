#include "server/telling/alarm_log.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

#include "nlohmann/json.hpp"
#include "spdlog/sinks/ostream_sink.h"

namespace lethe::server {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class AlarmLogTest : public ::testing::Test {
 protected:
  // "event: what" of each line that a look adds.
  std::vector<std::string> Look(const std::vector<std::string>& alarms) {
    out_.str("");
    log_of_alarms_.Look(alarms);
    std::istringstream lines(out_.str());
    std::vector<std::string> all;
    for (std::string line; std::getline(lines, line);) {
      const auto json = nlohmann::json::parse(line);
      all.push_back(json["event"].get<std::string>() + ": " + json["what"].get<std::string>());
    }
    return all;
  }

  std::ostringstream out_;
  const Log log_{"info", std::make_shared<spdlog::sinks::ostream_sink_mt>(out_)};
  AlarmLog log_of_alarms_{log_};
};

TEST_F(AlarmLogTest, EachAlarmIsToldOnceAndOnceWhenItIsOver) {
  EXPECT_THAT(Look({}), IsEmpty());
  EXPECT_THAT(Look({"a"}), ElementsAre("alarm: a"));
  EXPECT_THAT(Look({"a"}), IsEmpty()) << "the same again";
  EXPECT_THAT(Look({"a", "b"}), ElementsAre("alarm: b"));
  EXPECT_THAT(Look({"b"}), ElementsAre("alarm_over: a"));
  EXPECT_THAT(Look({}), ElementsAre("alarm_over: b"));
  EXPECT_THAT(Look({"a"}), ElementsAre("alarm: a")) << "it came back";
}

}  // namespace
}  // namespace lethe::server
