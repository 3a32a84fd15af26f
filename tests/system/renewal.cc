#include "tests/system/renewal.h"

#include <poll.h>

#include "absl/time/clock.h"
#include "base/private_file.h"
#include "base/status_macros.h"
#include "crypto/certificate.h"
#include "tests/system/client_stubs.h"
#include "tests/system/file_wait.h"

namespace lethe::test {
namespace {

// Of one handshake and one call.
constexpr absl::Duration kCallLimit = absl::Seconds(5);

bool HasEnded(const ServerProcess& server) {
  pollfd wait = {.fd = server.pidfd(), .events = POLLIN, .revents = 0};
  return poll(&wait, 1, 0) == 1;
}

// Of what the server proved itself with on a connection of its own; empty if there was none.
std::string SerialMet(const std::string& address, const Credentials& credentials) {
  grpc::ChannelArguments arguments;
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  const auto channel = grpc::CreateCustomChannel(
      address,
      grpc::SslCredentials({.pem_root_certs = ReadFile(credentials.ca),
                            .pem_private_key = ReadFile(credentials.key),
                            .pem_cert_chain = ReadFile(credentials.cert)}),
      arguments);
  grpc::ClientContext context;
  SetDeadline(context, kCallLimit);
  v1::GetStatusResponse response;
  if (!v1::AdminService::NewStub(channel)->GetStatus(&context, {}, &response).ok()) return {};
  const auto pem = context.auth_context()->FindPropertyValues(GRPC_X509_PEM_CERT_PROPERTY_NAME);
  if (pem.empty()) return {};
  const auto facts = crypto::InspectCertificate(std::string(pem[0].data(), pem[0].size()));
  return facts.ok() ? facts->serial : std::string();
}

}  // namespace

absl::StatusOr<std::unique_ptr<Renewal>> Renewal::Begin(const VaultFolder& folder) {
  LETHE_ASSIGN(crypto::DevCa ca, crypto::DevCa::Create(absl::Now()));
  const std::string both = folder.root() + "/ca/ca.crt";
  LETHE_TRY(WritePrivateFile(both, ReadFile(both) + ca.certificate_pem()));
  std::unique_ptr<Renewal> renewal(new Renewal(folder, std::move(ca)));
  LETHE_TRY(MakePrivateFolder(folder.root() + "/tls"));
  LETHE_TRY(renewal->Renew());
  return renewal;
}

std::vector<std::string> Renewal::flags() const {
  return {"--tls-ca",   folder_.root() + "/ca/ca.crt",
          "--tls-cert", folder_.root() + "/tls/server.crt",
          "--tls-key",  folder_.root() + "/tls/server.key"};
}

absl::Status Renewal::Renew() {
  LETHE_ASSIGN(const crypto::CertifiedKey next,
               ca_.Issue({"server", {"DNS:localhost", "IP:127.0.0.1"}, true}));
  LETHE_ASSIGN(const crypto::CertificateFacts facts,
               crypto::InspectCertificate(next.certificate_pem));
  LETHE_TRY(WritePrivateFile(folder_.root() + "/tls/server.crt", next.certificate_pem));
  LETHE_TRY(WritePrivateFile(folder_.root() + "/tls/server.key", next.key_pem));
  serial_ = facts.serial;
  return absl::OkStatus();
}

absl::Status Renewal::WaitUntilMet(const ServerProcess& server, absl::Duration limit) const {
  const absl::Time end = absl::Now() + limit;
  const Credentials credentials = folder_.CredentialsOf(kTenant);
  while (SerialMet(server.address(), credentials) != serial_) {
    if (HasEnded(server)) return absl::AbortedError("the server ended");
    if (absl::Now() >= end) {
      return absl::DeadlineExceededError("the renewed certificate is not taken up");
    }
  }
  return absl::OkStatus();
}

}  // namespace lethe::test
