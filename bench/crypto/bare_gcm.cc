#include "bench/crypto/bare_gcm.h"

#include <openssl/evp.h>
#include <sodium.h>

#include <cstring>

#include "base/check.h"
#include "base/sodium_init.h"

namespace lethe::bench {
namespace {

constexpr int kTagBytes = 16;

void Increment(BareNonce& nonce) { sodium_increment(nonce.data(), nonce.size()); }

class Sodium final : public BareGcm {
 public:
  explicit Sodium(const BareKey& key) : key_(key) {}

  void Seal(Bytes plaintext, Bytes aad, std::uint8_t* out) override {
    Increment(nonce_);
    crypto_aead_aes256gcm_encrypt(out, nullptr, plaintext.data(), plaintext.size(), aad.data(),
                                  aad.size(), nullptr, nonce_.data(), key_.data());
  }

  bool Open(Bytes sealed, Bytes aad, std::uint8_t* out) override {
    return crypto_aead_aes256gcm_decrypt(out, nullptr, nullptr, sealed.data(), sealed.size(),
                                         aad.data(), aad.size(), nonce_.data(), key_.data()) == 0;
  }

 private:
  const BareKey key_;
  BareNonce nonce_{};
};

class Openssl final : public BareGcm {
 public:
  Openssl(const BareKey& key, bool keeps_key)
      : key_(key), each_call_(keeps_key ? nullptr : key_.data()), seal_(New(1)), open_(New(0)) {}
  ~Openssl() override {
    EVP_CIPHER_CTX_free(seal_);
    EVP_CIPHER_CTX_free(open_);
    EVP_CIPHER_free(cipher_);
  }

  void Seal(Bytes plaintext, Bytes aad, std::uint8_t* out) override {
    int size = 0;
    Increment(nonce_);
    EVP_EncryptInit_ex(seal_, nullptr, nullptr, each_call_, nonce_.data());
    EVP_EncryptUpdate(seal_, nullptr, &size, aad.data(), static_cast<int>(aad.size()));
    EVP_EncryptUpdate(seal_, out, &size, plaintext.data(), static_cast<int>(plaintext.size()));
    EVP_EncryptFinal_ex(seal_, out + size, &size);
    EVP_CIPHER_CTX_ctrl(seal_, EVP_CTRL_AEAD_GET_TAG, kTagBytes, out + plaintext.size());
  }

  bool Open(Bytes sealed, Bytes aad, std::uint8_t* out) override {
    int size = 0;
    std::uint8_t tag[kTagBytes];
    std::memcpy(tag, sealed.data() + sealed.size() - kTagBytes, kTagBytes);
    EVP_DecryptInit_ex(open_, nullptr, nullptr, each_call_, nonce_.data());
    EVP_CIPHER_CTX_ctrl(open_, EVP_CTRL_AEAD_SET_TAG, kTagBytes, tag);
    EVP_DecryptUpdate(open_, nullptr, &size, aad.data(), static_cast<int>(aad.size()));
    EVP_DecryptUpdate(open_, out, &size, sealed.data(),
                      static_cast<int>(sealed.size()) - kTagBytes);
    return EVP_DecryptFinal_ex(open_, out + size, &size) == 1;
  }

 private:
  EVP_CIPHER_CTX* New(int sealing) {
    EVP_CIPHER_CTX* context = EVP_CIPHER_CTX_new();
    LETHE_CHECK(EVP_CipherInit_ex(context, cipher_, nullptr, key_.data(), nonce_.data(), sealing));
    return context;
  }

  const BareKey key_;
  const std::uint8_t* const each_call_;
  BareNonce nonce_{};
  EVP_CIPHER* const cipher_ = EVP_CIPHER_fetch(nullptr, "AES-256-GCM", nullptr);
  EVP_CIPHER_CTX* const seal_;
  EVP_CIPHER_CTX* const open_;
};

}  // namespace

std::unique_ptr<BareGcm> BareSodium(const BareKey& key) {
  EnsureSodium();
  if (crypto_aead_aes256gcm_is_available() == 0) return nullptr;
  return std::make_unique<Sodium>(key);
}

std::unique_ptr<BareGcm> BareOpenssl(const BareKey& key) {
  return std::make_unique<Openssl>(key, /*keeps_key=*/false);
}

std::unique_ptr<BareGcm> BareOpensslKeyed(const BareKey& key) {
  return std::make_unique<Openssl>(key, /*keeps_key=*/true);
}

}  // namespace lethe::bench
