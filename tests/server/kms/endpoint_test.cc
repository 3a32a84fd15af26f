#include "server/kms/endpoint.h"

#include <gtest/gtest.h>

namespace lethe::server::kms {
namespace {

TEST(EndpointTest, ASocketOfTheFileSystemOrAnAbstractOneIsTaken) {
  EXPECT_TRUE(CheckEndpoint("unix:///run/kms/aws.sock").ok());
  EXPECT_EQ(TargetOf("unix:///run/kms/aws.sock"), "unix:/run/kms/aws.sock");
  EXPECT_EQ(SocketPath("unix:///run/kms/aws.sock"), "/run/kms/aws.sock");
  EXPECT_TRUE(CheckEndpoint("unix:///@aws").ok());
  EXPECT_EQ(TargetOf("unix:///@aws"), "unix-abstract:aws");
  EXPECT_EQ(SocketPath("unix:///@aws"), "");
}

TEST(EndpointTest, NothingElseIs) {
  for (const char* wrong :
       {"", "unix://", "unix:///", "unix:/run/a", "unix://run/a", "/run/a", "tcp:///run/a",
        "127.0.0.1:443", "dns:///kms.example", "https://kms.example", "unix:///run/"}) {
    EXPECT_FALSE(CheckEndpoint(wrong).ok()) << wrong;
  }
}

TEST(EndpointTest, AsLongAsTheKernelTakesAndNotLonger) {
  EXPECT_TRUE(CheckEndpoint("unix:///" + std::string(106, 'a')).ok());
  EXPECT_FALSE(CheckEndpoint("unix:///" + std::string(107, 'a')).ok());
}

}  // namespace
}  // namespace lethe::server::kms
