#include "server/start/address.h"

#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

namespace lethe::server {
namespace {

TEST(AddressTest, HostsAndPortsAreReadApart) {
  EXPECT_EQ(ParseAddress("127.0.0.1:7443")->host, "127.0.0.1");
  EXPECT_EQ(ParseAddress("127.0.0.1:7443")->port, 7443);
  EXPECT_EQ(ParseAddress("[::1]:0")->host, "::1");
  EXPECT_EQ(ParseAddress("localhost:1")->host, "localhost");
}

TEST(AddressTest, OtherTextsAreRefused) {
  for (const char* text : {"", ":", ":7443", "localhost", "localhost:", "localhost:http",
                           "localhost:-1", "localhost:65536", "::1:7443", "localhost:1x"}) {
    EXPECT_FALSE(ParseAddress(text).ok()) << text;
  }
}

TEST(AddressTest, OnlyLoopbackIsLoopback) {
  for (const char* host : {"127.0.0.1", "127.1.2.3", "::1", "localhost"}) {
    EXPECT_TRUE(IsLoopback({host, 1})) << host;
  }
  for (const char* host :
       {"0.0.0.0", "::", "10.0.0.1", "127.example.org", "localhost.example.org"}) {
    EXPECT_FALSE(IsLoopback({host, 1})) << host;
  }
}

TEST(AddressTest, ATakenPortIsNamed) {
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof(address);
  ASSERT_EQ(bind(fd, reinterpret_cast<sockaddr*>(&address), size), 0);
  ASSERT_EQ(listen(fd, 1), 0);
  ASSERT_EQ(getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size), 0);
  const int port = ntohs(address.sin_port);

  const absl::Status taken = CheckFree({"127.0.0.1", port});
  EXPECT_TRUE(absl::IsUnavailable(taken));
  EXPECT_THAT(std::string(taken.message()), ::testing::HasSubstr(std::to_string(port)));
  close(fd);
  EXPECT_TRUE(CheckFree({"127.0.0.1", port}).ok());
}

TEST(AddressTest, AnAddressOfAnotherMachineIsRefused) {
  EXPECT_TRUE(absl::IsInvalidArgument(CheckFree({"192.0.2.1", 0})));  // TEST-NET-1 (RFC 5737).
}

}  // namespace
}  // namespace lethe::server
