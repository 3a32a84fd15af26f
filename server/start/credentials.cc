#include "server/start/credentials.h"

#include "absl/strings/str_format.h"
#include "base/bytes.h"
#include "base/status_macros.h"
#include "crypto/certificate.h"
#include "server/start/text_file.h"

namespace lethe::server {
namespace {

// gRPC only says that it cannot listen; these say which file is to blame.
absl::Status Blame(const char* setting, const std::string& path, const char* what) {
  return absl::InvalidArgumentError(absl::StrFormat("%s: %s %s", setting, path, what));
}

absl::StatusOr<std::string> ReadCertificate(const char* setting, const std::string& path) {
  auto pem = ReadTextFile(path);
  if (!pem.ok()) return Blame(setting, path, "cannot be read");
  if (!crypto::InspectCertificate(*pem).ok()) return Blame(setting, path, "holds no certificate");
  return pem;
}

}  // namespace

absl::StatusOr<std::shared_ptr<grpc::ServerCredentials>> CredentialsFrom(
    const ServerConfig& config) {
  if (config.insecure_loopback_dev) return grpc::InsecureServerCredentials();
  grpc::SslServerCredentialsOptions options(
      GRPC_SSL_REQUEST_AND_REQUIRE_CLIENT_CERTIFICATE_AND_VERIFY);
  LETHE_ASSIGN(options.pem_root_certs, ReadCertificate("tls.ca", config.tls.ca));
  LETHE_ASSIGN(const std::string cert, ReadCertificate("tls.cert", config.tls.cert));
  auto key = ReadTextFile(config.tls.key);
  if (!key.ok()) return Blame("tls.key", config.tls.key, "cannot be read");
  if (!crypto::CheckKeyMatches(cert, *key).ok()) {
    return Blame("tls.key", config.tls.key, "is not the key of tls.cert");
  }
  options.pem_key_cert_pairs.push_back({*key, cert});
  auto credentials = grpc::SslServerCredentials(options);
  Wipe(*key);
  Wipe(options.pem_key_cert_pairs.front().private_key);
  return credentials;
}

}  // namespace lethe::server
