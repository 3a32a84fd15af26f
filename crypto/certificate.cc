#include "crypto/certificate.h"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <ctime>
#include <memory>

namespace lethe::crypto {
namespace {

using Memory = std::unique_ptr<BIO, decltype(&BIO_free)>;
using Certificate = std::unique_ptr<X509, decltype(&X509_free)>;
using Key = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;
using Names = std::unique_ptr<GENERAL_NAMES, decltype(&GENERAL_NAMES_free)>;

Memory MemoryOf(const std::string& text) {
  return Memory(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())), &BIO_free);
}

Certificate ReadCertificate(const std::string& pem) {
  Certificate certificate(PEM_read_bio_X509(MemoryOf(pem).get(), nullptr, nullptr, nullptr),
                          &X509_free);
  ERR_clear_error();
  return certificate;
}

Key ReadKey(const std::string& pem) {
  // Answers "no password" where OpenSSL would ask the terminal.
  const auto no_password = [](char*, int, int, void*) { return -1; };
  Key key(PEM_read_bio_PrivateKey(MemoryOf(pem).get(), nullptr, no_password, nullptr),
          &EVP_PKEY_free);
  ERR_clear_error();
  return key;
}

absl::Time TimeOf(const ASN1_TIME* time) {
  std::tm parts{};
  if (ASN1_TIME_to_tm(time, &parts) != 1) return absl::InfinitePast();
  return absl::FromTM(parts, absl::UTCTimeZone());
}

std::string TextOf(const ASN1_IA5STRING* text) {
  return std::string(reinterpret_cast<const char*>(ASN1_STRING_get0_data(text)),
                     static_cast<std::size_t>(ASN1_STRING_length(text)));
}

void ReadNames(X509* certificate, CertificateFacts& facts) {
  const Names names(static_cast<GENERAL_NAMES*>(
                        X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr)),
                    &GENERAL_NAMES_free);
  for (int i = 0; names != nullptr && i < sk_GENERAL_NAME_num(names.get()); ++i) {
    const GENERAL_NAME* name = sk_GENERAL_NAME_value(names.get(), i);
    if (name->type == GEN_URI) {
      facts.uris.push_back(TextOf(name->d.uniformResourceIdentifier));
    } else if (name->type == GEN_DNS) {
      facts.dns_names.push_back(TextOf(name->d.dNSName));
    }
  }
}

absl::Status NoCertificate() { return absl::InvalidArgumentError("holds no PEM certificate"); }

}  // namespace

absl::StatusOr<CertificateFacts> InspectCertificate(const std::string& pem) {
  const Certificate certificate = ReadCertificate(pem);
  if (certificate == nullptr) return NoCertificate();
  CertificateFacts facts;
  facts.not_before = TimeOf(X509_get0_notBefore(certificate.get()));
  facts.not_after = TimeOf(X509_get0_notAfter(certificate.get()));
  facts.is_ca = X509_check_ca(certificate.get()) == 1;
  ReadNames(certificate.get(), facts);
  return facts;
}

absl::Status CheckKeyMatches(const std::string& certificate_pem, const std::string& key_pem) {
  const Certificate certificate = ReadCertificate(certificate_pem);
  if (certificate == nullptr) return NoCertificate();
  const Key key = ReadKey(key_pem);
  if (key == nullptr) return absl::InvalidArgumentError("holds no PEM key without a password");
  if (X509_check_private_key(certificate.get(), key.get()) == 1) return absl::OkStatus();
  ERR_clear_error();
  return absl::InvalidArgumentError("is not the key of the certificate");
}

absl::Status CheckIssuedBy(const std::string& certificate_pem, const std::string& ca_pem) {
  const Certificate certificate = ReadCertificate(certificate_pem);
  const Certificate issuer = ReadCertificate(ca_pem);
  if (certificate == nullptr || issuer == nullptr) return NoCertificate();
  if (X509_check_issued(issuer.get(), certificate.get()) == X509_V_OK &&
      X509_verify(certificate.get(), X509_get0_pubkey(issuer.get())) == 1) {
    return absl::OkStatus();
  }
  ERR_clear_error();
  return absl::InvalidArgumentError("was not issued by the CA");
}

}  // namespace lethe::crypto
