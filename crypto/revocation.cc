#include "crypto/revocation.h"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <ctime>
#include <vector>

#include "base/status_macros.h"

namespace lethe::crypto {
namespace {

using Memory = std::unique_ptr<BIO, decltype(&BIO_free)>;
using Certificate = std::unique_ptr<X509, decltype(&X509_free)>;
using List = std::unique_ptr<X509_CRL, decltype(&X509_CRL_free)>;

// Clocks disagree by as much.
constexpr absl::Duration kClockSlack = absl::Minutes(5);

absl::Status Wrong(const char* what) { return absl::InvalidArgumentError(what); }

absl::Time TimeOf(const ASN1_TIME* time) {
  std::tm parts{};
  if (ASN1_TIME_to_tm(time, &parts) != 1) return absl::InfiniteFuture();
  return absl::FromTM(parts, absl::UTCTimeZone());
}

// Every object of its kind in a PEM text; nothing if one of them is cut off or damaged.
template <typename Owner, typename Read>
std::vector<Owner> ReadAll(const std::string& pem, Read read,
                           void (*drop)(typename Owner::pointer)) {
  const Memory memory(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())), &BIO_free);
  std::vector<Owner> all;
  while (true) {
    Owner next(read(memory.get(), nullptr, nullptr, nullptr), drop);
    if (next == nullptr) break;
    all.push_back(std::move(next));
  }
  const unsigned long error = ERR_peek_last_error();
  ERR_clear_error();
  const bool at_end =
      ERR_GET_LIB(error) == ERR_LIB_PEM && ERR_GET_REASON(error) == PEM_R_NO_START_LINE;
  if (!at_end) all.clear();
  return all;
}

std::vector<Certificate> CertificatesOf(const std::string& pem) {
  return ReadAll<Certificate>(pem, PEM_read_bio_X509, &X509_free);
}

// Deltas, parts by reason or by kind of certificate, lists for other authorities: all are marked
// critical, since whoever does not know them would believe too much.
bool IsPartial(const X509_CRL* list) {
  for (int i = 0; i < X509_CRL_get_ext_count(list); ++i) {
    if (X509_EXTENSION_get_critical(X509_CRL_get_ext(list, i)) == 1) return true;
  }
  return false;
}

bool IsSignedBy(X509_CRL* list, X509* authority) {
  const bool signed_by =
      X509_NAME_cmp(X509_CRL_get_issuer(list), X509_get_subject_name(authority)) == 0 &&
      X509_CRL_verify(list, X509_get0_pubkey(authority)) == 1;
  ERR_clear_error();
  return signed_by;
}

absl::Status CheckList(X509_CRL* list, const std::vector<Certificate>& authorities,
                       absl::Time now) {
  if (IsPartial(list)) return Wrong("holds a partial list; complete ones are needed");
  if (TimeOf(X509_CRL_get0_lastUpdate(list)) > now + kClockSlack) {
    return Wrong("holds a list that is not in force yet");
  }
  const bool known = std::ranges::any_of(authorities, [list](const Certificate& authority) {
    return IsSignedBy(list, authority.get());
  });
  return known ? absl::OkStatus() : Wrong("holds a list that no authority of tls.ca has signed");
}

}  // namespace

struct RevocationLists::Parts {
  std::vector<List> lists;
};

RevocationLists::RevocationLists(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
RevocationLists::RevocationLists(RevocationLists&& other) noexcept = default;
RevocationLists& RevocationLists::operator=(RevocationLists&& other) noexcept = default;
RevocationLists::~RevocationLists() = default;

absl::StatusOr<RevocationLists> RevocationLists::Read(const std::string& crl_pem,
                                                      const std::string& ca_pem, absl::Time now) {
  auto parts = std::make_unique<Parts>();
  parts->lists = ReadAll<List>(crl_pem, PEM_read_bio_X509_CRL, &X509_CRL_free);
  if (parts->lists.empty()) return Wrong("holds no whole revocation list in PEM");
  const std::vector<Certificate> authorities = CertificatesOf(ca_pem);
  for (const List& list : parts->lists) LETHE_TRY(CheckList(list.get(), authorities, now));
  for (const Certificate& authority : authorities) {
    const bool listed = std::ranges::any_of(parts->lists, [&authority](const List& list) {
      return IsSignedBy(list.get(), authority.get());
    });
    if (!listed) return Wrong("lacks the list of an authority in tls.ca");
  }
  return RevocationLists(std::move(parts));
}

absl::Status RevocationLists::Check(const std::string& chain_pem) const {
  const std::vector<Certificate> chain = CertificatesOf(chain_pem);
  if (chain.empty()) return Wrong("there is no certificate");
  for (const Certificate& certificate : chain) {
    bool listed = false;
    for (const List& list : parts_->lists) {
      if (X509_NAME_cmp(X509_CRL_get_issuer(list.get()), X509_get_issuer_name(certificate.get())) !=
          0) {
        continue;
      }
      listed = true;
      X509_REVOKED* revoked = nullptr;
      if (X509_CRL_get0_by_cert(list.get(), &revoked, certificate.get()) == 1) {
        return absl::PermissionDeniedError("the certificate is withdrawn");
      }
    }
    if (!listed) return absl::PermissionDeniedError("no list of the certificate's issuer");
  }
  return absl::OkStatus();
}

absl::Time RevocationLists::next_update() const {
  absl::Time first = absl::InfiniteFuture();
  for (const List& list : parts_->lists) {
    const ASN1_TIME* next = X509_CRL_get0_nextUpdate(list.get());
    if (next != nullptr) first = std::min(first, TimeOf(next));
  }
  return first;
}

}  // namespace lethe::crypto
