// Who may connect: the server's own accept loop, over real connections.
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <deque>

#include "absl/time/clock.h"
#include "base/descriptors.h"
#include "lethe/v1/vault_service.grpc.pb.h"
#include "tests/server/wire/test_server.h"

namespace lethe::test {
namespace {

// A TCP connection that says nothing.
class Silent {
 public:
  Silent() : fd_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {}
  explicit Silent(int port) : Silent() { Connect(port); }
  void Connect(int port) const {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(static_cast<in_port_t>(port));
    EXPECT_EQ(connect(fd_, reinterpret_cast<sockaddr*>(&address), sizeof(address)), 0);
  }
  Silent(const Silent&) = delete;
  ~Silent() { close(fd_); }

  // Waits for it.
  bool IsClosed() const { return Ended(10'000); }
  bool IsOpen() const { return !Ended(0); }
  // Without TLS the server speaks first.
  bool IsSpokenTo(int wait_ms) const {
    pollfd said{fd_, POLLIN, 0};
    char byte = 0;
    return poll(&said, 1, wait_ms) == 1 && recv(fd_, &byte, 1, MSG_PEEK | MSG_DONTWAIT) == 1;
  }

 private:
  // Whatever the server says first (without TLS it does) is no end.
  bool Ended(int wait_ms) const {
    pollfd ended{fd_, POLLIN | POLLRDHUP, 0};
    char said[256];
    while (poll(&ended, 1, wait_ms) == 1) {
      if (recv(fd_, said, sizeof(said), MSG_DONTWAIT) <= 0) return true;
    }
    return false;
  }
  const int fd_;
};

bool IsServed(const std::shared_ptr<grpc::Channel>& channel) {
  v1::CreateSubjectRequest request;
  request.set_parent("tenants/acme");
  request.set_purpose("service");
  request.set_request_id(kUuid);
  v1::Subject subject;
  CallContext context;
  return v1::VaultService::NewStub(channel)->CreateSubject(&context, request, &subject).ok();
}

TEST(ConnectionsTest, WhoProvesNothingMakesWayForWhoDoes) {
  TestServer server;
  server.config.limits.handshakes = 4;
  ASSERT_TRUE(server.Start().ok());
  std::deque<Silent> silent;
  for (int i = 0; i < 8; ++i) silent.emplace_back(server.server().port());
  for (int i = 0; i < 4; ++i) EXPECT_TRUE(silent[static_cast<std::size_t>(i)].IsClosed()) << i;
  EXPECT_TRUE(silent.back().IsOpen());
  EXPECT_TRUE(IsServed(server.Connect({kAcmeClient})));
}

TEST(ConnectionsTest, WhoHasProvenItselfStays) {
  TestServer server;
  server.config.limits.handshakes = 1;
  ASSERT_TRUE(server.Start().ok());
  const auto channel = server.Connect({kAcmeClient});
  ASSERT_TRUE(IsServed(channel));
  std::deque<Silent> silent;
  for (int i = 0; i < 8; ++i) silent.emplace_back(server.server().port());
  EXPECT_TRUE(silent.front().IsClosed());
  EXPECT_EQ(channel->GetState(false), GRPC_CHANNEL_READY);
  EXPECT_TRUE(IsServed(channel));
}

TEST(ConnectionsTest, AnAddressHasItsShareAndGetsItBack) {
  TestServer server;
  server.config.limits.connections_per_address = 2;
  ASSERT_TRUE(server.Start().ok());
  const auto channel = server.Connect({kAcmeClient});
  ASSERT_TRUE(IsServed(channel));
  {
    const auto second = server.Connect({kAcmeClient});
    ASSERT_TRUE(IsServed(second));
    const Silent third(server.server().port());
    EXPECT_TRUE(third.IsClosed());
    EXPECT_TRUE(IsServed(channel));
    EXPECT_TRUE(IsServed(second));
  }
  // Once the server has seen the second one's end.
  const absl::Time limit = absl::Now() + absl::Seconds(20);
  bool served = false;
  while (!served && absl::Now() < limit) served = IsServed(server.Connect({kAcmeClient}));
  EXPECT_TRUE(served);
}

TEST(ConnectionsTest, WithinAnAddressWhoProvesNothingMakesWay) {
  TestServer server;
  server.config.limits.connections_per_address = 2;
  ASSERT_TRUE(server.Start().ok());
  const auto channel = server.Connect({kAcmeClient});
  ASSERT_TRUE(IsServed(channel));
  const Silent second(server.server().port());
  const Silent third(server.server().port());
  EXPECT_TRUE(second.IsClosed());
  EXPECT_TRUE(third.IsOpen());
  EXPECT_EQ(channel->GetState(false), GRPC_CHANNEL_READY);
  EXPECT_TRUE(IsServed(channel));
}

TEST(ConnectionsTest, TheHealthPortHasPlacesOfItsOwn) {
  TestServer server;
  server.config.health_listen = "127.0.0.1:0";
  server.config.limits.connections = 8;
  ASSERT_TRUE(server.Start().ok());
  std::deque<Silent> silent;
  for (int i = 0; i < 40; ++i) silent.emplace_back(server.server().health_port());
  EXPECT_TRUE(silent.front().IsClosed());
  EXPECT_TRUE(silent.back().IsOpen());
  EXPECT_TRUE(IsServed(server.Connect({kAcmeClient})));
}

// So few that no connection fits, until it dies.
class FewDescriptors {
 public:
  FewDescriptors() {
    getrlimit(RLIMIT_NOFILE, &before_);
    const rlimit few{static_cast<rlim_t>(*CountDescriptors() + 16), before_.rlim_max};
    EXPECT_EQ(setrlimit(RLIMIT_NOFILE, &few), 0);
  }
  ~FewDescriptors() { setrlimit(RLIMIT_NOFILE, &before_); }

 private:
  rlimit before_{};
};

TEST(ConnectionsTest, WhoFindsDescriptorsShortWaitsForThoseThatComeBack) {
  TestServer server;
  server.config.insecure_loopback_dev = true;
  ASSERT_TRUE(server.Start().ok());
  const Silent early;
  const Silent late;
  {
    const FewDescriptors few;
    early.Connect(server.server().port());
    EXPECT_FALSE(early.IsSpokenTo(300));
    EXPECT_TRUE(early.IsOpen());
  }
  EXPECT_TRUE(early.IsSpokenTo(10'000));
  const FewDescriptors few;
  const absl::Time start = absl::Now();
  late.Connect(server.server().port());
  EXPECT_TRUE(late.IsClosed());
  EXPECT_GE(absl::Now() - start, absl::Milliseconds(900));
  EXPECT_TRUE(early.IsOpen());
}

TEST(ConnectionsTest, ItsThreadsComeRound) {
  TestServer server;
  server.config.health_listen = "127.0.0.1:0";
  ASSERT_TRUE(server.Start().ok());
  EXPECT_LT(server.server().ListenersSilentFor(), absl::Seconds(10));
}

}  // namespace
}  // namespace lethe::test
