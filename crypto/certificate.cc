#include "crypto/certificate.h"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <array>
#include <ctime>
#include <memory>

#include "base/bytes.h"

namespace lethe::crypto {
namespace {

using Memory = std::unique_ptr<BIO, decltype(&BIO_free)>;
using Certificate = std::unique_ptr<X509, decltype(&X509_free)>;
using Key = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;
using Tls = std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)>;
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

std::string SerialOf(const X509* certificate) {
  const std::unique_ptr<BIGNUM, decltype(&BN_free)> number(
      ASN1_INTEGER_to_BN(X509_get0_serialNumber(certificate), nullptr), &BN_free);
  if (number == nullptr) return "";
  char* const digits = BN_bn2hex(number.get());
  std::string text(digits == nullptr ? "" : digits);
  OPENSSL_free(digits);
  return text;
}

std::string FingerprintOf(const X509* certificate) {
  constexpr std::size_t kShown = 8;  // Bytes: enough to tell one renewal from the next.
  std::array<std::uint8_t, EVP_MAX_MD_SIZE> digest{};
  unsigned int size = 0;
  if (X509_digest(certificate, EVP_sha256(), digest.data(), &size) != 1) return "";
  return ToHex(Bytes(digest).first(kShown));
}

CertificateFacts FactsOf(X509* certificate) {
  CertificateFacts facts;
  facts.not_before = TimeOf(X509_get0_notBefore(certificate));
  facts.not_after = TimeOf(X509_get0_notAfter(certificate));
  facts.is_ca = X509_check_ca(certificate) == 1;
  facts.serial = SerialOf(certificate);
  facts.fingerprint = FingerprintOf(certificate);
  ReadNames(certificate, facts);
  return facts;
}

absl::Status NoCertificate() { return absl::InvalidArgumentError("holds no PEM certificate"); }

}  // namespace

absl::StatusOr<CertificateFacts> InspectCertificate(const std::string& pem) {
  const Certificate certificate = ReadCertificate(pem);
  if (certificate == nullptr) return NoCertificate();
  return FactsOf(certificate.get());
}

absl::StatusOr<std::vector<CertificateFacts>> InspectCertificates(const std::string& pem) {
  const Memory memory = MemoryOf(pem);
  std::vector<CertificateFacts> all;
  while (true) {
    const Certificate next(PEM_read_bio_X509(memory.get(), nullptr, nullptr, nullptr), &X509_free);
    if (next == nullptr) break;
    all.push_back(FactsOf(next.get()));
  }
  const unsigned long error = ERR_peek_last_error();
  ERR_clear_error();
  if (ERR_GET_LIB(error) != ERR_LIB_PEM || ERR_GET_REASON(error) != PEM_R_NO_START_LINE) {
    return absl::InvalidArgumentError("holds a certificate that is cut off or damaged");
  }
  if (all.empty()) return NoCertificate();
  return all;
}

absl::Status CheckServes(const std::string& chain_pem, const std::string& key_pem) {
  const Tls tls(SSL_CTX_new(TLS_server_method()), &SSL_CTX_free);
  const Memory memory = MemoryOf(chain_pem);
  const Certificate leaf(PEM_read_bio_X509(memory.get(), nullptr, nullptr, nullptr), &X509_free);
  if (tls == nullptr || leaf == nullptr) return NoCertificate();
  if (SSL_CTX_use_certificate(tls.get(), leaf.get()) != 1) {
    ERR_clear_error();
    return absl::InvalidArgumentError("certificate: its key or its signature is too weak for TLS");
  }
  while (X509* const next = PEM_read_bio_X509(memory.get(), nullptr, nullptr, nullptr)) {
    const Certificate owned(next, &X509_free);
    if (SSL_CTX_add1_chain_cert(tls.get(), next) != 1) {
      ERR_clear_error();
      return absl::InvalidArgumentError("chain: an issuer's key or signature is too weak for TLS");
    }
  }
  ERR_clear_error();
  const Key key = ReadKey(key_pem);
  if (key == nullptr) return absl::InvalidArgumentError("key: holds no PEM key without a password");
  if (SSL_CTX_use_PrivateKey(tls.get(), key.get()) == 1) return absl::OkStatus();
  ERR_clear_error();
  return absl::InvalidArgumentError("key: is not the key of the certificate");
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
