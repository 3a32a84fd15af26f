#include "server/tls/client_check.h"

#include <string>
#include <utility>

namespace lethe::server {
namespace {

namespace tls = grpc::experimental;

std::string TextOf(grpc::string_ref text) { return std::string(text.data(), text.size()); }

// Destroyed by gRPC, through its base.
class ClientCheck final : public tls::ExternalCertificateVerifier {
 public:
  explicit ClientCheck(std::shared_ptr<const ListsInForce> lists) : lists_(std::move(lists)) {}
  ~ClientCheck() override = default;

  bool Verify(tls::TlsCustomVerificationCheckRequest* request,
              std::function<void(grpc::Status)> /*callback*/, grpc::Status* status) override {
    *status = grpc::Status::OK;
    const auto lists = lists_->Get();
    if (lists == nullptr) return true;
    // A resumed connection brings its own certificate alone: those above it were looked up when
    // its session began, and no session outlives a change of the lists (CertificateKeeper).
    const std::string chain =
        TextOf(request->peer_cert()) + TextOf(request->peer_cert_full_chain());
    const absl::Status checked = lists->Check(chain);
    if (!checked.ok()) {
      *status = grpc::Status(grpc::StatusCode::UNAUTHENTICATED, std::string(checked.message()));
    }
    return true;
  }

  void Cancel(tls::TlsCustomVerificationCheckRequest* /*request*/) override {}

 private:
  const std::shared_ptr<const ListsInForce> lists_;
};

}  // namespace

void ListsInForce::Set(std::shared_ptr<const crypto::RevocationLists> lists) {
  const absl::MutexLock lock(&mutex_);
  lists_ = std::move(lists);
}

std::shared_ptr<const crypto::RevocationLists> ListsInForce::Get() const {
  const absl::MutexLock lock(&mutex_);
  return lists_;
}

std::shared_ptr<tls::CertificateVerifier> MakeClientCheck(
    std::shared_ptr<const ListsInForce> lists) {
  return tls::ExternalCertificateVerifier::Create<ClientCheck>(std::move(lists));
}

}  // namespace lethe::server
