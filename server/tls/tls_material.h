// What the operator's files hold, read together and found fit to serve with.
#ifndef LETHE_SERVER_TLS_TLS_MATERIAL_H_
#define LETHE_SERVER_TLS_TLS_MATERIAL_H_

#include <array>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "base/file_stamp.h"
#include "crypto/certificate.h"
#include "crypto/revocation.h"
#include "server/tls/tls_files.h"

namespace lethe::server {

// PEM of a private key, overwritten when it dies.
class KeyText {
 public:
  KeyText() = default;
  explicit KeyText(std::string text) : text_(std::move(text)) {}
  KeyText(KeyText&& other) noexcept;
  KeyText& operator=(KeyText&& other) noexcept;
  ~KeyText();

  const std::string& Reveal() const { return text_; }

 private:
  std::string text_;
};

struct TlsMaterial {
  std::string ca;
  std::string cert;
  KeyText key;
  std::string crl;
  crypto::CertificateFacts server;                       // Of the chain's first.
  std::vector<crypto::CertificateFacts> authorities;     // One or more.
  std::shared_ptr<const crypto::RevocationLists> lists;  // Null without tls.crl.
};

// INVALID_ARGUMENT: "SETTING: what is wrong", without a path. A file that cannot be read, is cut
// off or is no PEM; a key that is not the certificate's, or one too weak for TLS; a list that is
// none of the authorities'. The certificates' own dates are not looked at.
absl::StatusOr<TlsMaterial> ReadMaterial(const TlsFiles& files, absl::Time now);

// INVALID_ARGUMENT in the same form: the server's certificate has ended or not begun, or no
// authority is in force.
absl::Status CheckDates(const TlsMaterial& material, absl::Time now);

// A fault of ReadMaterial together with the path of its file, for whoever may know it.
std::string WithPath(const TlsFiles& files, const absl::Status& fault);

// What a change of one of the files changes.
class FileStamps {
 public:
  static FileStamps Of(const TlsFiles& files);
  bool operator==(const FileStamps& other) const = default;
  bool AreSettled(absl::Time now) const;  // FileStamp's, of all.

 private:
  std::array<FileStamp, 4> stamps_;
};

}  // namespace lethe::server

#endif  // LETHE_SERVER_TLS_TLS_MATERIAL_H_
