#include "server/telling/log.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <sstream>
#include <string>
#include <string_view>

#include "nlohmann/json.hpp"
#include "server/telling/line_limit.h"
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

TEST_F(LogTest, OfAFloodOfLikeLinesTheFirstAreWritten) {
  const Log log = At("info");
  for (int i = 0; i < 1000; ++i) {
    log.WriteLimited(Level::kInfo, "call", "one", {{"reason", std::string_view("QUOTA")}},
                     {{"ms", 1.0 + i}});
  }
  log.WriteLimited(Level::kInfo, "call", "another", {{"reason", std::string_view("QUOTA")}}, {});
  log.WriteLeftOut();  // Nothing is due yet.
  const std::string text = out_.str();
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), LineLimit::kFirst + 1);
  const auto first = nlohmann::json::parse(text.substr(0, text.find('\n')));
  EXPECT_EQ(first["reason"], "QUOTA");
  EXPECT_EQ(first["ms"], 1.0);
  EXPECT_EQ(text.find("another"), std::string::npos);
}

TEST_F(LogTest, OfErrorsManyAreWrittenWhateverElseIsLogged) {
  const Log log = At("info");
  for (int i = 0; i < 100; ++i) {
    const std::string who = std::to_string(i);
    log.WriteLimited(Level::kWarn, "call", who, {{"reason", std::string_view("QUOTA")}}, {});
  }
  for (int i = 0; i < Log::kFirstErrors; ++i) {
    EXPECT_TRUE(log.WriteLimited(Level::kError, "call", "one", {}, {{"ms", 1.0}})) << i;
  }
  EXPECT_FALSE(log.WriteLimited(Level::kError, "call", "one", {}, {{"ms", 1.0}}));
  EXPECT_FALSE(log.WriteLimited(Level::kDebug, "call", "one", {}, {})) << "below the level";
}

TEST_F(LogTest, WhatWasLeftOutIsToldAtTheEnd) {
  {
    const Log log = At("info");
    const auto write = [&log](int lines) {
      for (int i = 0; i < lines; ++i) log.WriteLimited(Level::kInfo, "call", "one", {}, {});
    };
    write(10);
    log.WriteAllLeftOut();
    EXPECT_THAT(out_.str(), ::testing::HasSubstr("\"more\":7}"));
    write(5);
  }
  EXPECT_THAT(out_.str(), ::testing::HasSubstr("\"more\":5}"));
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
