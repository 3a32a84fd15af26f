#include "server/listen/listener.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstring>

namespace lethe::server {
namespace {

using ::testing::HasSubstr;

// 0 or errno.
int Connect(const sockaddr* address, socklen_t size) {
  const int fd = socket(address->sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd < 0) return errno;
  const int error = connect(fd, address, size) == 0 ? 0 : errno;
  close(fd);
  return error;
}

int ConnectV4(int port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(static_cast<in_port_t>(port));
  return Connect(reinterpret_cast<const sockaddr*>(&address), sizeof(address));
}

int ConnectV6(int port) {
  sockaddr_in6 address{};
  address.sin6_family = AF_INET6;
  address.sin6_addr = in6addr_loopback;
  address.sin6_port = htons(static_cast<in_port_t>(port));
  return Connect(reinterpret_cast<const sockaddr*>(&address), sizeof(address));
}

bool HasV6() { return Listener::Open({"::1", 0}).ok(); }

TEST(ListenerTest, APortOfItsChoiceIsTold) {
  const auto listener = Listener::Open({"127.0.0.1", 0});
  ASSERT_TRUE(listener.ok()) << listener.status();
  EXPECT_GT(listener->port(), 0);
  EXPECT_EQ(ConnectV4(listener->port()), 0);
}

TEST(ListenerTest, ATakenPortIsNamedAndNeverShared) {
  int port = 0;
  {
    const auto first = Listener::Open({"127.0.0.1", 0});
    ASSERT_TRUE(first.ok());
    port = first->port();
    const auto second = Listener::Open({"127.0.0.1", port});
    EXPECT_TRUE(absl::IsUnavailable(second.status()));
    EXPECT_THAT(std::string(second.status().message()), HasSubstr(std::to_string(port)));
    EXPECT_TRUE(absl::IsUnavailable(Listener::Open({"0.0.0.0", port}).status()));
  }
  EXPECT_TRUE(Listener::Open({"127.0.0.1", port}).ok());
}

TEST(ListenerTest, APortWithOldConnectionsIsFree) {
  int port = 0;
  {
    const auto listener = Listener::Open({"127.0.0.1", 0});
    port = listener->port();
    ASSERT_EQ(ConnectV4(port), 0);
  }
  EXPECT_TRUE(Listener::Open({"127.0.0.1", port}).ok());
}

TEST(ListenerTest, AnAddressOfAnotherMachineIsRefused) {
  EXPECT_TRUE(absl::IsInvalidArgument(Listener::Open({"192.0.2.1", 0}).status()));  // RFC 5737.
  EXPECT_TRUE(absl::IsInvalidArgument(Listener::Open({"no-such-host.invalid", 0}).status()));
}

TEST(ListenerTest, TheAnyAddressOfEitherFamilyIsBoth) {
  for (const char* host : {"0.0.0.0", "::"}) {
    const auto listener = Listener::Open({host, 0});
    if (!HasV6() && std::strcmp(host, "::") == 0) continue;
    ASSERT_TRUE(listener.ok()) << host << listener.status();
    EXPECT_EQ(ConnectV4(listener->port()), 0) << host;
    EXPECT_TRUE(!HasV6() || ConnectV6(listener->port()) == 0) << host;
  }
}

TEST(ListenerTest, LocalhostIsEveryLoopbackThereIsOnOnePort) {
  const auto listener = Listener::Open({"localhost", 0});
  ASSERT_TRUE(listener.ok()) << listener.status();
  EXPECT_EQ(ConnectV4(listener->port()), 0);
  EXPECT_TRUE(listener->fds().size() == 1 || ConnectV6(listener->port()) == 0);
}

}  // namespace
}  // namespace lethe::server
