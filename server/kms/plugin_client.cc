#include "server/kms/plugin_client.h"

#include <array>

#include "absl/time/clock.h"
#include "base/reason.h"
#include "base/status_macros.h"
#include "grpcpp/create_channel.h"
#include "grpcpp/security/credentials.h"
#include "server/kms/endpoint.h"

namespace lethe::server::kms {
namespace {

using vault::holders::ServiceSeal;

// A plugin that was started anew is found again this soon; gRPC's own pauses grow to two minutes.
constexpr int kReconnectFirstMs = 100;
constexpr int kReconnectMaxMs = 1'000;

std::shared_ptr<grpc::Channel> ChannelTo(const std::string& endpoint) {
  grpc::ChannelArguments arguments;
  arguments.SetString(GRPC_ARG_DEFAULT_AUTHORITY, "localhost");
  arguments.SetInt(GRPC_ARG_ENABLE_HTTP_PROXY, 0);
  arguments.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, kReconnectFirstMs);
  arguments.SetInt(GRPC_ARG_MIN_RECONNECT_BACKOFF_MS, kReconnectMaxMs);
  arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, kReconnectMaxMs);
  arguments.SetMaxReceiveMessageSize(kAnswerBytesMax);
  return grpc::CreateCustomChannel(TargetOf(endpoint), grpc::InsecureChannelCredentials(),
                                   arguments);
}

// The plugin's own text stays out: it may quote anything.
absl::Status Failure(const grpc::Status& status) {
  switch (status.error_code()) {
    case grpc::StatusCode::DEADLINE_EXCEEDED:
      return Refuse(Reason::kHolderUnreachable, "the key service did not answer in time");
    case grpc::StatusCode::UNAVAILABLE:
      return Refuse(Reason::kHolderUnreachable, "the key service cannot be reached");
    case grpc::StatusCode::RESOURCE_EXHAUSTED:
      return Refuse(Reason::kHolderUnreachable, "the key service answered too much, or is busy");
    case grpc::StatusCode::CANCELLED:
      return Refuse(Reason::kHolderUnreachable, "the call to the key service was ended");
    default:
      return Refuse(Reason::kHolderUnreachable, "the key service refused the call");
  }
}

// Most plugins answer UNKNOWN to everything, an outage of their cloud included, so only these two
// codes say that another try is in vain.
bool DeniesTheSeal(const grpc::Status& status) {
  return status.error_code() == grpc::StatusCode::INVALID_ARGUMENT ||
         status.error_code() == grpc::StatusCode::DATA_LOSS;
}

}  // namespace

// Known to Close for as long as it lives.
class PluginClient::Flight {
 public:
  explicit Flight(PluginClient& client) : client_(client) {
    context_.set_deadline(absl::ToChronoTime(absl::Now() + client.timeout_));
    // A plugin that is just starting is waited for, within the limit.
    context_.set_wait_for_ready(true);
    const absl::MutexLock lock(&client_.mutex_);
    if (client_.closed_) context_.TryCancel();
    client_.in_flight_.insert(&context_);
  }
  ~Flight() {
    const absl::MutexLock lock(&client_.mutex_);
    client_.in_flight_.erase(&context_);
  }
  Flight(const Flight&) = delete;
  Flight& operator=(const Flight&) = delete;

  grpc::ClientContext* context() { return &context_; }

 private:
  PluginClient& client_;
  grpc::ClientContext context_;
};

PluginClient::PluginClient(const std::string& endpoint, absl::Duration timeout, Random& random)
    : stub_(v2::KeyManagementService::NewStub(ChannelTo(endpoint))),
      timeout_(timeout),
      random_(random) {}

template <typename Call>
grpc::Status PluginClient::Within(const Call& call) {
  Flight flight(*this);
  return call(flight.context());
}

std::string PluginClient::DrawId() const {
  std::array<std::uint8_t, 16> id;
  random_.Fill(id);
  return ToHex(id);
}

absl::StatusOr<PluginState> PluginClient::GetStatus() {
  v2::StatusResponse answer;
  const grpc::Status status = Within([&](grpc::ClientContext* context) {
    return stub_->Status(context, v2::StatusRequest(), &answer);
  });
  if (!status.ok()) return Failure(status);
  LETHE_ASSIGN(PluginState state, StateFrom(answer));
  const absl::MutexLock lock(&mutex_);
  if (first_version_.empty()) first_version_ = state.version;
  if (state.version != first_version_) {
    return Refuse(Reason::kHolderUnreachable, "the key service changed its version", "version");
  }
  return state;
}

absl::StatusOr<ServiceSeal> PluginClient::Encrypt(Bytes plaintext) {
  v2::EncryptRequest request;
  request.set_plaintext(plaintext.data(), plaintext.size());
  request.set_uid(DrawId());
  v2::EncryptResponse answer;
  const grpc::Status status = Within(
      [&](grpc::ClientContext* context) { return stub_->Encrypt(context, request, &answer); });
  // Ours; what gRPC copied to send it is its own to free.
  Wipe(*request.mutable_plaintext());
  if (!status.ok()) return Failure(status);
  return SealFrom(answer);
}

absl::Status PluginClient::Decrypt(const ServiceSeal& seal, MutableBytes plaintext) {
  v2::DecryptRequest request;
  request.set_ciphertext(seal.ciphertext);
  request.set_uid(DrawId());
  request.set_key_id(seal.key_id);
  request.mutable_annotations()->insert(seal.annotations.begin(), seal.annotations.end());
  v2::DecryptResponse answer;
  const grpc::Status status = Within(
      [&](grpc::ClientContext* context) { return stub_->Decrypt(context, request, &answer); });
  if (DeniesTheSeal(status)) {
    return Refuse(Reason::kDecryptFailed, "the key service says that this is no seal of its own");
  }
  if (!status.ok()) return Failure(status);
  return PlaintextFrom(answer, plaintext);
}

void PluginClient::Close() {
  const absl::MutexLock lock(&mutex_);
  closed_ = true;
  for (grpc::ClientContext* const context : in_flight_) context->TryCancel();
}

}  // namespace lethe::server::kms
