// A TestServer is the real server on loopback with mutual TLS over a FakeVault, and the channels of
// those who call it.
#ifndef LETHE_TESTS_SERVER_WIRE_TEST_SERVER_H_
#define LETHE_TESTS_SERVER_WIRE_TEST_SERVER_H_

#include <chrono>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/random.h"
#include "crypto/dev_ca.h"
#include "grpcpp/channel.h"
#include "grpcpp/client_context.h"
#include "server/start/config.h"
#include "server/start/server.h"
#include "server/telling/log.h"
#include "tests/server/wire/fake_vault.h"
#include "tests/support/temp_dir.h"

namespace lethe::test {

inline constexpr char kAcmeClient[] = "URI:spiffe://example.org/tenants/acme/clients/billing";
inline constexpr char kNobody[] = "DNS:nobody.example.org";  // No URI: no identity.
inline constexpr char kUuid[] = "6f1c1d9e-3c5f-4b1a-9d0e-2f6f0a4b8c11";

class TestServer {
 public:
  TestServer();
  ~TestServer();

  // To be changed before Start.
  server::ServerConfig config;
  FakeVault vault;

  absl::Status Start();
  void Stop(absl::Duration drain = absl::ZeroDuration()) { server_->Stop(drain); }
  server::Server& server() { return *server_; }

  // A channel with a certificate of the server's own authority that has these names, for instance
  // {"URI:spiffe://…"}.
  std::shared_ptr<grpc::Channel> Connect(const std::vector<std::string>& names) const;
  // The same, signed by another authority.
  std::shared_ptr<grpc::Channel> ConnectForeign(const std::vector<std::string>& names) const;
  // TLS without any certificate.
  std::shared_ptr<grpc::Channel> ConnectAnonymous() const;
  std::shared_ptr<grpc::Channel> ConnectPlain(int port) const;

  // Everything logged. After Stop: until then the server's threads write to it.
  std::string log_text() const;
  TempDir& dir() { return dir_; }
  // The authority of the server and its clients.
  const crypto::DevCa& ca() const { return ca_; }
  // A channel with this certificate, chain or whatever else it holds.
  std::shared_ptr<grpc::Channel> ConnectAs(const crypto::CertifiedKey& own) const;

 private:
  std::shared_ptr<grpc::Channel> ConnectWith(const crypto::DevCa& ca,
                                             const std::vector<std::string>& names) const;

  TempDir dir_;
  SystemClock clock_;
  SystemRandom random_;
  crypto::DevCa ca_;
  crypto::DevCa foreign_ca_;
  std::ostringstream log_text_;
  std::unique_ptr<server::Log> log_;
  std::unique_ptr<server::Server> server_;
};

// A context whose deadline no sound call comes near, so that a broken one does not stall the run.
class CallContext : public grpc::ClientContext {
 public:
  CallContext() { set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(20)); }
};

}  // namespace lethe::test

#endif  // LETHE_TESTS_SERVER_WIRE_TEST_SERVER_H_
