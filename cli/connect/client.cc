#include "cli/connect/client.h"

#include <fstream>
#include <sstream>

#include "absl/time/clock.h"
#include "base/bytes.h"
#include "base/status_macros.h"
#include "cli/connect/interrupt.h"

namespace lethe::cli {
namespace {

// A restarting server is back within a second or two; longer is an outage that the caller should
// hear of.
constexpr int kAttemptsMax = 4;
constexpr absl::Duration kPauseFirst = absl::Milliseconds(150);

absl::StatusOr<std::string> ReadPem(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::stringstream text;
  if (!file || !(text << file.rdbuf())) return Usage("cannot read the PEM file " + path);
  return text.str();
}

absl::StatusOr<std::shared_ptr<grpc::ChannelCredentials>> CredentialsOf(
    const ConnectionSettings& settings) {
  if (settings.insecure) return grpc::InsecureChannelCredentials();
  grpc::SslCredentialsOptions options;
  LETHE_ASSIGN(options.pem_root_certs, ReadPem(settings.ca));
  LETHE_ASSIGN(options.pem_cert_chain, ReadPem(settings.cert));
  LETHE_ASSIGN(options.pem_private_key, ReadPem(settings.key));
  auto credentials = grpc::SslCredentials(options);
  Wipe(options.pem_private_key);
  return credentials;
}

}  // namespace

Client::Client(const std::shared_ptr<grpc::Channel>& channel, const ConnectionSettings& settings)
    : vault_(v1::VaultService::NewStub(channel)),
      rights_(v1::RightsService::NewStub(channel)),
      admin_(v1::AdminService::NewStub(channel)),
      timeout_(settings.timeout) {
  if (settings.insecure) {
    dev_principal_ = "spiffe://lethe.dev/tenants/" + settings.tenant + "/clients/dev";
  }
}

absl::StatusOr<Client> Client::Connect(const ConnectionSettings& settings) {
  LETHE_ASSIGN(const auto credentials, CredentialsOf(settings));
  grpc::ChannelArguments arguments;
  // Personal data takes no detour because an http_proxy is set somewhere.
  arguments.SetInt(GRPC_ARG_ENABLE_HTTP_PROXY, 0);
  return Client(grpc::CreateCustomChannel(settings.address, credentials, arguments), settings);
}

void Client::Prepare(grpc::ClientContext& context) const {
  if (!dev_principal_.empty()) context.AddMetadata("x-lethe-dev-principal", dev_principal_);
}

absl::Status Client::Try(const std::string& request_id,
                         const std::function<grpc::Status(grpc::ClientContext&)>& call) const {
  const absl::Time deadline = absl::Now() + timeout_;
  absl::Duration pause = kPauseFirst;
  for (int attempt = 1;; ++attempt) {
    grpc::ClientContext context;
    Prepare(context);
    context.set_deadline(absl::ToChronoTime(deadline));
    grpc::Status status;
    {
      const Interrupt::Scope on_interrupt([&context] { context.TryCancel(); });
      status = call(context);
    }
    if (Interrupt::Raised()) return Interrupted("interrupted; the change may have been made");
    const bool again = status.error_code() == grpc::StatusCode::UNAVAILABLE &&
                       attempt < kAttemptsMax && absl::Now() + pause < deadline;
    if (!again) return FromRpc(status, request_id);
    absl::SleepFor(pause);
    pause *= 3;
  }
}

}  // namespace lethe::cli
