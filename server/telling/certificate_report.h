// How the server's certificates are, for the status and the log.
#ifndef LETHE_SERVER_TELLING_CERTIFICATE_REPORT_H_
#define LETHE_SERVER_TELLING_CERTIFICATE_REPORT_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"

namespace lethe::server {

struct CertificateReport {
  // Of what is in service, which is not always what lies in the files.
  absl::Time not_after;
  std::string serial;
  std::string fingerprint;
  absl::Time authority_not_after;       // Of the authority that ends first.
  std::optional<absl::Time> lists_due;  // When the next revocation list is, if one says so.
  absl::Time loaded;                    // Into service.
  std::uint64_t loads = 0;              // Since the start, which is the first.
  // What an operator must look at: files that cannot be taken, what ends soon or has ended. Names
  // settings, never paths.
  std::vector<std::string> alarms;
};

// Where the one who watches the files leaves the report for those who are asked. Thread-safe.
class CertificateBoard {
 public:
  void Put(CertificateReport report) {
    const absl::MutexLock lock(&mutex_);
    report_ = std::move(report);
  }
  // Nothing in development mode, which has no certificates.
  std::optional<CertificateReport> Get() const {
    const absl::MutexLock lock(&mutex_);
    return report_;
  }

 private:
  mutable absl::Mutex mutex_;
  std::optional<CertificateReport> report_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace lethe::server

#endif  // LETHE_SERVER_TELLING_CERTIFICATE_REPORT_H_
