// The operator's files of one test: an authority, a server's certificate, and what becomes of them.
#ifndef LETHE_TESTS_SERVER_TLS_CERTIFICATE_FILES_H_
#define LETHE_TESTS_SERVER_TLS_CERTIFICATE_FILES_H_

#include <cstdio>
#include <string>

#include "absl/time/clock.h"
#include "base/check.h"
#include "base/text/text_file.h"
#include "crypto/dev_ca.h"
#include "server/tls/tls_files.h"

namespace lethe::test {

class CertificateFiles {
 public:
  explicit CertificateFiles(std::string folder) : folder_(std::move(folder)), ca_(MakeCa()) {
    Renew();
    Write("ca.crt", ca_.certificate_pem());
  }

  static crypto::DevCa MakeCa(absl::Time now = absl::Now()) {
    auto ca = crypto::DevCa::Create(now);
    LETHE_CHECK(ca.ok());
    return *std::move(ca);
  }
  static crypto::CertifiedKey ServerOf(const crypto::DevCa& ca) {
    auto issued = ca.Issue({"server", {"DNS:localhost", "IP:127.0.0.1"}, true});
    LETHE_CHECK(issued.ok());
    return *std::move(issued);
  }

  // With tls.crl once there is one.
  server::TlsFiles paths() const {
    return {PathOf("ca.crt"), PathOf("server.crt"), PathOf("server.key"), crl_};
  }
  std::string PathOf(const std::string& name) const { return folder_ + "/" + name; }
  const crypto::DevCa& ca() const { return ca_; }

  // By a rename, as careful tools do.
  void Write(const std::string& name, const std::string& text) const {
    LETHE_CHECK(WriteTextFile(PathOf(name), text).ok());
  }
  std::string Read(const std::string& name) const { return *ReadTextFile(PathOf(name)); }
  void Remove(const std::string& name) const { std::remove(PathOf(name).c_str()); }
  // A certificate of the authority, and its key.
  crypto::CertifiedKey Renew() const { return Install(ServerOf(ca_)); }
  crypto::CertifiedKey Install(crypto::CertifiedKey own) const {
    Write("server.crt", own.certificate_pem);
    Write("server.key", own.key_pem);
    return own;
  }
  void Withdraw(const std::vector<std::string>& certificates) {
    crl_ = PathOf("ca.crl");
    Write("ca.crl", *ca_.Revoke(certificates));
  }

 private:
  const std::string folder_;
  const crypto::DevCa ca_;
  std::string crl_;
};

}  // namespace lethe::test

#endif  // LETHE_TESTS_SERVER_TLS_CERTIFICATE_FILES_H_
