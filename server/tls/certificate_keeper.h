// Keeps the certificates in service level with the operator's files, while the port stays open.
//
// gRPC can change a bound port's certificates in one way only: by watching files. The keeper gives
// it files of its own, in memory: the operator's are read together and checked together first, and
// what is not fit never gets there. Chain and key are one file, since gRPC reads two at two
// moments.
#ifndef LETHE_SERVER_TLS_CERTIFICATE_KEEPER_H_
#define LETHE_SERVER_TLS_CERTIFICATE_KEEPER_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "base/clock.h"
#include "grpcpp/security/server_credentials.h"
#include "server/telling/certificate_report.h"
#include "server/telling/log.h"
#include "server/tls/client_check.h"
#include "server/tls/memory_file.h"
#include "server/tls/tls_files.h"
#include "server/tls/tls_material.h"

namespace lethe::server {

// For one thread; the credentials for any. Outlives the server that has the credentials.
class CertificateKeeper {
 public:
  // Renewals take days; who is told a month ahead has no excuse.
  static constexpr absl::Duration kNotice = absl::Hours(24 * 30);
  static constexpr absl::Duration kReminder = absl::Hours(24);

  // Reads the files, with dates of any kind (tls_material.h). INVALID_ARGUMENT names setting, path
  // and fault. `log`, `clock` and `board` outlive the keeper.
  static absl::StatusOr<std::unique_ptr<CertificateKeeper>> Open(TlsFiles files, const Log& log,
                                                                 const Clock& clock,
                                                                 CertificateBoard& board);

  // TLS 1.2 with AES-GCM or 1.3; a client certificate is required, verified against tls.ca and
  // looked up in tls.crl. New connections have what Look took up a second later at most.
  std::shared_ptr<grpc::ServerCredentials> credentials() const { return credentials_; }

  // To be called once a second. Takes up what has changed and is fit; of what is not it keeps
  // the old, with an alarm. Two files are seldom replaced in one moment, so a fault is an alarm
  // when it is there a second time, or at once if `asked` by the operator (SIGHUP).
  void Look(bool asked = false);

 private:
  CertificateKeeper(TlsFiles files, const Log& log, const Clock& clock, CertificateBoard& board,
                    TlsMaterial material, MemoryFile identity, MemoryFile authorities);

  absl::Status Install(TlsMaterial material);
  void TakeFault(const absl::Status& fault, bool asked);
  void TellLoaded() const;
  // What ends soon or has ended, now.
  std::vector<std::string> Endings(absl::Time now) const;
  void Report(absl::Time now);

  const TlsFiles files_;
  const Log& log_;
  const Clock& clock_;
  CertificateBoard& board_;
  TlsMaterial material_;  // In service; its key is empty.
  std::uint64_t loads_ = 1;
  absl::Time loaded_;
  FileStamps stamps_;    // When they were last read.
  bool settled_ = true;  // False: they are read again although their stamps are the same.
  std::string fault_;    // Found at the last look, empty if none.
  std::string told_;     // The fault that there is an alarm for.
  absl::Time reminded_ = absl::InfinitePast();
  std::vector<std::string> endings_;

  // In the order in which gRPC needs them.
  MemoryFile identity_;
  MemoryFile authorities_;
  const std::shared_ptr<ListsInForce> lists_;
  std::shared_ptr<grpc::ServerCredentials> credentials_;
};

}  // namespace lethe::server

#endif  // LETHE_SERVER_TLS_CERTIFICATE_KEEPER_H_
