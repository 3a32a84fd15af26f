#include "server/listen/address.h"

#include <gtest/gtest.h>

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

}  // namespace
}  // namespace lethe::server
