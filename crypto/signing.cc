#include "crypto/signing.h"

#include <sodium.h>

#include <algorithm>
#include <utility>

#include "base/check.h"
#include "base/sodium_init.h"

namespace lethe::crypto {
namespace {

static_assert(crypto_sign_SEEDBYTES == Secret::kBytes);
static_assert(crypto_sign_PUBLICKEYBYTES == sizeof(PublicKey));
static_assert(crypto_sign_BYTES == sizeof(Signature));

// What libsodium signs with: seed | public key. It lives for one call; the seed stays in the arena.
struct ExpandedKey {
  ~ExpandedKey() { sodium_memzero(bytes, sizeof bytes); }
  std::uint8_t bytes[crypto_sign_SECRETKEYBYTES];
};

}  // namespace

SigningKey::SigningKey(Secret seed) : seed_(std::move(seed)) {
  EnsureSodium();
  ExpandedKey expanded;
  LETHE_CHECK(crypto_sign_seed_keypair(public_key_.data(), expanded.bytes, seed_.Reveal().data()) ==
              0);
}

Signature SigningKey::Sign(Bytes message) const {
  ExpandedKey expanded;
  const Bytes seed = seed_.Reveal();
  std::copy(seed.begin(), seed.end(), expanded.bytes);
  std::copy(public_key_.begin(), public_key_.end(), expanded.bytes + seed.size());
  Signature signature;
  LETHE_CHECK(crypto_sign_detached(signature.data(), nullptr, message.data(), message.size(),
                                   expanded.bytes) == 0);
  return signature;
}

bool Verify(const PublicKey& key, Bytes message, Bytes signature) {
  EnsureSodium();
  return signature.size() == sizeof(Signature) &&
         crypto_sign_verify_detached(signature.data(), message.data(), message.size(),
                                     key.data()) == 0;
}

}  // namespace lethe::crypto
