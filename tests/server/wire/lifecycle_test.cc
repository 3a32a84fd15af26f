// The server's own life: ports, health, reflection, drain.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <thread>

#include "absl/time/clock.h"
#include "base/check.h"
#include "base/text/text_file.h"
#include "grpc/health/v1/health.grpc.pb.h"
#include "grpcpp/impl/codegen/client_unary_call.h"
#include "lethe/v1/admin_service.grpc.pb.h"
#include "lethe/v1/vault_service.grpc.pb.h"
#include "tests/server/error_details.h"
#include "tests/server/wire/reflection_client.h"
#include "tests/server/wire/test_server.h"

namespace lethe::test {
namespace {

using ::testing::HasSubstr;
using ::testing::IsSupersetOf;
using Health = grpc::health::v1::Health;
using grpc::health::v1::HealthCheckResponse;

std::optional<HealthCheckResponse::ServingStatus> CheckHealth(
    const std::shared_ptr<grpc::Channel>& channel, const std::string& service = "") {
  grpc::health::v1::HealthCheckRequest request;
  request.set_service(service);
  HealthCheckResponse response;
  CallContext context;
  const grpc::Status status = Health::NewStub(channel)->Check(&context, request, &response);
  if (!status.ok()) return std::nullopt;
  return response.status();
}

// Connects and says nothing, not even the first word of TLS.
class SilentPeer {
 public:
  explicit SilentPeer(int port) : fd_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    LETHE_CHECK(connect(fd_, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) == 0);
  }
  ~SilentPeer() { close(fd_); }
  SilentPeer(const SilentPeer&) = delete;
  SilentPeer& operator=(const SilentPeer&) = delete;

 private:
  const int fd_;
};

TEST(LifecycleTest, TheServerServesWhenStartReturns) {
  TestServer server;
  server.config.health_listen = "127.0.0.1:0";
  server.config.port_file = server.dir() / "ports";
  ASSERT_TRUE(server.Start().ok());
  EXPECT_EQ(CheckHealth(server.Connect({kAcmeClient})), HealthCheckResponse::SERVING);
  EXPECT_EQ(CheckHealth(server.Connect({kAcmeClient}), "lethe.v1.VaultService"),
            HealthCheckResponse::SERVING);
  EXPECT_EQ(CheckHealth(server.ConnectPlain(server.server().health_port())),
            HealthCheckResponse::SERVING);
  EXPECT_EQ(*ReadTextFile(server.dir() / "ports"),
            std::to_string(server.server().port()) + "\n" +
                std::to_string(server.server().health_port()) + "\n");
}

TEST(LifecycleTest, TheHealthPortAnswersNothingElse) {
  TestServer server;
  server.config.health_listen = "127.0.0.1:0";
  server.config.reflection = true;
  ASSERT_TRUE(server.Start().ok());
  const auto plain = server.ConnectPlain(server.server().health_port());
  v1::GetStatusResponse response;
  CallContext context;
  EXPECT_EQ(v1::AdminService::NewStub(plain)->GetStatus(&context, {}, &response).error_code(),
            grpc::StatusCode::UNIMPLEMENTED);
  EXPECT_TRUE(ListServices(plain).empty());
}

TEST(LifecycleTest, HealthSaysWhenCallsAreNotWelcome) {
  TestServer server;
  server.config.health_listen = "127.0.0.1:0";
  ASSERT_TRUE(server.Start().ok());
  server.server().SetServing(false);
  EXPECT_EQ(CheckHealth(server.ConnectPlain(server.server().health_port())),
            HealthCheckResponse::NOT_SERVING);
  EXPECT_EQ(CheckHealth(server.Connect({kAcmeClient})), HealthCheckResponse::NOT_SERVING);
}

TEST(LifecycleTest, HealthWaitsUntilEveryCallCanBeAnswered) {
  TestServer server;
  server.config.health_listen = "127.0.0.1:0";
  server.vault.SetIdentifiersLoaded(false);
  ASSERT_TRUE(server.Start().ok());
  const auto plain = server.ConnectPlain(server.server().health_port());
  const auto own = server.Connect({kAcmeClient});
  server.server().Look();
  EXPECT_EQ(CheckHealth(plain, "readiness"), HealthCheckResponse::NOT_SERVING);
  EXPECT_EQ(CheckHealth(plain, "liveness"), HealthCheckResponse::SERVING);
  EXPECT_EQ(CheckHealth(own), HealthCheckResponse::NOT_SERVING);
  EXPECT_FALSE(server.server().ready());
  server.vault.SetIdentifiersLoaded(true);
  server.server().Look();
  EXPECT_EQ(CheckHealth(plain, "readiness"), HealthCheckResponse::SERVING);
  EXPECT_EQ(CheckHealth(own), HealthCheckResponse::SERVING);
  EXPECT_TRUE(server.server().ready());
}

TEST(LifecycleTest, ADrainingServerIsUnreadyButAlive) {
  TestServer server;
  server.config.health_listen = "127.0.0.1:0";
  ASSERT_TRUE(server.Start().ok());
  const auto plain = server.ConnectPlain(server.server().health_port());
  EXPECT_EQ(CheckHealth(plain, "readiness"), HealthCheckResponse::SERVING);
  EXPECT_EQ(CheckHealth(plain, "liveness"), HealthCheckResponse::SERVING);
  server.server().SetServing(false);
  EXPECT_EQ(CheckHealth(plain, "readiness"), HealthCheckResponse::NOT_SERVING);
  EXPECT_EQ(CheckHealth(plain, "liveness"), HealthCheckResponse::SERVING);
  EXPECT_EQ(CheckHealth(plain, "no-such-service"), std::nullopt);
}

TEST(LifecycleTest, ReflectionDescribesEveryServiceItNames) {
  TestServer server;
  server.config.reflection = true;
  ASSERT_TRUE(server.Start().ok());
  const auto channel = server.Connect({kAcmeClient});
  const auto services = ListServices(channel);
  EXPECT_THAT(services, IsSupersetOf({"lethe.v1.VaultService", "lethe.v1.RightsService",
                                      "lethe.v1.AdminService", "grpc.health.v1.Health"}));
  // Common tools give up at the first service that they cannot describe, and hide all others.
  for (const std::string& service : services) {
    EXPECT_TRUE(CanDescribe(channel, service)) << service;
  }
  EXPECT_FALSE(CanDescribe(channel, "lethe.v1.NoSuchService"));
}

TEST(LifecycleTest, ReflectionIsOffUnlessAskedFor) {
  TestServer server;
  ASSERT_TRUE(server.Start().ok());
  EXPECT_TRUE(ListServices(server.Connect({kAcmeClient})).empty());
}

TEST(LifecycleTest, ASecondServerOnThePortIsToldSo) {
  TestServer first;
  ASSERT_TRUE(first.Start().ok());
  TestServer second;
  second.config.listen = "127.0.0.1:" + std::to_string(first.server().port());
  const absl::Status status = second.Start();
  EXPECT_TRUE(absl::IsUnavailable(status));
  EXPECT_THAT(std::string(status.message()), HasSubstr("taken by another program"));
}

TEST(LifecycleTest, CertificatesThatCannotServeAreNamed) {
  TestServer server;
  server.config.tls.key = server.dir() / "absent.key";
  EXPECT_THAT(std::string(server.Start().message()), HasSubstr("tls.key"));
  server.config.tls.key = server.config.tls.cert;
  EXPECT_THAT(std::string(server.Start().message()), HasSubstr("is not the key"));
}

TEST(LifecycleTest, AKeyOfAnotherCertificateIsNamed) {
  TestServer server;
  TestServer other;
  server.config.tls.key = other.config.tls.key;
  EXPECT_THAT(std::string(server.Start().message()), HasSubstr("is not the key of tls.cert"));
}

// A call that the vault holds while the server stops.
class DrainTest : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_TRUE(server_.Start().ok());
    stub_ = v1::VaultService::NewStub(server_.Connect({kAcmeClient}));
    server_.vault.Hold();
    caller_ = std::thread([this] {
      v1::CreateSubjectRequest request;
      request.set_parent("tenants/acme");
      request.set_purpose("service");
      request.set_request_id(kUuid);
      v1::Subject subject;
      CallContext context;
      status_ = stub_->CreateSubject(&context, request, &subject);
    });
    server_.vault.AwaitHeld(1);
  }
  void TearDown() override {
    server_.vault.Release();
    if (caller_.joinable()) caller_.join();
  }

  TestServer server_;
  std::unique_ptr<v1::VaultService::Stub> stub_;
  std::thread caller_;
  grpc::Status status_;
};

TEST_F(DrainTest, WhatIsUnderWayIsFinished) {
  std::thread stopper([this] { server_.Stop(absl::Seconds(20)); });
  // No new connection is accepted once the server stops; then the call may go on.
  const auto late = server_.Connect({kAcmeClient});
  while (CheckHealth(late) == HealthCheckResponse::SERVING) std::this_thread::yield();
  server_.vault.Release();
  stopper.join();
  caller_.join();
  EXPECT_TRUE(status_.ok()) << status_.error_message();
}

TEST_F(DrainTest, WhatTakesTooLongIsCancelledAndStillNeverLosesItsVault) {
  std::thread stopper([this] { server_.Stop(absl::ZeroDuration()); });
  caller_.join();  // Cancelled at once, although the vault still works on it.
  EXPECT_FALSE(status_.ok());
  server_.vault.Release();
  stopper.join();
  EXPECT_EQ(server_.vault.calls(), 1);
}

// How long a stop takes that is given ten seconds.
absl::Duration TimeToStop(TestServer& server) {
  const absl::Time start = absl::Now();
  server.Stop(absl::Seconds(10));
  return absl::Now() - start;
}

TEST(StopTest, AnIdleConnectionDoesNotHoldItUp) {
  TestServer server;
  ASSERT_TRUE(server.Start().ok());
  const auto channel = server.Connect({kAcmeClient});
  ASSERT_EQ(CheckHealth(channel), HealthCheckResponse::SERVING);
  EXPECT_LT(TimeToStop(server), absl::Seconds(3));
}

TEST(StopTest, AStreamOfHealthChecksDoesNotHoldItUp) {
  TestServer server;
  ASSERT_TRUE(server.Start().ok());
  const auto stub = Health::NewStub(server.Connect({kAcmeClient}));
  CallContext context;
  const auto watch = stub->Watch(&context, grpc::health::v1::HealthCheckRequest());
  HealthCheckResponse response;
  ASSERT_TRUE(watch->Read(&response));
  EXPECT_LT(TimeToStop(server), absl::Seconds(3));
  context.TryCancel();
}

TEST(StopTest, AConnectionThatNeverSpeaksDoesNotHoldItUp) {
  TestServer server;
  server.config.health_listen = "127.0.0.1:0";
  ASSERT_TRUE(server.Start().ok());
  const SilentPeer peer(server.server().port());
  const SilentPeer other(server.server().health_port());
  EXPECT_LT(TimeToStop(server), absl::Seconds(3));
}

// The control of the tests above: it is calls that are waited for.
TEST_F(DrainTest, ACallUnderWayIsWaitedForUpToTheEndOfTheDrain) {
  const absl::Time start = absl::Now();
  // Stop comes back only when the vault lets the call go, long after its caller was told.
  std::thread stopper([this] { server_.Stop(absl::Seconds(1)); });
  caller_.join();
  EXPECT_GE(absl::Now() - start, absl::Seconds(1));
  EXPECT_FALSE(status_.ok());
  server_.vault.Release();
  stopper.join();
}

TEST(LifecycleTest, StoppingTwiceIsStoppingOnce) {
  TestServer server;
  ASSERT_TRUE(server.Start().ok());
  server.Stop();
  server.Stop();
}

}  // namespace
}  // namespace lethe::test
