#include "crypto/hash.h"

#include <sodium.h>

namespace lethe::crypto {
namespace {

static_assert(sizeof(crypto_hash_sha256_state) <= 128);
static_assert(alignof(crypto_hash_sha256_state) <= 16);
static_assert(crypto_hash_sha256_BYTES == sizeof(Digest));

crypto_hash_sha256_state* StateIn(std::array<std::uint8_t, 128>& bytes) {
  return reinterpret_cast<crypto_hash_sha256_state*>(bytes.data());
}

}  // namespace

Digest Sha256(Bytes bytes) {
  Digest digest;
  crypto_hash_sha256(digest.data(), bytes.data(), bytes.size());
  return digest;
}

Sha256Stream::Sha256Stream() { crypto_hash_sha256_init(StateIn(state_)); }

Sha256Stream& Sha256Stream::Add(Bytes bytes) {
  crypto_hash_sha256_update(StateIn(state_), bytes.data(), bytes.size());
  return *this;
}

Digest Sha256Stream::Finish() {
  Digest digest;
  crypto_hash_sha256_final(StateIn(state_), digest.data());
  return digest;
}

}  // namespace lethe::crypto
