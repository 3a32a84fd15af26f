#include "crypto/dev_ca.h"

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <array>
#include <utility>

#include "base/random.h"
#include "base/status_macros.h"

namespace lethe::crypto {
namespace {

using Key = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;
using Certificate = std::unique_ptr<X509, decltype(&X509_free)>;
using List = std::unique_ptr<X509_CRL, decltype(&X509_CRL_free)>;
using Memory = std::unique_ptr<BIO, decltype(&BIO_free)>;
using Extension = std::unique_ptr<X509_EXTENSION, decltype(&X509_EXTENSION_free)>;

constexpr char kAuthorityName[] = "Lethe development CA";
constexpr absl::Duration kClockSlack = absl::Hours(1);

absl::Status Refused() { return absl::InternalError("OpenSSL cannot make the certificate"); }

std::string TextOf(BIO* memory) {
  char* data = nullptr;
  const long size = BIO_get_mem_data(memory, &data);
  return std::string(data, static_cast<std::size_t>(size));
}

// Secure memory of OpenSSL's is wiped when it is freed.
absl::StatusOr<std::string> KeyPem(EVP_PKEY* key) {
  const Memory memory(BIO_new(BIO_s_secmem()), &BIO_free);
  if (PEM_write_bio_PKCS8PrivateKey(memory.get(), key, nullptr, nullptr, 0, nullptr, nullptr) !=
      1) {
    return Refused();
  }
  return TextOf(memory.get());
}

absl::StatusOr<std::string> CertificatePem(X509* certificate) {
  const Memory memory(BIO_new(BIO_s_mem()), &BIO_free);
  if (PEM_write_bio_X509(memory.get(), certificate) != 1) return Refused();
  return TextOf(memory.get());
}

// RFC 5280, section 4.1.2.2: positive, at most 20 bytes; random, so that two authorities of the
// same name do not give out the same number.
bool SetSerial(X509* certificate) {
  std::array<std::uint8_t, 16> bytes;
  SystemRandom().Fill(bytes);
  bytes[0] = static_cast<std::uint8_t>((bytes[0] & 0x7f) | 0x40);
  BIGNUM* number = BN_bin2bn(bytes.data(), static_cast<int>(bytes.size()), nullptr);
  const bool done = BN_to_ASN1_INTEGER(number, X509_get_serialNumber(certificate)) != nullptr;
  BN_free(number);
  return done;
}

bool SetName(X509_NAME* name, const std::string& common_name) {
  return X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8,
                                    reinterpret_cast<const unsigned char*>(common_name.data()),
                                    static_cast<int>(common_name.size()), -1, 0) == 1;
}

bool SetValidity(X509* certificate, absl::Time now) {
  return ASN1_TIME_set(X509_getm_notBefore(certificate), absl::ToTimeT(now - kClockSlack)) &&
         ASN1_TIME_set(X509_getm_notAfter(certificate), absl::ToTimeT(now + DevCa::kValidity));
}

bool Extend(X509* certificate, X509* issuer, int nid, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  const Extension extension(X509V3_EXT_conf_nid(nullptr, &context, nid, value.c_str()),
                            &X509_EXTENSION_free);
  return extension != nullptr && X509_add_ext(certificate, extension.get(), -1) == 1;
}

std::string Joined(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : ",") + name;
  return text;
}

bool ExtendAuthority(X509* certificate) {
  return Extend(certificate, certificate, NID_basic_constraints, "critical,CA:TRUE,pathlen:0") &&
         Extend(certificate, certificate, NID_key_usage, "critical,keyCertSign,cRLSign") &&
         Extend(certificate, certificate, NID_subject_key_identifier, "hash");
}

bool ExtendLeaf(X509* certificate, X509* issuer, const CertificateSubject& subject) {
  return Extend(certificate, issuer, NID_basic_constraints, "critical,CA:FALSE") &&
         Extend(certificate, issuer, NID_key_usage, "critical,digitalSignature") &&
         Extend(certificate, issuer, NID_ext_key_usage,
                subject.is_server ? "serverAuth" : "clientAuth") &&
         Extend(certificate, issuer, NID_subject_key_identifier, "hash") &&
         Extend(certificate, issuer, NID_authority_key_identifier, "keyid") &&
         Extend(certificate, issuer, NID_subject_alt_name, Joined(subject.names));
}

Certificate NewCertificate(EVP_PKEY* key, const std::string& common_name, absl::Time now) {
  Certificate certificate(X509_new(), &X509_free);
  const bool made = certificate != nullptr && X509_set_version(certificate.get(), X509_VERSION_3) &&
                    SetSerial(certificate.get()) && SetValidity(certificate.get(), now) &&
                    SetName(X509_get_subject_name(certificate.get()), common_name) &&
                    X509_set_pubkey(certificate.get(), key);
  if (!made) certificate.reset();
  return certificate;
}

bool SetListTimes(X509_CRL* list, absl::Time now) {
  const std::unique_ptr<ASN1_TIME, decltype(&ASN1_TIME_free)> last(
      ASN1_TIME_set(nullptr, absl::ToTimeT(now - kClockSlack)), &ASN1_TIME_free);
  const std::unique_ptr<ASN1_TIME, decltype(&ASN1_TIME_free)> next(
      ASN1_TIME_set(nullptr, absl::ToTimeT(now + DevCa::kListValidity)), &ASN1_TIME_free);
  return X509_CRL_set1_lastUpdate(list, last.get()) == 1 &&
         X509_CRL_set1_nextUpdate(list, next.get()) == 1;
}

// The list takes the entry over.
bool Withdraw(X509_CRL* list, const std::string& certificate_pem, absl::Time now) {
  const Memory memory(
      BIO_new_mem_buf(certificate_pem.data(), static_cast<int>(certificate_pem.size())), &BIO_free);
  const Certificate certificate(PEM_read_bio_X509(memory.get(), nullptr, nullptr, nullptr),
                                &X509_free);
  const std::unique_ptr<ASN1_TIME, decltype(&ASN1_TIME_free)> since(
      ASN1_TIME_set(nullptr, absl::ToTimeT(now)), &ASN1_TIME_free);
  X509_REVOKED* const entry = X509_REVOKED_new();
  if (certificate != nullptr &&
      X509_REVOKED_set_serialNumber(entry, X509_get_serialNumber(certificate.get())) == 1 &&
      X509_REVOKED_set_revocationDate(entry, since.get()) == 1 &&
      X509_CRL_add0_revoked(list, entry) == 1) {
    return true;
  }
  X509_REVOKED_free(entry);
  return false;
}

}  // namespace

struct DevCa::Parts {
  absl::Time now;
  Key key;
  Certificate certificate;
};

DevCa::DevCa(std::unique_ptr<Parts> parts, std::string certificate_pem)
    : parts_(std::move(parts)), certificate_pem_(std::move(certificate_pem)) {}
DevCa::DevCa(DevCa&& other) noexcept = default;
DevCa& DevCa::operator=(DevCa&& other) noexcept = default;
DevCa::~DevCa() = default;

absl::StatusOr<DevCa> DevCa::Create(absl::Time now) {
  Key key(EVP_EC_gen("P-256"), &EVP_PKEY_free);
  if (key == nullptr) return Refused();
  Certificate certificate = NewCertificate(key.get(), kAuthorityName, now);
  X509* const raw = certificate.get();
  if (raw == nullptr || X509_set_issuer_name(raw, X509_get_subject_name(raw)) != 1 ||
      !ExtendAuthority(raw) || X509_sign(raw, key.get(), EVP_sha256()) == 0) {
    return Refused();
  }
  LETHE_ASSIGN(std::string pem, CertificatePem(raw));
  auto parts = std::make_unique<Parts>(Parts{now, std::move(key), std::move(certificate)});
  return DevCa(std::move(parts), std::move(pem));
}

absl::StatusOr<CertifiedKey> DevCa::Issue(const CertificateSubject& subject) const {
  const Key key(EVP_EC_gen("P-256"), &EVP_PKEY_free);
  if (key == nullptr) return Refused();
  const Certificate certificate = NewCertificate(key.get(), subject.common_name, parts_->now);
  X509* const raw = certificate.get();
  X509* const issuer = parts_->certificate.get();
  if (raw == nullptr || X509_set_issuer_name(raw, X509_get_subject_name(issuer)) != 1 ||
      !ExtendLeaf(raw, issuer, subject) || X509_sign(raw, parts_->key.get(), EVP_sha256()) == 0) {
    return Refused();
  }
  CertifiedKey result;
  LETHE_ASSIGN(result.certificate_pem, CertificatePem(raw));
  LETHE_ASSIGN(result.key_pem, KeyPem(key.get()));
  return result;
}

absl::StatusOr<std::string> DevCa::Revoke(const std::vector<std::string>& certificate_pems) const {
  const List list(X509_CRL_new(), &X509_CRL_free);
  X509_CRL* const raw = list.get();
  const X509_NAME* const name = X509_get_subject_name(parts_->certificate.get());
  if (raw == nullptr || X509_CRL_set_version(raw, X509_CRL_VERSION_2) != 1 ||
      X509_CRL_set_issuer_name(raw, const_cast<X509_NAME*>(name)) != 1 ||
      !SetListTimes(raw, parts_->now)) {
    return Refused();
  }
  for (const std::string& pem : certificate_pems) {
    if (!Withdraw(raw, pem, parts_->now)) return Refused();
  }
  X509_CRL_sort(raw);
  const Memory memory(BIO_new(BIO_s_mem()), &BIO_free);
  if (X509_CRL_sign(raw, parts_->key.get(), EVP_sha256()) == 0 ||
      PEM_write_bio_X509_CRL(memory.get(), raw) != 1) {
    return Refused();
  }
  return TextOf(memory.get());
}

}  // namespace lethe::crypto
