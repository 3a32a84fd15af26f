#include "tests/server/wire/test_server.h"

#include "absl/strings/str_format.h"
#include "absl/time/clock.h"
#include "base/check.h"
#include "base/text/text_file.h"
#include "grpcpp/create_channel.h"
#include "grpcpp/security/credentials.h"
#include "spdlog/sinks/ostream_sink.h"

namespace lethe::test {
namespace {

crypto::DevCa MakeCa() {
  auto ca = crypto::DevCa::Create(absl::Now());
  LETHE_CHECK(ca.ok());
  return *std::move(ca);
}

crypto::CertifiedKey Issue(const crypto::DevCa& ca, const std::vector<std::string>& names,
                           bool is_server) {
  auto issued = ca.Issue({"somebody", names, is_server});
  LETHE_CHECK(issued.ok());
  return *std::move(issued);
}

}  // namespace

TestServer::TestServer()
    : ca_(MakeCa()),
      foreign_ca_(MakeCa()),
      log_(std::make_unique<server::Log>(
          "debug", std::make_shared<spdlog::sinks::ostream_sink_mt>(log_text_))) {
  const auto own = Issue(ca_, {"DNS:localhost", "IP:127.0.0.1"}, true);
  const auto write = [this](const char* name, const std::string& text) {
    LETHE_CHECK(WriteTextFile(dir_ / name, text).ok());
    return dir_ / name;
  };
  config.data_dir = dir_.path();
  config.listen = "127.0.0.1:0";
  config.tls = {write("ca.crt", ca_.certificate_pem()), write("server.crt", own.certificate_pem),
                write("server.key", own.key_pem)};
  config.limits.workers = 2;
  config.limits.workers_rights = 1;
  config.limits.workers_streams = 2;
}

// Whatever a test left waiting may go on, or the server would never stop.
TestServer::~TestServer() {
  vault.Release();
  if (server_ != nullptr) Stop();
}

absl::Status TestServer::Start() {
  auto started = server::Server::Start(config, vault, *log_, clock_, random_);
  if (started.ok()) server_ = *std::move(started);
  return started.status();
}

std::shared_ptr<grpc::Channel> TestServer::ConnectWith(
    const crypto::DevCa& ca, const std::vector<std::string>& names) const {
  return ConnectAs(Issue(ca, names, false));
}

std::shared_ptr<grpc::Channel> TestServer::ConnectAs(const crypto::CertifiedKey& own) const {
  grpc::SslCredentialsOptions options;
  options.pem_root_certs = ca_.certificate_pem();
  options.pem_cert_chain = own.certificate_pem;
  options.pem_private_key = own.key_pem;
  return grpc::CreateChannel(absl::StrFormat("127.0.0.1:%d", server_->port()),
                             grpc::SslCredentials(options));
}

std::shared_ptr<grpc::Channel> TestServer::Connect(const std::vector<std::string>& names) const {
  return ConnectWith(ca_, names);
}

std::shared_ptr<grpc::Channel> TestServer::ConnectForeign(
    const std::vector<std::string>& names) const {
  return ConnectWith(foreign_ca_, names);
}

std::shared_ptr<grpc::Channel> TestServer::ConnectAnonymous() const {
  grpc::SslCredentialsOptions options;
  options.pem_root_certs = ca_.certificate_pem();
  return grpc::CreateChannel(absl::StrFormat("127.0.0.1:%d", server_->port()),
                             grpc::SslCredentials(options));
}

std::shared_ptr<grpc::Channel> TestServer::ConnectPlain(int port) const {
  return grpc::CreateChannel(absl::StrFormat("127.0.0.1:%d", port),
                             grpc::InsecureChannelCredentials());
}

std::string TestServer::log_text() const { return log_text_.str(); }

}  // namespace lethe::test
