#include "crypto/nonce_source.h"

#include <pthread.h>
#include <sodium.h>
#include <time.h>

#include <atomic>
#include <cstring>

#include "base/check.h"
#include "base/sodium_init.h"

namespace lethe::crypto {
namespace {

// Trivially destructible on purpose: a nonce may be wanted by an object that dies after the
// thread's locals. What an ending thread leaves behind are nonces nobody will use.
thread_local internal::NoncePool pool;

// How often this process was forked, counted in the child.
std::atomic<std::uint32_t> fork_count{0};

// The coarse clock (one tick, 1 to 10 ms) costs a quarter of the exact one.
std::int64_t CoarseNowNs() {
  timespec now{};
  clock_gettime(CLOCK_MONOTONIC_COARSE, &now);
  return std::int64_t{now.tv_sec} * 1'000'000'000 + now.tv_nsec;
}

// Runs in a forked child, on its only thread; the pools of the parent's other threads are out of
// reach there, and nobody will draw from them.
void ForgetInChild() {
  fork_count.fetch_add(1, std::memory_order_relaxed);
  pool.Drop();
}

}  // namespace

namespace internal {

void NoncePool::Draw(std::span<std::uint8_t, kNonceBytes> out, std::int64_t now_ns,
                     std::uint32_t forks) {
  if (left_ == 0 || forks_seen_ != forks || now_ns - filled_at_ns_ >= kAgeMaxNs) [[unlikely]] {
    Fill(now_ns, forks);
  }
  std::uint8_t* next = nonces_ + --left_ * kNonceBytes;
  std::memcpy(out.data(), next, kNonceBytes);
  std::memset(next, 0, kNonceBytes);  // Seen by the next call, so the compiler keeps it.
}

void NoncePool::Drop() {
  sodium_memzero(nonces_, sizeof nonces_);
  left_ = 0;
}

void NoncePool::Fill(std::int64_t now_ns, std::uint32_t forks) {
  EnsureSodium();
  randombytes_buf(nonces_, sizeof nonces_);
  left_ = kNonces;
  forks_seen_ = forks;
  filled_at_ns_ = now_ns;
}

}  // namespace internal

void DrawNonce(std::span<std::uint8_t, kNonceBytes> out) {
  static const bool watching_forks =
      pthread_atfork(nullptr, nullptr, &ForgetInChild) == 0;  // Before the first pool is filled.
  LETHE_CHECK(watching_forks);
  pool.Draw(out, CoarseNowNs(), fork_count.load(std::memory_order_relaxed));
}

}  // namespace lethe::crypto
