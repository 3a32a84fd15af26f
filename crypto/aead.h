// AES-256-GCM, the only cipher at rest (NIST SP 800-38D; 96-bit random nonces, 128-bit tags).
//
// Two libraries give the same bytes: libsodium is faster below the measured crossover, OpenSSL's
// EVP above it and where libsodium has no AES (it needs AES-NI). bench/crypto measures both; a test
// proves that each opens what the other sealed.
//
// Keys are passed per call and expanded per call: fetching an expanded schedule from memory was
// measured slower than expanding 32 bytes anew, and a cached context would be key material outside
// the arena.
#ifndef LETHE_CRYPTO_AEAD_H_
#define LETHE_CRYPTO_AEAD_H_

#include <cstddef>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "base/bytes.h"
#include "base/memory/secret.h"

namespace lethe::crypto {

inline constexpr std::size_t kNonceBytes = 12;
inline constexpr std::size_t kTagBytes = 16;
// What sealing adds: nonce before, tag behind the ciphertext.
inline constexpr std::size_t kSealOverheadBytes = kNonceBytes + kTagBytes;

// An Aead seals and opens byte strings. Thread-safe: every method may run concurrently.
class Aead {
 public:
  virtual ~Aead() = default;

  // Seals `plaintext` under `key` into `out` (exactly plaintext + kSealOverheadBytes, checked) as
  // nonce | ciphertext | tag, bound to `aad`, which must not be empty (checked: every sealed byte
  // names its owner). The nonce is drawn anew on every call. `out` may not overlap `plaintext`.
  virtual void Seal(const Secret& key, Bytes plaintext, Bytes aad, MutableBytes out) const = 0;

  // Opens what Seal wrote for the same key and `aad` into `out` (sealed - kSealOverheadBytes).
  // DATA_LOSS (kDecryptFailed): altered, cut short, or bound to another `aad`; the three are not
  // told apart, so that a caller cannot be used as an oracle. On error `out` is zeroed.
  virtual absl::Status Open(const Secret& key, Bytes sealed, Bytes aad, MutableBytes out) const = 0;
};

// The process's Aead: libsodium below kCrossoverBytes, OpenSSL from there on.
const Aead& DefaultAead();
// The two back ends by themselves, for benchmarks and tests. SodiumAead is null without AES-NI.
const Aead* SodiumAead();
const Aead& OpensslAead();

// Bodies of this size and more go to OpenSSL (bench/crypto, docs/performance.md).
inline constexpr std::size_t kCrossoverBytes = 1536;

// Seals `head` and `tail` as one body, which opens like any other, without laying them together
// first: a large value is read once, where it lies, and written once, sealed. By OpenSSL at every
// size, since libsodium takes a plaintext in one piece only.
void SealInTwo(const Secret& key, Bytes head, Bytes tail, Bytes aad, MutableBytes out);

// The same into a new string, for rows that are built once.
std::string SealToString(const Secret& key, Bytes plaintext, Bytes aad);
absl::StatusOr<std::string> OpenToString(const Secret& key, Bytes sealed, Bytes aad);

}  // namespace lethe::crypto

#endif  // LETHE_CRYPTO_AEAD_H_
