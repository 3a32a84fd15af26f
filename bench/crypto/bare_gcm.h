// AES-256-GCM as a program without our crypto/ would call it, to be measured beside ours: nonces
// from a counter, no checks, buffers of the caller. Benchmarks only.
#ifndef LETHE_BENCH_CRYPTO_BARE_GCM_H_
#define LETHE_BENCH_CRYPTO_BARE_GCM_H_

#include <array>
#include <cstdint>
#include <memory>

#include "base/bytes.h"

namespace lethe::bench {

using BareKey = std::array<std::uint8_t, 32>;
using BareNonce = std::array<std::uint8_t, 12>;

// A BareGcm seals plaintext to ciphertext | tag and opens it. Not thread-safe.
class BareGcm {
 public:
  virtual ~BareGcm() = default;
  virtual void Seal(Bytes plaintext, Bytes aad, std::uint8_t* out) = 0;
  // Opens what the last Seal wrote; false if it is not authentic.
  virtual bool Open(Bytes sealed, Bytes aad, std::uint8_t* out) = 0;
};

// crypto_aead_aes256gcm_encrypt: expands the key on every call. Null without AES-NI.
std::unique_ptr<BareGcm> BareSodium(const BareKey& key);
// One EVP context for all calls, the key set on each: what a server of many keys does.
std::unique_ptr<BareGcm> BareOpenssl(const BareKey& key);
// One EVP context that keeps its key: only the nonce is set. What a server of one key does; no
// vault of many keys can, but it shows what the cipher alone costs.
std::unique_ptr<BareGcm> BareOpensslKeyed(const BareKey& key);

}  // namespace lethe::bench

#endif  // LETHE_BENCH_CRYPTO_BARE_GCM_H_
