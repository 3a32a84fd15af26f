// A plugin may be slow, dead, mad or no plugin at all: each call still ends in time, with a reason.
#include "server/kms/plugin_client.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstring>
#include <thread>

#include "absl/synchronization/notification.h"
#include "absl/time/clock.h"
#include "base/check.h"
#include "base/reason.h"
#include "tests/server/kms/kms_fixture.h"

namespace lethe::test {
namespace {

using server::kms::PluginClient;
using ::testing::HasSubstr;
using vault::holders::ServiceSeal;

// A part of the root as the vault hands it over.
const std::string kShare(52, '\x5a');

class PluginClientTest : public KmsFixture {
 protected:
  std::string MessageOf(PluginClient& client) {
    const absl::Status status = client.GetStatus().status();
    EXPECT_EQ(ReasonOf(status), Reason::kHolderUnreachable) << status;
    return std::string(status.message());
  }
};

TEST_F(PluginClientTest, WhatWasSealedOpens) {
  PluginClient client(endpoint(), kAmple, random_);
  const auto state = client.GetStatus();
  ASSERT_TRUE(state.ok()) << state.status();
  EXPECT_EQ(state->version, "v2");
  EXPECT_EQ(state->key_id, "root-1");
  const auto seal = client.Encrypt(AsBytes(kShare));
  ASSERT_TRUE(seal.ok()) << seal.status();
  EXPECT_EQ(seal->key_id, "root-1");
  EXPECT_THAT(seal->ciphertext, ::testing::Not(HasSubstr(kShare.substr(0, 8))));
  std::string opened(kShare.size(), '\0');
  ASSERT_TRUE(client.Decrypt(*seal, AsMutableBytes(opened)).ok());
  EXPECT_EQ(opened, kShare);
}

TEST_F(PluginClientTest, AllOfASealGoesBackToThePlugin) {
  PluginClient client(endpoint(), kAmple, random_);
  const auto seal = client.Encrypt(AsBytes(kShare));
  ASSERT_TRUE(seal.ok());
  std::string opened(kShare.size(), '\0');
  for (const char* part : {"key_id", "ciphertext", "annotations"}) {
    ServiceSeal altered = *seal;
    if (part == std::string("key_id")) altered.key_id = "root-2";
    if (part == std::string("ciphertext")) altered.ciphertext.back() ^= 1;
    if (part == std::string("annotations")) altered.annotations.clear();
    EXPECT_EQ(ReasonOf(client.Decrypt(altered, AsMutableBytes(opened))), Reason::kDecryptFailed)
        << part;
  }
}

TEST_F(PluginClientTest, ASealOfADestroyedKeyIsNoneAnyMore) {
  PluginClient client(endpoint(), kAmple, random_);
  const auto seal = client.Encrypt(AsBytes(kShare));
  ASSERT_TRUE(seal.ok());
  EXPECT_EQ(plugin().Rotate(), "root-2");
  std::string opened(kShare.size(), '\0');
  EXPECT_TRUE(client.Decrypt(*seal, AsMutableBytes(opened)).ok());  // The control.
  ASSERT_TRUE(plugin().Destroy("root-1"));
  EXPECT_EQ(ReasonOf(client.Decrypt(*seal, AsMutableBytes(opened))), Reason::kDecryptFailed);
}

TEST_F(PluginClientTest, ASilentPluginCostsItsTimeAndNoMore) {
  PluginClient client(endpoint(), kShort, random_);
  plugin().Hold();
  const absl::Time start = absl::Now();
  EXPECT_THAT(MessageOf(client), HasSubstr("in time"));
  EXPECT_LT(absl::Now() - start, kAmple);
}

TEST_F(PluginClientTest, ADeadPluginIsFoundAgainWhenItIsBack) {
  PluginClient client(endpoint(), kAmple, random_);
  ASSERT_TRUE(client.GetStatus().ok());
  KillPlugin();
  PluginClient impatient(endpoint(), kShort, random_);
  MessageOf(impatient);
  StartPlugin();
  EXPECT_TRUE(client.GetStatus().ok());
}

TEST_F(PluginClientTest, ARefusalOfThePluginKeepsItsWordsToItself) {
  PluginClient client(endpoint(), kAmple, random_);
  plugin().SetSpoil({.refusal = grpc::Status(grpc::StatusCode::UNKNOWN, "zq7 secret words")});
  EXPECT_THAT(MessageOf(client), ::testing::Not(HasSubstr("zq7")));
  // UNKNOWN is what Go programs answer to everything: never proof that a seal is dead.
  std::string opened(kShare.size(), '\0');
  EXPECT_EQ(ReasonOf(client.Decrypt({"root-1", "x", {}}, AsMutableBytes(opened))),
            Reason::kDecryptFailed);  // Refused by the plugin itself, before it is spoilt.
  const auto seal = client.Encrypt(AsBytes(kShare));
  EXPECT_EQ(ReasonOf(seal.status()), Reason::kHolderUnreachable);
}

TEST_F(PluginClientTest, TheVersionMayNotChange) {
  PluginClient client(endpoint(), kAmple, random_);
  plugin().SetSpoil({.status = [](v2::StatusResponse& a) { a.set_version("v2beta1"); }});
  EXPECT_TRUE(client.GetStatus().ok());
  plugin().SetSpoil({});
  EXPECT_THAT(MessageOf(client), HasSubstr("changed its version"));
}

TEST_F(PluginClientTest, MoreThanAnyAnswerHoldsIsNotRead) {
  PluginClient client(endpoint(), kAmple, random_);
  plugin().SetSpoil({.encrypt = [](v2::EncryptResponse& a) {
    (*a.mutable_annotations())["big.kms.example"] = std::string(1 << 20, 'b');
  }});
  const absl::Status status = client.Encrypt(AsBytes(kShare)).status();
  EXPECT_EQ(ReasonOf(status), Reason::kHolderUnreachable);
  EXPECT_THAT(std::string(status.message()), HasSubstr("too much"));
}

TEST_F(PluginClientTest, ATextThatIsNoUtf8IsRefused) {
  PluginClient client(endpoint(), kAmple, random_);
  // Given as raw bytes of field 3, which is where the key's name stands.
  plugin().SetSpoil({.status = [](v2::StatusResponse& a) {
    a.clear_key_id();
    a.GetReflection()->MutableUnknownFields(&a)->AddLengthDelimited(3, "\xff\xfe");
  }});
  MessageOf(client);
}

TEST_F(PluginClientTest, CloseEndsTheCallUnderWay) {
  PluginClient client(endpoint(), kAmple, random_);
  ASSERT_TRUE(client.GetStatus().ok());
  plugin().Hold();
  std::thread caller([&client] { EXPECT_FALSE(client.GetStatus().ok()); });
  client.Close();
  const absl::Time start = absl::Now();
  caller.join();
  EXPECT_LT(absl::Now() - start, kAmple / 2);
  plugin().Release();
  EXPECT_THAT(MessageOf(client), HasSubstr("ended"));
}

// Takes connections and answers each with `words`; nothing of gRPC.
class Stranger {
 public:
  Stranger(const std::string& path, std::string words) : words_(std::move(words)) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    LETHE_CHECK(path.size() < sizeof(address.sun_path));
    std::memcpy(address.sun_path, path.c_str(), path.size() + 1);
    LETHE_CHECK(bind(socket_, reinterpret_cast<sockaddr*>(&address), sizeof(address)) == 0);
    LETHE_CHECK(listen(socket_, SOMAXCONN) == 0);
    thread_ = std::thread([this] { Answer(); });
  }
  ~Stranger() {
    shutdown(socket_, SHUT_RDWR);
    thread_.join();
    close(socket_);
  }

 private:
  void Answer() {
    std::vector<int> peers;  // Kept open: a peer that hangs up is another case.
    for (int peer = accept(socket_, nullptr, nullptr); peer >= 0;
         peer = accept(socket_, nullptr, nullptr)) {
      peers.push_back(peer);
      LETHE_CHECK(words_.empty() || send(peer, words_.data(), words_.size(), MSG_NOSIGNAL) >= 0);
    }
    for (const int peer : peers) close(peer);
  }

  const std::string words_;
  const int socket_ = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  std::thread thread_;
};

TEST(StrangerTest, WhoeverElseListensThereIsNoPlugin) {
  SystemRandom random;
  for (const std::string& words : {std::string(), std::string("HTTP/1.1 200 OK\r\n\r\n"),
                                   std::string(100'000, '\xff'), std::string(9, '\0')}) {
    const TempDir dir;
    const Stranger stranger(dir / "kms.sock", words);
    PluginClient client("unix://" + (dir / "kms.sock"), kShort, random);
    EXPECT_EQ(ReasonOf(client.GetStatus().status()), Reason::kHolderUnreachable);
  }
}

TEST(StrangerTest, NobodyThereIsNoPlugin) {
  SystemRandom random;
  const TempDir dir;
  PluginClient client("unix://" + (dir / "none.sock"), kShort, random);
  EXPECT_EQ(ReasonOf(client.GetStatus().status()), Reason::kHolderUnreachable);
  PluginClient abstract("unix:///@lethe-test-nobody", kShort, random);
  EXPECT_EQ(ReasonOf(abstract.GetStatus().status()), Reason::kHolderUnreachable);
}

}  // namespace
}  // namespace lethe::test
