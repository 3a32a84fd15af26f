// Who gets in: over real TLS, with certificates made for the purpose.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/reason.h"
#include "lethe/v1/admin_service.grpc.pb.h"
#include "lethe/v1/vault_service.grpc.pb.h"
#include "tests/server/error_details.h"
#include "tests/server/wire/test_server.h"

namespace lethe::test {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class MtlsTest : public ::testing::Test {
 protected:
  void SetUp() override { ASSERT_TRUE(server_.Start().ok()); }

  static grpc::Status Create(const std::shared_ptr<grpc::Channel>& channel,
                             const std::string& parent = "tenants/acme") {
    v1::CreateSubjectRequest request;
    request.set_parent(parent);
    request.set_purpose("service");
    request.set_request_id(kUuid);
    v1::Subject subject;
    CallContext context;
    return v1::VaultService::NewStub(channel)->CreateSubject(&context, request, &subject);
  }

  static grpc::Status GetStatus(const std::shared_ptr<grpc::Channel>& channel) {
    v1::GetStatusResponse response;
    CallContext context;
    return v1::AdminService::NewStub(channel)->GetStatus(&context, {}, &response);
  }

  TestServer server_;
};

TEST_F(MtlsTest, AClientOfTheTenantIsServed) {
  const grpc::Status status = Create(server_.Connect({kAcmeClient}));
  ASSERT_TRUE(status.ok()) << status.error_message();
  EXPECT_EQ(server_.vault.last_caller().principal.id,
            "spiffe://example.org/tenants/acme/clients/billing");
  EXPECT_EQ(server_.vault.last_caller().tenant, "acme");
  EXPECT_EQ(server_.vault.last_caller().purpose, "service");
  EXPECT_EQ(server_.vault.last_caller().request_id, kUuid);
}

TEST_F(MtlsTest, DnsNamesBesideTheOneUriDoNotMatter) {
  EXPECT_TRUE(Create(server_.Connect({"DNS:billing.example.org", kAcmeClient})).ok());
}

TEST_F(MtlsTest, AForeignAuthorityAndNoCertificateDoNotEvenConnect) {
  EXPECT_EQ(Create(server_.ConnectForeign({kAcmeClient})).error_code(),
            grpc::StatusCode::UNAVAILABLE);
  EXPECT_EQ(Create(server_.ConnectAnonymous()).error_code(), grpc::StatusCode::UNAVAILABLE);
  EXPECT_EQ(Create(server_.ConnectPlain(server_.server().port())).error_code(),
            grpc::StatusCode::UNAVAILABLE);
  EXPECT_EQ(server_.vault.calls(), 0);
}

TEST_F(MtlsTest, ACertificateThatProvesNoOneIdentityIsUnauthenticated) {
  for (const std::vector<std::string>& names :
       {std::vector<std::string>{"DNS:acme.example.org"},
        std::vector<std::string>{kAcmeClient,
                                 "URI:spiffe://example.org/tenants/acme/clients/other"},
        std::vector<std::string>{"URI:https://example.org/tenants/acme/x"}}) {
    const grpc::Status status = Create(server_.Connect(names));
    EXPECT_EQ(status.error_code(), grpc::StatusCode::UNAUTHENTICATED);
    EXPECT_EQ(ReasonIn(status), "PEER_UNKNOWN");
  }
  EXPECT_EQ(server_.vault.calls(), 0);
}

TEST_F(MtlsTest, ABackupIsForOperatorsAlone) {
  const auto ask = [this](const std::string& name) {
    CallContext context;
    const auto admin = v1::AdminService::NewStub(server_.Connect({name}));
    const auto reader = admin->CreateBackup(&context, {});
    v1::ArtifactChunk chunk;
    while (reader->Read(&chunk)) {
    }
    return reader->Finish();
  };
  const grpc::Status refused = ask(kAcmeClient);
  EXPECT_EQ(refused.error_code(), grpc::StatusCode::PERMISSION_DENIED);
  EXPECT_EQ(ReasonIn(refused), "ROLE_MISSING");
  EXPECT_EQ(server_.vault.calls(), 0);
  server_.vault.FailNext(Refuse(Reason::kNoArchive, "no archive"));
  EXPECT_EQ(ReasonIn(ask("URI:spiffe://example.org/operators/one")), "NO_ARCHIVE");
  EXPECT_EQ(server_.vault.last_caller().principal.tenant, "");
}

TEST_F(MtlsTest, AnotherTenantsNameIsRefusedWhetherItExistsOrNot) {
  const auto channel = server_.Connect({kAcmeClient});
  for (const char* parent : {"tenants/globex", "tenants/-", "tenants/Not Well Formed"}) {
    const grpc::Status status = Create(channel, parent);
    EXPECT_EQ(status.error_code(), grpc::StatusCode::PERMISSION_DENIED) << parent;
    EXPECT_EQ(ReasonIn(status), "TENANT_MISMATCH");
    EXPECT_THAT(status.error_message(), Not(HasSubstr("globex")));
  }
  EXPECT_EQ(server_.vault.calls(), 0);
  ASSERT_EQ(server_.vault.refusals().size(), 3u);
  EXPECT_EQ(server_.vault.refusals()[0].method, "lethe.v1.VaultService/CreateSubject");
  EXPECT_EQ(server_.vault.refusals()[0].caller.principal.tenant, "acme");
}

TEST_F(MtlsTest, TheTenantIsAskedBeforeAnythingElseOfTheRequest) {
  v1::CreateSubjectRequest request;
  request.set_parent("tenants/globex");  // And everything else is missing.
  v1::Subject subject;
  CallContext context;
  const auto stub = v1::VaultService::NewStub(server_.Connect({kAcmeClient}));
  EXPECT_EQ(ReasonIn(stub->CreateSubject(&context, request, &subject)), "TENANT_MISMATCH");
}

TEST_F(MtlsTest, AnOperatorSeesTheStatusAndNobodysData) {
  const auto channel = server_.Connect({"URI:spiffe://example.org/operators/dora"});
  EXPECT_TRUE(GetStatus(channel).ok());
  const grpc::Status status = Create(channel);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::PERMISSION_DENIED);
  EXPECT_EQ(ReasonIn(status), "ROLE_MISSING");
}

TEST_F(MtlsTest, TheCommonNameIsNeverAnIdentity) {
  // Every certificate of these tests has one; none of the refusals above was saved by it.
  const grpc::Status status = GetStatus(server_.Connect({kNobody}));
  EXPECT_EQ(ReasonIn(status), "PEER_UNKNOWN");
}

class DevModeTest : public ::testing::Test {
 protected:
  void SetUp() override {
    server_.config.tls = {};
    server_.config.insecure_loopback_dev = true;
    ASSERT_TRUE(server_.Start().ok());
  }

  grpc::Status GetStatus(const std::vector<std::string>& principals) {
    CallContext context;
    for (const auto& principal : principals) {
      context.AddMetadata("x-lethe-dev-principal", principal);
    }
    v1::GetStatusResponse response;
    return v1::AdminService::NewStub(server_.ConnectPlain(server_.server().port()))
        ->GetStatus(&context, {}, &response);
  }

  TestServer server_;
};

TEST_F(DevModeTest, CallersNameThemselvesExactlyOnce) {
  EXPECT_TRUE(GetStatus({"spiffe://dev/tenants/acme/clients/me"}).ok());
  EXPECT_EQ(ReasonIn(GetStatus({})), "PEER_UNKNOWN");
  EXPECT_EQ(ReasonIn(GetStatus({"spiffe://dev/tenants/acme/a", "spiffe://dev/tenants/acme/b"})),
            "PEER_UNKNOWN");
}

TEST(MtlsModeTest, WhatACallerSaysOfItselfCountsForNothing) {
  TestServer server;
  ASSERT_TRUE(server.Start().ok());
  CallContext context;
  context.AddMetadata("x-lethe-dev-principal", "spiffe://dev/tenants/acme/clients/me");
  v1::GetStatusResponse response;
  const auto stub = v1::AdminService::NewStub(server.Connect({kNobody}));
  EXPECT_EQ(ReasonIn(stub->GetStatus(&context, {}, &response)), "PEER_UNKNOWN");
}

}  // namespace
}  // namespace lethe::test
