// Ed25519 (RFC 8032). The seed is a Secret; the public key is 32 bytes anyone may have.
#ifndef LETHE_CRYPTO_SIGNING_H_
#define LETHE_CRYPTO_SIGNING_H_

#include <array>
#include <cstdint>

#include "base/bytes.h"
#include "base/memory/secret.h"

namespace lethe::crypto {

using PublicKey = std::array<std::uint8_t, 32>;
using Signature = std::array<std::uint8_t, 64>;

// A SigningKey signs under one seed. Thread-safe.
class SigningKey {
 public:
  // The seed is 32 secret bytes; the same seed gives the same key.
  explicit SigningKey(Secret seed);
  const PublicKey& public_key() const { return public_key_; }
  Signature Sign(Bytes message) const;

 private:
  Secret seed_;
  PublicKey public_key_;
};

bool Verify(const PublicKey& key, Bytes message, Bytes signature);

}  // namespace lethe::crypto

#endif  // LETHE_CRYPTO_SIGNING_H_
