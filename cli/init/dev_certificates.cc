#include "cli/init/dev_certificates.h"

#include "base/bytes.h"
#include "base/private_file.h"
#include "base/status_macros.h"
#include "crypto/dev_ca.h"

namespace lethe::cli {
namespace {

absl::Status WritePair(const std::string& stem, crypto::CertifiedKey pair) {
  absl::Status written = WritePrivateFile(stem + ".key", pair.key_pem);
  Wipe(pair.key_pem);
  LETHE_TRY(written);
  return WritePrivateFile(stem + ".crt", pair.certificate_pem);
}

}  // namespace

std::string DevClientUri(const std::string& tenant) {
  return "spiffe://lethe.dev/tenants/" + tenant + "/clients/dev";
}

std::string DevOperatorUri() { return "spiffe://lethe.dev/operators/dev"; }

absl::Status WriteDevCertificates(const std::string& folder,
                                  const std::vector<std::string>& tenants, const Clock& clock) {
  LETHE_TRY(MakePrivateFolder(folder));
  LETHE_ASSIGN(const crypto::DevCa ca, crypto::DevCa::Create(clock.Now()));
  LETHE_TRY(WritePrivateFile(folder + "/ca.crt", ca.certificate_pem()));
  LETHE_ASSIGN(auto server, ca.Issue({.common_name = "lethed",
                                      .names = {"DNS:localhost", "IP:127.0.0.1", "IP:::1"},
                                      .is_server = true}));
  LETHE_TRY(WritePair(folder + "/server", std::move(server)));
  LETHE_ASSIGN(auto person,
               ca.Issue({.common_name = "operator", .names = {"URI:" + DevOperatorUri()}}));
  LETHE_TRY(WritePair(folder + "/operator", std::move(person)));
  for (const std::string& tenant : tenants) {
    LETHE_ASSIGN(auto client,
                 ca.Issue({.common_name = tenant, .names = {"URI:" + DevClientUri(tenant)}}));
    LETHE_TRY(WritePair(folder + "/" + tenant, std::move(client)));
  }
  return absl::OkStatus();
}

}  // namespace lethe::cli
