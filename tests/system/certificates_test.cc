// The certificates of a running server are renewed, broken and repaired a hundred times while
// clients connect and call: the real lethed, real mutual TLS, and nobody notices.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <csignal>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <mutex>
#include <set>
#include <thread>

#include "absl/strings/str_format.h"
#include "crypto/certificate.h"
#include "crypto/dev_ca.h"
#include "tests/support/replay.h"
#include "tests/system/client_stubs.h"
#include "tests/system/file_wait.h"
#include "tests/system/running_vault.h"

namespace lethe::test {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

constexpr int kRenewals = kSlowBuild ? 20 : 100;
constexpr int kBrokenEvery = 10;
constexpr int kCallers = 3;
// Between two renewals, so that they happen under load: with a real handshake each.
constexpr int kConnectionsBetween = kSlowBuild ? 5 : 20;
constexpr absl::Duration kPatience = absl::Seconds(20);
constexpr char kOperator[] = "URI:spiffe://example.org/operators/one";

crypto::DevCa MakeCa(absl::Time now = absl::Now()) { return *crypto::DevCa::Create(now); }

crypto::CertifiedKey ServerOf(const crypto::DevCa& ca) {
  return *ca.Issue({"server", {"DNS:localhost", "IP:127.0.0.1"}, true});
}

std::string SerialOf(const std::string& pem) { return crypto::InspectCertificate(pem)->serial; }

class CertificatesTest : public testing::Test {
 protected:
  void SetUp() override {
    auto vault = RunningVault::Make();
    ASSERT_TRUE(vault.ok()) << vault.status();
    vault_ = *std::move(vault);
    fs::create_directory(folder());
    Write("ca.crt", ca_.certificate_pem());
    Write("ca.crl", *ca_.Revoke({}));
    Install(ServerOf(ca_));
  }

  void Start() {
    ASSERT_TRUE(vault_->server().Start(Options()).ok());
    address_ = vault_->server().address();
  }
  ServerOptions Options() const {
    return {.flags = {"--tls-ca", PathOf("ca.crt"), "--tls-cert", PathOf("server.crt"), "--tls-key",
                      PathOf("server.key"), "--tls-crl", PathOf("ca.crl"), "--log-level", "info"}};
  }

  std::string folder() const { return vault_->folder().root() + "/tls"; }
  std::string PathOf(const std::string& name) const { return folder() + "/" + name; }
  void Write(const std::string& name, const std::string& text) const {
    std::ofstream(PathOf(name + ".new"), std::ios::binary) << text;
    fs::rename(PathOf(name + ".new"), PathOf(name));
  }
  void Install(const crypto::CertifiedKey& own) const {
    Write("server.crt", own.certificate_pem);
    Write("server.key", own.key_pem);
  }
  // One of the ways in which renewals go wrong. At no moment is there a set that could be taken up.
  void Break(int kind) const {
    if (kind % 5 == 0) Write("server.key", ServerOf(ca_).key_pem);
    if (kind % 5 == 1) Write("server.crt", ServerOf(ca_).certificate_pem.substr(0, 200));
    if (kind % 5 == 2) Write("ca.crt", "garbage");
    if (kind % 5 == 3) fs::remove(PathOf("server.key"));
    if (kind % 5 == 4) Install(ServerOf(MakeCa(absl::Now() - absl::Hours(24 * 366))));
  }
  void Repair(const crypto::CertifiedKey& own) const {
    Write("ca.crt", ca_.certificate_pem());
    Install(own);
  }

  std::shared_ptr<grpc::Channel> Connect(const crypto::CertifiedKey& own) const {
    grpc::ChannelArguments arguments;
    arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
    arguments.SetInt(GRPC_ARG_ENABLE_RETRIES, 0);
    return grpc::CreateCustomChannel(address_,
                                     grpc::SslCredentials({.pem_root_certs = ca_.certificate_pem(),
                                                           .pem_private_key = own.key_pem,
                                                           .pem_cert_chain = own.certificate_pem}),
                                     arguments);
  }
  crypto::CertifiedKey Client() const { return *ca_.Issue({"client", {kOperator}}); }

  struct Asked {
    grpc::Status status;
    v1::CertificateStatus certificates;
    std::string serial;  // Of the certificate that the connection was made with.
  };
  static Asked Ask(const std::shared_ptr<grpc::Channel>& channel) {
    Asked asked;
    grpc::ClientContext context;
    SetDeadline(context, kPatience);
    v1::GetStatusResponse response;
    asked.status = v1::AdminService::NewStub(channel)->GetStatus(&context, {}, &response);
    asked.certificates = response.certificates();
    if (!asked.status.ok()) return asked;
    const auto pem = context.auth_context()->FindPropertyValues(GRPC_X509_PEM_CERT_PROPERTY_NAME);
    if (!pem.empty()) asked.serial = SerialOf(std::string(pem[0].data(), pem[0].size()));
    return asked;
  }
  // Asks over `connect`'s channels until the answer is liked; true if that came in time.
  template <typename Connect, typename Liked>
  static bool AskUntil(absl::Duration limit, Connect connect, Liked liked) {
    const absl::Time end = absl::Now() + limit;
    while (absl::Now() < end) {
      if (liked(Ask(connect()))) return true;
    }
    return false;
  }
  std::string Log() const { return ReadFile(vault_->server().log()); }
  static int CountOf(const std::string& word, const std::string& text) {
    int count = 0;
    for (std::size_t at = text.find(word); at != text.npos; at = text.find(word, at + 1)) ++count;
    return count;
  }

  const crypto::DevCa ca_ = MakeCa();
  std::unique_ptr<RunningVault> vault_;
  std::string address_;
};

// Connects, calls and hangs up, again and again.
struct Load {
  std::atomic<bool> over{false};
  std::atomic<int> connections{0};
  std::atomic<int> failed{0};
  std::mutex mutex;
  std::set<std::string> serials;  // Of the certificates met.
  std::string first_failure;

  void Count(const grpc::Status& status, const std::string& serial) {
    const std::lock_guard lock(mutex);
    ++connections;
    if (status.ok()) {
      serials.insert(serial);
    } else if (++failed == 1) {
      first_failure = status.error_message();
    }
  }
};

TEST_F(CertificatesTest, AHundredRenewalsUnderLoadTenOfThemBrokenFailNoCall) {
  Start();
  Load load;
  const auto client = Client();
  std::vector<std::thread> callers;
  for (int i = 0; i < kCallers; ++i) {
    callers.emplace_back([&, lasting = i == 0] {
      auto channel = Connect(client);
      while (!load.over) {
        if (!lasting) channel = Connect(client);  // With a handshake of its own.
        const Asked asked = Ask(channel);
        load.Count(asked.status, asked.serial);
      }
    });
  }
  const auto watching = Connect(client);
  const auto here = [&] { return watching; };
  int alarms = 0;
  std::string serial;
  for (int i = 1; i <= kRenewals; ++i) {
    const int from = load.connections;
    while (load.connections < from + kConnectionsBetween) std::this_thread::yield();
    if (i % kBrokenEvery == 0) {
      Break(i / kBrokenEvery);
      kill(vault_->server().pid(), SIGHUP);
      alarms += AskUntil(kPatience, here, [&](const Asked& asked) {
        return asked.certificates.alarms_size() > 0 && asked.certificates.serial() == serial;
      });
      continue;
    }
    const auto next = ServerOf(ca_);
    serial = SerialOf(next.certificate_pem);
    Repair(next);
    kill(vault_->server().pid(), SIGHUP);
    ASSERT_TRUE(AskUntil(kPatience, here,
                         [&](const Asked& asked) {
                           return asked.certificates.serial() == serial &&
                                  asked.certificates.alarms_size() == 0;
                         }))
        << "renewal " << i;
  }
  Repair(ServerOf(ca_));
  EXPECT_TRUE(AskUntil(kPatience, here,
                       [&](const Asked& asked) { return asked.certificates.alarms_size() == 0; }));
  load.over = true;
  for (std::thread& caller : callers) caller.join();
  std::printf("%d renewals, %d alarms, %d connections and calls, %d failed, %d certificates met\n",
              kRenewals, alarms, load.connections.load(), load.failed.load(),
              static_cast<int>(load.serials.size()));
  EXPECT_EQ(load.failed, 0) << load.first_failure;
  EXPECT_EQ(alarms, kRenewals / kBrokenEvery);
  EXPECT_GE(load.serials.size(), 3u) << "the load hardly met a renewal";
  const std::string log = Log();
  // A look between two files of one change may find another fault than the one before and after it.
  EXPECT_GE(CountOf("certificates_refused", log), kRenewals / kBrokenEvery);
  EXPECT_LE(CountOf("certificates_refused", log), 2 * (kRenewals / kBrokenEvery));
  EXPECT_GE(CountOf("certificates_loaded", log), kRenewals - kRenewals / kBrokenEvery);
  EXPECT_EQ(CountOf("PRIVATE KEY", log), 0);
}

// The control of the test above: what it puts in the files serves nobody, and such a load sees it.
TEST_F(CertificatesTest, WhatIsBrokenWouldNotServeAtAll) {
  for (int kind = 0; kind < 4; ++kind) {
    Break(kind);
    ASSERT_TRUE(vault_->server().Launch(Options()).ok());
    const auto end = vault_->server().WaitForEnd(ServerProcess::kStartLimit);
    ASSERT_TRUE(end.ok());
    EXPECT_EQ(end->code, 3) << kind;
    EXPECT_THAT(Log(), HasSubstr("tls.")) << kind;
    Repair(ServerOf(ca_));
  }
  Break(
      4);  // Expired: it starts, since the vault's own work must go on, and no client believes it.
  Start();
  EXPECT_FALSE(Ask(Connect(Client())).status.ok());
  const auto next = ServerOf(ca_);
  Repair(next);
  EXPECT_TRUE(AskUntil(
      kPatience, [&] { return Connect(Client()); },
      [](const Asked& asked) { return asked.status.ok(); }));
}

TEST_F(CertificatesTest, ChangedFilesAreTakenUpByThemselvesWithinSeconds) {
  Start();
  const auto gone = Client();
  const auto kept = Client();
  const auto fresh = [&] { return Connect(kept); };
  ASSERT_TRUE(Ask(Connect(gone)).status.ok());
  const absl::Time start = absl::Now();
  const auto next = ServerOf(ca_);
  Install(next);
  const std::string serial = SerialOf(next.certificate_pem);
  EXPECT_TRUE(AskUntil(kPatience, fresh, [&](const Asked& asked) {
    EXPECT_TRUE(asked.status.ok()) << asked.status.error_message();
    return asked.serial == serial;
  }));
  const absl::Time renewed = absl::Now();
  Write("ca.crl", *ca_.Revoke({gone.certificate_pem}));
  EXPECT_TRUE(AskUntil(
      kPatience, [&] { return Connect(gone); },
      [](const Asked& asked) { return !asked.status.ok(); }));
  std::printf("a renewal after %.1f s, a withdrawal after %.1f s\n",
              absl::ToDoubleSeconds(renewed - start), absl::ToDoubleSeconds(absl::Now() - renewed));
  EXPECT_TRUE(Ask(fresh()).status.ok());
}

}  // namespace
}  // namespace lethe::test
