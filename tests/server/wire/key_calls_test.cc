// The key methods over the wire: who may call them, what they must say, what they answer.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/reason.h"
#include "lethe/v1/admin_service.grpc.pb.h"
#include "tests/server/error_details.h"
#include "tests/server/wire/test_server.h"

namespace lethe::test {
namespace {

using ::testing::ElementsAre;
using Admin = v1::AdminService::Stub;

constexpr char kOperator[] = "URI:spiffe://example.org/operators/dora";

class KeyCallsTest : public ::testing::Test {
 protected:
  KeyCallsTest() {
    vault::HolderStatus holder;
    holder.name = "/keys/root.slots";
    holder.factors = {"file", "kmsv2"};
    holder.reachable = true;
    holder.current = true;
    holder.assurance = vault::Assurance::kHost;
    holder.why = "because";
    holder.service = "aws-1";
    holder.service_key = "k1";
    vault::KeyStatus keys;
    keys.generation = 41;
    keys.levels = 2;
    keys.owner_epoch = 9;
    keys.assurance = vault::Assurance::kUnverified;
    keys.attempt_unresolved = true;
    keys.unresolved_why = "silent";
    keys.holders = {holder};
    keys.retired_holders = {"old"};
    keys.open_horizons = {"aws-1/k0"};
    server_.vault.SetKeys(keys);
    EXPECT_TRUE(server_.Start().ok());
  }

  template <typename Request>
  grpc::Status Call(grpc::Status (Admin::*method)(grpc::ClientContext*, const Request&,
                                                  v1::KeyStatus*),
                    const Request& request, const char* who = kOperator) {
    CallContext context;
    const auto stub = v1::AdminService::NewStub(server_.Connect({who}));
    return (stub.get()->*method)(&context, request, &keys_);
  }

  template <typename Request>
  static Request Change() {
    Request request;
    request.set_request_id(kUuid);
    return request;
  }

  TestServer server_;
  v1::KeyStatus keys_;
};

TEST_F(KeyCallsTest, TheStatusIsToldWhole) {
  ASSERT_TRUE(Call(&Admin::GetKeyStatus, v1::GetKeyStatusRequest()).ok());
  EXPECT_EQ(keys_.generation(), 41u);
  EXPECT_EQ(keys_.levels(), 2);
  EXPECT_EQ(keys_.owner_epoch(), 9u);
  EXPECT_EQ(keys_.assurance(), v1::ASSURANCE_UNVERIFIED);
  EXPECT_TRUE(keys_.attempt_unresolved());
  EXPECT_EQ(keys_.unresolved_why(), "silent");
  EXPECT_THAT(keys_.retired_holders(), ElementsAre("old"));
  EXPECT_THAT(keys_.open_horizons(), ElementsAre("aws-1/k0"));
  ASSERT_EQ(keys_.holders_size(), 1);
  const v1::HolderStatus& holder = keys_.holders(0);
  EXPECT_EQ(holder.name(), "/keys/root.slots");
  EXPECT_THAT(holder.factors(), ElementsAre("file", "kmsv2"));
  EXPECT_TRUE(holder.reachable());
  EXPECT_TRUE(holder.current());
  EXPECT_EQ(holder.assurance(), v1::ASSURANCE_HOST);
  EXPECT_EQ(holder.why(), "because");
  EXPECT_EQ(holder.service(), "aws-1");
  EXPECT_EQ(holder.service_key(), "k1");
}

TEST_F(KeyCallsTest, EachChangeReachesTheVault) {
  ASSERT_TRUE(Call(&Admin::RotateRoot, Change<v1::RotateRootRequest>()).ok());
  EXPECT_EQ(keys_.generation(), 42u);
  EXPECT_EQ(server_.vault.last_caller().request_id, kUuid);
  ASSERT_TRUE(Call(&Admin::StepHorizon, Change<v1::StepHorizonRequest>()).ok());
  EXPECT_THAT(keys_.open_horizons(), ElementsAre("aws-1/k0", "aws-1/k1"));
  auto attest = Change<v1::AttestHorizonRequest>();
  attest.set_key_id("aws-1/k0");
  ASSERT_TRUE(Call(&Admin::AttestHorizon, attest).ok());
  EXPECT_THAT(keys_.open_horizons(), ElementsAre("aws-1/k1"));
  auto retire = Change<v1::RetireHolderRequest>();
  retire.set_holder("/keys/root.slots");
  ASSERT_TRUE(Call(&Admin::RetireHolder, retire).ok());
  EXPECT_EQ(keys_.retirement_asked(), "/keys/root.slots");
  auto rejoin = Change<v1::RejoinHolderRequest>();
  rejoin.set_holder("/keys/root.slots");
  ASSERT_TRUE(Call(&Admin::RejoinHolder, rejoin).ok());
  EXPECT_EQ(server_.vault.last_caller().request_id, kUuid);
}

TEST_F(KeyCallsTest, TheyAreForOperatorsAlone) {
  const auto refused = [](const grpc::Status& status) {
    return status.error_code() == grpc::StatusCode::PERMISSION_DENIED &&
           ReasonIn(status) == "ROLE_MISSING";
  };
  auto attest = Change<v1::AttestHorizonRequest>();
  attest.set_key_id("k");
  auto retire = Change<v1::RetireHolderRequest>();
  retire.set_holder("h");
  EXPECT_TRUE(refused(Call(&Admin::GetKeyStatus, v1::GetKeyStatusRequest(), kAcmeClient)));
  EXPECT_TRUE(refused(Call(&Admin::RotateRoot, Change<v1::RotateRootRequest>(), kAcmeClient)));
  EXPECT_TRUE(refused(Call(&Admin::StepHorizon, Change<v1::StepHorizonRequest>(), kAcmeClient)));
  EXPECT_TRUE(refused(Call(&Admin::AttestHorizon, attest, kAcmeClient)));
  EXPECT_TRUE(refused(Call(&Admin::RetireHolder, retire, kAcmeClient)));
  auto rejoin = Change<v1::RejoinHolderRequest>();
  rejoin.set_holder("h");
  EXPECT_TRUE(refused(Call(&Admin::RejoinHolder, rejoin, kAcmeClient)));
  EXPECT_EQ(server_.vault.calls(), 0);
}

TEST_F(KeyCallsTest, WhatIsMissingOrTooLongIsNamed) {
  EXPECT_EQ(ReasonIn(Call(&Admin::RotateRoot, v1::RotateRootRequest())), "FIELD_REQUIRED");
  EXPECT_EQ(ReasonIn(Call(&Admin::StepHorizon, v1::StepHorizonRequest())), "FIELD_REQUIRED");
  auto attest = Change<v1::AttestHorizonRequest>();
  EXPECT_EQ(ReasonIn(Call(&Admin::AttestHorizon, attest)), "FIELD_REQUIRED");
  // A provider's name, a stroke and the longest id of a key fit.
  attest.set_key_id(std::string(63 + 1 + 1'024, 'k'));
  EXPECT_EQ(ReasonIn(Call(&Admin::AttestHorizon, attest)), "RESOURCE_NOT_FOUND");
  attest.set_key_id(std::string(1'153, 'k'));
  EXPECT_EQ(ReasonIn(Call(&Admin::AttestHorizon, attest)), "FIELD_INVALID");
  EXPECT_EQ(ReasonIn(Call(&Admin::RetireHolder, Change<v1::RetireHolderRequest>())),
            "FIELD_REQUIRED");
  EXPECT_EQ(ReasonIn(Call(&Admin::RejoinHolder, Change<v1::RejoinHolderRequest>())),
            "FIELD_REQUIRED");
}

TEST_F(KeyCallsTest, ARefusalOfTheVaultComesThrough) {
  server_.vault.FailNext(Refuse(Reason::kHolderUnreachable, "a holder is silent"));
  const grpc::Status status = Call(&Admin::RotateRoot, Change<v1::RotateRootRequest>());
  EXPECT_EQ(status.error_code(), grpc::StatusCode::UNAVAILABLE);
  EXPECT_EQ(ReasonIn(status), "HOLDER_UNREACHABLE");
}

}  // namespace
}  // namespace lethe::test
