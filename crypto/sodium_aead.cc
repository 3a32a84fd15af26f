#include <sodium.h>

#include "base/check.h"
#include "base/sodium_init.h"
#include "crypto/aead.h"
#include "crypto/back_ends.h"
#include "crypto/nonce_source.h"

namespace lethe::crypto {
namespace {

static_assert(crypto_aead_aes256gcm_KEYBYTES == Secret::kBytes);
static_assert(crypto_aead_aes256gcm_NPUBBYTES == kNonceBytes);
static_assert(crypto_aead_aes256gcm_ABYTES == kTagBytes);

class SodiumGcm final : public Aead {
 public:
  void Seal(const Secret& key, Bytes plaintext, Bytes aad, MutableBytes out) const override {
    internal::CheckSeal(key, plaintext, {}, aad, out);
    const auto nonce = out.first<kNonceBytes>();
    DrawNonce(nonce);
    const int failed = crypto_aead_aes256gcm_encrypt(
        out.data() + kNonceBytes, nullptr, plaintext.data(), plaintext.size(), aad.data(),
        aad.size(), nullptr, nonce.data(), key.Reveal().data());
    LETHE_CHECK(failed == 0);
  }

  absl::Status Open(const Secret& key, Bytes sealed, Bytes aad, MutableBytes out) const override {
    const bool opened = internal::CheckOpen(key, sealed, aad, out) &&
                        internal::OpenWithSodium(key, sealed, aad, out);
    return opened ? absl::OkStatus() : internal::DecryptFailed(out);
  }
};

}  // namespace

namespace internal {

bool OpenWithSodium(const Secret& key, Bytes sealed, Bytes aad, MutableBytes out) {
  const Bytes body = sealed.subspan(kNonceBytes);
  return crypto_aead_aes256gcm_decrypt(out.data(), nullptr, nullptr, body.data(), body.size(),
                                       aad.data(), aad.size(), sealed.data(),
                                       key.Reveal().data()) == 0;
}

}  // namespace internal

const Aead* SodiumAead() {
  static const Aead* const aead = []() -> const Aead* {
    EnsureSodium();
    return crypto_aead_aes256gcm_is_available() != 0 ? new SodiumGcm : nullptr;
  }();
  return aead;
}

}  // namespace lethe::crypto
