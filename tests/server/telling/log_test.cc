#include "server/telling/log.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

#include "nlohmann/json.hpp"
#include "spdlog/sinks/ostream_sink.h"

namespace lethe::server {
namespace {

class LogTest : public ::testing::Test {
 protected:
  Log At(std::string_view level) {
    return Log(level, std::make_shared<spdlog::sinks::ostream_sink_mt>(out_));
  }
  std::ostringstream out_;
};

TEST_F(LogTest, ALineIsOneJsonObject) {
  At("info").Write(Level::kWarn, "call",
                   {{"method", std::string_view("a/b")},
                    {"count", std::int64_t{7}},
                    {"ms", 1.5},
                    {"sealed", true}});
  const auto line = nlohmann::json::parse(out_.str());
  EXPECT_EQ(line["level"], "warn");
  EXPECT_EQ(line["event"], "call");
  EXPECT_EQ(line["method"], "a/b");
  EXPECT_EQ(line["count"], 7);
  EXPECT_EQ(line["ms"], 1.5);
  EXPECT_EQ(line["sealed"], true);
  EXPECT_EQ(std::string(line["time"]).size(), std::string("2026-01-01T00:00:00.000000Z").size());
}

TEST_F(LogTest, WhateverATextHoldsItStaysOneLine) {
  At("info").Write(Level::kInfo, "call", {{"what", std::string_view("a\"b\n{\xff}")}});
  const std::string text = out_.str();
  EXPECT_EQ(text.find('\n'), text.size() - 1);
  EXPECT_EQ(nlohmann::json::parse(text)["what"], "a\"b\n{\xef\xbf\xbd}");
}

TEST_F(LogTest, LinesBelowTheLevelAreLeftOut) {
  const Log log = At("warn");
  log.Write(Level::kInfo, "quiet", {});
  EXPECT_EQ(out_.str(), "");
  log.Write(Level::kError, "loud", {});
  EXPECT_THAT(out_.str(), ::testing::HasSubstr("loud"));
}

}  // namespace
}  // namespace lethe::server
