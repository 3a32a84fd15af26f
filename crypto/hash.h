// SHA-256 for everything that an outside verifier recomputes (RFC 6962 leaves, archive chain,
// artifact trailers).
#ifndef LETHE_CRYPTO_HASH_H_
#define LETHE_CRYPTO_HASH_H_

#include <array>
#include <cstdint>

#include "base/bytes.h"

namespace lethe::crypto {

using Digest = std::array<std::uint8_t, 32>;

Digest Sha256(Bytes bytes);

// SHA-256 over several pieces.
class Sha256Stream {
 public:
  Sha256Stream();
  Sha256Stream& Add(Bytes bytes);
  Sha256Stream& Add(std::string_view bytes) { return Add(AsBytes(bytes)); }
  Digest Finish();

 private:
  alignas(16) std::array<std::uint8_t, 128> state_;  // crypto_hash_sha256_state
};

}  // namespace lethe::crypto

#endif  // LETHE_CRYPTO_HASH_H_
