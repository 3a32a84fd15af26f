#include "server/telling/chore_log.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

#include "nlohmann/json.hpp"
#include "spdlog/sinks/ostream_sink.h"

namespace lethe::server {
namespace {

using vault::ChoreStatus;

class ChoreLogTest : public ::testing::Test {
 protected:
  // The lines that a look at `status` adds.
  std::vector<nlohmann::json> Look(const ChoreStatus& status) {
    out_.str("");
    chores_.Look({status});
    std::istringstream lines(out_.str());
    std::vector<nlohmann::json> all;
    for (std::string line; std::getline(lines, line);) all.push_back(nlohmann::json::parse(line));
    return all;
  }

  std::ostringstream out_;
  const Log log_{"info", std::make_shared<spdlog::sinks::ostream_sink_mt>(out_)};
  ChoreLog chores_{log_};
};

TEST_F(ChoreLogTest, AFailureIsToldWhenItBeginsAndWhenItsReasonChanges) {
  ChoreStatus expiry{.name = "expiry"};
  EXPECT_TRUE(Look(expiry).empty());
  expiry.healthy = false;
  expiry.failures = 1;
  expiry.reason = "HOLDER_UNREACHABLE";
  const auto first = Look(expiry);
  ASSERT_EQ(first.size(), 1u);
  EXPECT_EQ(first[0]["event"], "chore_failed");
  EXPECT_EQ(first[0]["chore"], "expiry");
  EXPECT_EQ(first[0]["reason"], "HOLDER_UNREACHABLE");
  ++expiry.failures;
  EXPECT_TRUE(Look(expiry).empty()) << "the same again";
  expiry.reason = "DISK_RESERVE";
  EXPECT_EQ(Look(expiry).size(), 1u);
  const auto well = Look(ChoreStatus{.name = "expiry"});
  ASSERT_EQ(well.size(), 1u);
  EXPECT_EQ(well[0]["event"], "chore_healthy");
}

TEST_F(ChoreLogTest, EachRowIsToldOnce) {
  ChoreStatus doomed{.name = "doomed", .healthy = false, .bad_rows = {{"doomed", 17, "DATA_LOSS"}}};
  doomed.bad_row_count = 1;
  const auto first = Look(doomed);
  ASSERT_EQ(first.size(), 1u);
  EXPECT_EQ(first[0]["event"], "chore_stepped_over");
  EXPECT_EQ(first[0]["table"], "doomed");
  EXPECT_EQ(first[0]["row"], 17);
  EXPECT_TRUE(Look(doomed).empty());
  doomed.bad_rows.push_back({"leaf", 3, "LEAF_LOST"});
  doomed.bad_row_count = 2;
  EXPECT_EQ(Look(doomed).size(), 1u);
  doomed.bad_row_count = 40;
  const auto many = Look(doomed);
  ASSERT_EQ(many.size(), 1u);
  EXPECT_EQ(many[0]["rows"], 40);
}

}  // namespace
}  // namespace lethe::server
