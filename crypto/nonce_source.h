// Where AES-GCM nonces come from: 96 random bits each, drawn from the kernel a few at a time, since
// a system call for each would cost a third of sealing 1 KiB.
#ifndef LETHE_CRYPTO_NONCE_SOURCE_H_
#define LETHE_CRYPTO_NONCE_SOURCE_H_

#include <cstdint>
#include <span>

#include "crypto/aead.h"

namespace lethe::crypto {

// Writes a fresh random nonce. Thread-safe: each thread has a pool of its own.
void DrawNonce(std::span<std::uint8_t, kNonceBytes> out);

namespace internal {

// A NoncePool holds a few nonces. Two copies of one would give the same nonce twice, so it holds at
// most 64, wipes each as it gives it, and drops what is left after 10 ms (a virtual machine
// restored from a snapshot) and in a forked child. Not thread-safe; all zeros is an empty pool.
class NoncePool {
 public:
  static constexpr std::uint32_t kNonces = 64;
  static constexpr std::int64_t kAgeMaxNs = 10'000'000;

  // `forks` counts how often the process was forked.
  void Draw(std::span<std::uint8_t, kNonceBytes> out, std::int64_t now_ns, std::uint32_t forks);
  void Drop();
  std::uint32_t left() const { return left_; }

 private:
  void Fill(std::int64_t now_ns, std::uint32_t forks);

  std::uint8_t nonces_[kNonces * kNonceBytes];
  std::uint32_t left_;
  std::uint32_t forks_seen_;
  std::int64_t filled_at_ns_;
};

}  // namespace internal
}  // namespace lethe::crypto

#endif  // LETHE_CRYPTO_NONCE_SOURCE_H_
