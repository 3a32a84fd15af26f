// lethe status: what it says of the chores, and what it leaves unsaid.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "tests/cli/support/scripted_server.h"

namespace lethe::test {
namespace {

using testing::HasSubstr;
using testing::Not;

struct StatusTest : testing::Test {
  StatusTest() : server(lethe) {
    server.admin.status.set_generation(7);
    auto& hygiene = *server.admin.status.add_chores();
    hygiene.set_name("hygiene");
    hygiene.set_healthy(true);
  }
  CliRunner lethe;
  ScriptedServer server;
};

TEST_F(StatusTest, AHealthyChoreGoesWithoutSaying) {
  EXPECT_THAT(lethe({"status"}).out, Not(HasSubstr("hygiene")));
  const auto json = nlohmann::json::parse(lethe({"status", "-o", "json"}).out);
  EXPECT_EQ(json.at("chores").at(0).at("name"), "hygiene");
}

TEST_F(StatusTest, AnAlarmHasALineOfItsOwn) {
  server.admin.status.add_alarms("key holder file-1 moved: do this");
  EXPECT_THAT(lethe({"status"}).out, HasSubstr("\nalarm: key holder file-1 moved: do this\n"));
  const auto json = nlohmann::json::parse(lethe({"status", "-o", "json"}).out);
  EXPECT_EQ(json.at("alarms").at(0), "key holder file-1 moved: do this");
}

TEST_F(StatusTest, AChoreThatFailsOrStepsOverARowHasALineForIt) {
  auto& expiry = *server.admin.status.add_chores();
  expiry.set_name("expiry");
  expiry.set_failures(3);
  expiry.set_reason("HOLDER_UNREACHABLE");
  expiry.mutable_failing_since()->set_seconds(1'790'000'000);
  expiry.mutable_next_try_time()->set_seconds(1'790'000'004);
  auto& doomed = *server.admin.status.add_chores();
  doomed.set_name("doomed");
  auto& row = *doomed.add_bad_rows();
  row.set_table("doomed");
  row.set_number(17);
  row.set_reason("DATA_LOSS");
  doomed.set_bad_row_count(40);
  const std::string out = lethe({"status"}).out;
  EXPECT_THAT(out, HasSubstr("chore expiry: failing since 2026-09-21T14:13:20Z, "
                             "HOLDER_UNREACHABLE, next try 2026-09-21T14:13:24Z\n"));
  EXPECT_THAT(out, HasSubstr("chore doomed: stepped over row 17 of table doomed: DATA_LOSS\n"));
  EXPECT_THAT(out, HasSubstr("chore doomed: stepped over 40 rows in all\n"));
}

TEST_F(StatusTest, TheCertificateHasALineAndEachOfItsAlarmsAnother) {
  EXPECT_THAT(lethe({"status"}).out, Not(HasSubstr("certificate")));  // In development mode.
  auto& certificates = *server.admin.status.mutable_certificates();
  certificates.mutable_expire_time()->set_seconds(1'790'000'000);
  certificates.set_serial("4A01");
  certificates.set_fingerprint("0123456789abcdef");
  certificates.add_alarms("tls.key: is not the key of tls.cert; the old stays");
  const std::string out = lethe({"status"}).out;
  EXPECT_THAT(out, HasSubstr("certificate: until 2026-09-21T14:13:20Z, serial 4A01, "
                             "sha256 0123456789abcdef\n"));
  EXPECT_THAT(out, HasSubstr("certificate alarm: tls.key: is not the key of tls.cert; the old "
                             "stays\n"));
}

}  // namespace
}  // namespace lethe::test
