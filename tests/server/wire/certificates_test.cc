// Certificates that change while the server runs, seen from the other end of real connections.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>

#include "absl/strings/str_format.h"
#include "base/text/text_file.h"
#include "grpc/grpc_security.h"
#include "grpcpp/create_channel.h"
#include "grpcpp/security/credentials.h"
#include "lethe/v1/admin_service.grpc.pb.h"
#include "tests/server/wire/test_server.h"

namespace lethe::test {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr char kOtherClient[] = "URI:spiffe://example.org/tenants/acme/clients/other";

class WireCertificatesTest : public ::testing::Test {
 protected:
  void Write(const std::string& path, const std::string& text) {
    ASSERT_TRUE(WriteTextFile(path, text).ok());
  }
  void Withdraw(const std::vector<std::string>& certificates) {
    server_.config.tls.crl = server_.dir() / "ca.crl";
    Write(server_.config.tls.crl, *server_.ca().Revoke(certificates));
  }
  crypto::CertifiedKey Client(const std::string& name) {
    return *server_.ca().Issue({"c", {name}});
  }

  // A channel that trusts `ca` and tries again quickly, with sessions kept in `sessions` if any.
  std::shared_ptr<grpc::Channel> Connect(const crypto::CertifiedKey& own, const std::string& ca,
                                         grpc_ssl_session_cache* sessions = nullptr) {
    grpc::ChannelArguments arguments;
    arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
    arguments.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, 100);
    arguments.SetInt(GRPC_ARG_MIN_RECONNECT_BACKOFF_MS, 100);
    arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, 100);
    if (sessions != nullptr) {
      const grpc_arg arg = grpc_ssl_session_cache_create_channel_arg(sessions);
      arguments.SetPointerWithVtable(arg.key, arg.value.pointer.p, arg.value.pointer.vtable);
    }
    return grpc::CreateCustomChannel(absl::StrFormat("127.0.0.1:%d", server_.server().port()),
                                     grpc::SslCredentials({.pem_root_certs = ca,
                                                           .pem_private_key = own.key_pem,
                                                           .pem_cert_chain = own.certificate_pem}),
                                     arguments);
  }
  // Within the time that a change may take, and some for a busy machine.
  static bool Connects(const std::shared_ptr<grpc::Channel>& channel) {
    return channel->WaitForConnected(std::chrono::system_clock::now() + std::chrono::seconds(10));
  }
  struct Asked {
    grpc::Status status;
    v1::GetStatusResponse response;
    bool resumed = false;
  };
  static Asked Ask(const std::shared_ptr<grpc::Channel>& channel) {
    Asked asked;
    CallContext context;
    asked.status = v1::AdminService::NewStub(channel)->GetStatus(&context, {}, &asked.response);
    if (!asked.status.ok()) return asked;
    const auto reused =
        context.auth_context()->FindPropertyValues(GRPC_SSL_SESSION_REUSED_PROPERTY);
    asked.resumed = !reused.empty() && reused.front() == "true";
    return asked;
  }
  bool Openssl(const std::string& arguments) {
    const std::string command = absl::StrFormat(
        "openssl s_client -connect 127.0.0.1:%d -alpn h2 -CAfile %s -verify_return_error -cert %s "
        "-key %s %s </dev/null >%s 2>&1",
        server_.server().port(), server_.config.tls.ca, server_.dir() / "c.crt",
        server_.dir() / "c.key", arguments, server_.dir() / "openssl.out");
    return std::system(command.c_str()) == 0;
  }

  TestServer server_;
};

TEST_F(WireCertificatesTest, ARenewalReachesNewConnectionsAndLeavesOpenOnesAlone) {
  ASSERT_TRUE(server_.Start().ok());
  const auto open = server_.Connect({kAcmeClient});
  ASSERT_TRUE(Ask(open).status.ok());
  // Of another authority, so that a client can tell it from the first.
  const auto next_ca = *crypto::DevCa::Create(absl::Now());
  const auto next = *next_ca.Issue({"next", {"DNS:localhost", "IP:127.0.0.1"}, true});
  const auto waiting = Connect(Client(kAcmeClient), next_ca.certificate_pem());
  EXPECT_EQ(Ask(waiting).status.error_code(), grpc::StatusCode::UNAVAILABLE) << "the control";
  Write(server_.config.tls.cert, next.certificate_pem);
  Write(server_.config.tls.key, next.key_pem);
  server_.server().Look();
  EXPECT_TRUE(Connects(waiting));
  EXPECT_TRUE(Ask(waiting).status.ok());
  EXPECT_TRUE(Ask(open).status.ok());
}

TEST_F(WireCertificatesTest, AnAuthorityThatIsAddedIsBelieved) {
  ASSERT_TRUE(server_.Start().ok());
  const auto next_ca = *crypto::DevCa::Create(absl::Now());
  const auto client = *next_ca.Issue({"c", {kAcmeClient}});
  EXPECT_FALSE(Ask(Connect(client, server_.ca().certificate_pem())).status.ok());
  Write(server_.config.tls.ca, server_.ca().certificate_pem() + next_ca.certificate_pem());
  server_.server().Look();
  const auto channel = Connect(client, server_.ca().certificate_pem());
  EXPECT_TRUE(Connects(channel));
  CallContext patient;  // The client's end of a TLS 1.3 handshake is there before the server's.
  patient.set_wait_for_ready(true);
  v1::GetStatusResponse response;
  EXPECT_TRUE(v1::AdminService::NewStub(channel)->GetStatus(&patient, {}, &response).ok());
}

TEST_F(WireCertificatesTest, WhoIsWithdrawnIsRefusedFromTheNextConnectionOn) {
  const auto gone = Client(kAcmeClient);
  const auto kept = Client(kOtherClient);
  Withdraw({});
  ASSERT_TRUE(server_.Start().ok());
  const auto open = server_.ConnectAs(gone);
  EXPECT_TRUE(Ask(open).status.ok());
  Withdraw({gone.certificate_pem});
  server_.server().Look();
  const std::string ca = server_.ca().certificate_pem();
  EXPECT_EQ(Ask(Connect(gone, ca)).status.error_code(), grpc::StatusCode::UNAVAILABLE);
  EXPECT_TRUE(Ask(Connect(kept, ca)).status.ok());
  // Connections that are open end by age (docs/certificates.md).
  EXPECT_TRUE(Ask(open).status.ok());
}

TEST_F(WireCertificatesTest, AResumedSessionDoesNotOutliveTheWithdrawal) {
  const auto client = Client(kAcmeClient);
  const std::string ca = server_.ca().certificate_pem();
  Withdraw({});
  ASSERT_TRUE(server_.Start().ok());
  grpc_ssl_session_cache* const sessions = grpc_ssl_session_cache_create_lru(8);
  EXPECT_FALSE(Ask(Connect(client, ca, sessions)).resumed);
  const Asked second = Ask(Connect(client, ca, sessions));
  EXPECT_TRUE(second.status.ok());
  EXPECT_TRUE(second.resumed) << "the control: sessions are resumed";
  Withdraw({client.certificate_pem});
  server_.server().Look();
  EXPECT_FALSE(Ask(Connect(client, ca, sessions)).status.ok());
  grpc_ssl_session_cache_destroy(sessions);
}

TEST_F(WireCertificatesTest, OnlyTls12WithAeadAnd13AreSpoken) {
  ASSERT_TRUE(server_.Start().ok());
  const auto client = Client(kAcmeClient);
  Write(server_.dir() / "c.crt", client.certificate_pem);
  Write(server_.dir() / "c.key", client.key_pem);
  EXPECT_TRUE(Openssl("-tls1_3"));
  EXPECT_TRUE(Openssl("-tls1_2"));
  EXPECT_TRUE(Openssl("-tls1_2 -cipher ECDHE-ECDSA-AES128-GCM-SHA256"));
  EXPECT_FALSE(Openssl("-tls1_2 -cipher ECDHE-ECDSA-AES128-SHA256"));
  EXPECT_FALSE(Openssl("-tls1_2 -cipher ECDHE-ECDSA-AES128-SHA"));
  EXPECT_FALSE(Openssl("-tls1_1 -cipher ALL:@SECLEVEL=0"));
}

TEST_F(WireCertificatesTest, TheStatusSaysHowTheyAre) {
  Withdraw({});
  ASSERT_TRUE(server_.Start().ok());
  const auto channel = server_.Connect({kAcmeClient});
  const v1::CertificateStatus first = Ask(channel).response.certificates();
  EXPECT_EQ(first.serial().size(), 32u);
  EXPECT_EQ(first.fingerprint().size(), 16u);
  EXPECT_EQ(first.loads(), 1u);
  EXPECT_GT(first.expire_time().seconds(), absl::ToUnixSeconds(absl::Now()));
  EXPECT_GT(first.authority_expire_time().seconds(), 0);
  EXPECT_GT(first.revocation_due_time().seconds(), 0);
  EXPECT_EQ(first.alarms_size(), 0);
  Write(server_.config.tls.key, "garbage");
  server_.server().Look(/*asked=*/true);
  const v1::CertificateStatus broken = Ask(channel).response.certificates();
  EXPECT_THAT(broken.alarms(), ElementsAre(HasSubstr("tls.key: is not the key")));
  EXPECT_EQ(broken.serial(), first.serial());
}

}  // namespace
}  // namespace lethe::test
