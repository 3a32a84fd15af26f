#include "cli/doctor/certificate_checks.h"

#include <sys/stat.h>

#include <fstream>
#include <sstream>
#include <utility>

#include "base/bytes.h"
#include "base/status_macros.h"
#include "crypto/certificate.h"
#include "crypto/revocation.h"

namespace lethe::cli {
namespace {

using crypto::CertificateFacts;

// Time enough to have a new one made.
constexpr absl::Duration kRenewalNotice = absl::Hours(24 * 14);

absl::Status Wrong(const std::string& path, const std::string& what) {
  return absl::InvalidArgumentError(path + " " + what);
}

absl::StatusOr<std::string> Read(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::stringstream text;
  if (path.empty() || !file || !(text << file.rdbuf())) return Wrong(path, "cannot be read");
  return text.str();
}

absl::Status CheckKeyFile(const CertificateFiles& files, const std::string& cert) {
  struct stat info {};
  if (::stat(files.key.c_str(), &info) == 0 && (info.st_mode & 077) != 0) {
    return Wrong(files.key, "may be read by others: chmod 600");
  }
  LETHE_ASSIGN(std::string key, Read(files.key));
  const absl::Status matches = crypto::CheckKeyMatches(cert, key);
  Wipe(key);
  return matches.ok() ? matches : Wrong(files.key, std::string(matches.message()));
}

absl::Status CheckDates(const std::string& path, const CertificateFacts& facts, absl::Time now) {
  if (now < facts.not_before) return Wrong(path, "is not valid yet (or the clock is wrong)");
  if (now >= facts.not_after) return Wrong(path, "has expired");
  return absl::OkStatus();
}

// Everything but what only one side needs.
absl::StatusOr<CertificateFacts> CheckFiles(const CertificateFiles& files, absl::Time now) {
  LETHE_ASSIGN(const std::string ca, Read(files.ca));
  LETHE_ASSIGN(const std::string cert, Read(files.cert));
  const auto authority = crypto::InspectCertificate(ca);
  if (!authority.ok()) return Wrong(files.ca, std::string(authority.status().message()));
  auto facts = crypto::InspectCertificate(cert);
  if (!facts.ok()) return Wrong(files.cert, std::string(facts.status().message()));
  LETHE_TRY(CheckDates(files.ca, *authority, now));
  LETHE_TRY(CheckDates(files.cert, *facts, now));
  LETHE_TRY(CheckKeyFile(files, cert));
  if (files.crl.empty()) return facts;
  LETHE_ASSIGN(const std::string crl, Read(files.crl));
  const auto lists = crypto::RevocationLists::Read(crl, ca, now);
  if (!lists.ok()) return Wrong(files.crl, std::string(lists.status().message()));
  return facts;
}

// As server/door/identity.h reads it.
absl::Status CheckIdentity(const std::string& path, const CertificateFacts& facts) {
  if (facts.uris.size() != 1) return Wrong(path, "needs exactly one URI as alternative name");
  const std::string& uri = facts.uris.front();
  const bool spiffe = uri.starts_with("spiffe://");
  if (!spiffe || (uri.find("/tenants/") == uri.npos && uri.find("/operators/") == uri.npos)) {
    return Wrong(path, "has no URI of the form spiffe://<domain>/tenants/<tenant>/...");
  }
  return absl::OkStatus();
}

Finding FindingOf(std::string check, const absl::Status& status, const CertificateFacts& facts,
                  absl::Time now) {
  Finding finding{.check = std::move(check)};
  if (!status.ok()) {
    finding.health = Health::kBroken;
    finding.found = std::string(status.message());
    finding.remedy = "new certificates from your authority (to try things out: lethe init --dev)";
    return finding;
  }
  finding.found =
      "valid until " + absl::FormatTime("%Y-%m-%d", facts.not_after, absl::UTCTimeZone());
  if (facts.not_after - now < kRenewalNotice) {
    finding.health = Health::kWarning;
    finding.remedy = "renew it";
  }
  return finding;
}

}  // namespace

Finding CheckServerCertificate(const CertificateFiles& files, absl::Time now) {
  const auto facts = CheckFiles(files, now);
  if (!facts.ok()) return FindingOf("server certificate", facts.status(), {}, now);
  return FindingOf("server certificate", absl::OkStatus(), *facts, now);
}

Finding CheckClientCertificate(const CertificateFiles& files, absl::Time now) {
  const auto facts = CheckFiles(files, now);
  if (!facts.ok()) return FindingOf("client certificate", facts.status(), {}, now);
  return FindingOf("client certificate", CheckIdentity(files.cert, *facts), *facts, now);
}

}  // namespace lethe::cli
