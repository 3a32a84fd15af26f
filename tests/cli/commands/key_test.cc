// lethe key … against a server whose answers are written here.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "tests/cli/support/scripted_server.h"

namespace lethe::test {
namespace {

using cli::ExitCode;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

struct KeyTest : testing::Test {
  KeyTest() : server(lethe) {
    server.admin.keys.set_generation(7);
    server.admin.keys.set_assurance(v1::ASSURANCE_HOST);
    auto& holder = *server.admin.keys.add_holders();
    holder.set_name("/keys/root.slots");
    holder.add_factors("file");
    holder.add_factors("kmsv2");
    holder.set_service_key("root-2");
  }
  CliRunner lethe;
  ScriptedServer server;
};

TEST_F(KeyTest, TheStatusIsShownInEveryFormat) {
  const auto card = lethe({"key", "status"});
  EXPECT_EQ(card.code, ExitCode::kOk) << card.err;
  EXPECT_THAT(card.out, HasSubstr("ASSURANCE_HOST"));
  EXPECT_THAT(card.out, HasSubstr("/keys/root.slots"));
  const auto json = nlohmann::json::parse(lethe({"key", "status", "-o", "json"}).out);
  EXPECT_EQ(json.at("generation"), "7");
  EXPECT_EQ(json.at("holders").at(0).at("serviceKey"), "root-2");
  EXPECT_THAT(lethe({"key", "status", "-o", "yaml"}).out, HasSubstr("serviceKey: \"root-2\""));
  EXPECT_THAT(server.admin.calls, ElementsAre("GetKeyStatus", "GetKeyStatus", "GetKeyStatus"));
}

TEST_F(KeyTest, EachVerbIsItsOwnCall) {
  EXPECT_EQ(lethe({"key", "rotate"}).code, ExitCode::kOk);
  EXPECT_EQ(lethe({"key", "horizon"}).code, ExitCode::kOk);
  // Not a step as well.
  EXPECT_EQ(lethe({"key", "horizon", "attest", "aws/k1", "--confirm", "aws/k1"}).code,
            ExitCode::kOk);
  EXPECT_EQ(lethe({"key", "holder", "retire", "h", "--confirm", "h"}).code, ExitCode::kOk);
  EXPECT_EQ(lethe({"key", "holder", "rejoin", "h"}).code, ExitCode::kOk);
  EXPECT_THAT(server.admin.calls, ElementsAre("RotateRoot", "StepHorizon", "AttestHorizon aws/k1",
                                              "RetireHolder h", "RejoinHolder h"));
  for (const std::string& id : server.admin.request_ids) EXPECT_EQ(id.size(), 36u);
}

TEST_F(KeyTest, AStepSaysWhatIsToBeDestroyedNext) {
  server.admin.keys.add_open_horizons("aws/k1");
  EXPECT_THAT(lethe({"key", "horizon"}).err, HasSubstr("lethe key horizon attest 'aws/k1'"));
  server.admin.keys.clear_open_horizons();
  EXPECT_THAT(lethe({"key", "horizon"}).err, Not(HasSubstr("attest")));
}

TEST_F(KeyTest, ARejoinSaysWhatCopiesOpenAndThatNoCommandHelps) {
  auto* holder = server.admin.keys.add_holders();
  holder->set_name("file-1");
  holder->add_factors("file");
  const auto rejoin = [this] { return lethe({"key", "holder", "rejoin", "file-1"}); };
  const auto rejoined = rejoin();
  EXPECT_EQ(rejoined.code, ExitCode::kOk) << rejoined.err;
  EXPECT_THAT(rejoined.err, HasSubstr("No erase and no lethe key rotate changes that"));
  EXPECT_THAT(rejoined.err, Not(HasSubstr("horizon")));
  EXPECT_THAT(rejoined.err, Not(HasSubstr("had before")));

  server.admin.keys.add_retired_holders("a former file of file-1");
  EXPECT_THAT(rejoin().err, HasSubstr("had before may keep its root"));
  holder->add_factors("kmsv2");
  EXPECT_THAT(rejoin().err, HasSubstr("lethe key horizon"));
  holder->add_factors("pkcs11");
  EXPECT_THAT(rejoin().err, HasSubstr("after the next erase")) << "a token's old key is destroyed";
  EXPECT_THAT(rejoin().err, Not(HasSubstr("No erase")));
}

TEST_F(KeyTest, WhatIsForGoodIsNotDoneUnconfirmed) {
  EXPECT_EQ(lethe({"key", "horizon", "attest", "aws/k1"}).code, ExitCode::kLocal);
  EXPECT_EQ(lethe({"key", "horizon", "attest", "aws/k1", "--confirm", "aws/k2"}).code,
            ExitCode::kDeclined);
  EXPECT_EQ(lethe({"key", "holder", "retire", "h"}).code, ExitCode::kLocal);
  lethe.in_is_terminal = true;
  EXPECT_EQ(lethe({"key", "holder", "retire", "/keys/root.slots"}, "yes\n").code,
            ExitCode::kDeclined);
  EXPECT_THAT(server.admin.calls, IsEmpty());
  EXPECT_EQ(lethe({"key", "holder", "retire", "/keys/root.slots"}, "ot.slots\n").code,
            ExitCode::kOk);
  EXPECT_THAT(server.admin.calls, ElementsAre("RetireHolder /keys/root.slots"));
}

TEST_F(KeyTest, ARetirementThatNeedsAnotherOperatorIsDoneInPart) {
  server.admin.keys.set_retirement_asked("h");
  const auto asked = lethe({"key", "holder", "retire", "h", "--confirm", "h"});
  EXPECT_EQ(asked.code, ExitCode::kPartial);
  EXPECT_THAT(asked.err, HasSubstr("another operator"));
}

TEST_F(KeyTest, ARefusalIsToldWithItsReason) {
  server.admin.statuses = {Refusal(grpc::StatusCode::FAILED_PRECONDITION, "KEY_NOT_ROTATED")};
  const auto refused = lethe({"key", "horizon"});
  EXPECT_EQ(refused.code, ExitCode::kServer);
  EXPECT_THAT(refused.err, HasSubstr("KEY_NOT_ROTATED"));
  EXPECT_EQ(refused.out, "");
}

}  // namespace
}  // namespace lethe::test
