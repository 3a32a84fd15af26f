// A Random that remembers every secret it gave out, so that a test can look for each of them in
// everything that was ever written, or in the memory of the process. What it remembers is masked:
// the list itself must not be a find.
#ifndef LETHE_TESTS_SUPPORT_DRAWN_RANDOM_H_
#define LETHE_TESTS_SUPPORT_DRAWN_RANDOM_H_

#include <array>
#include <cstdint>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "base/memory/secret.h"
#include "base/random.h"

namespace lethe::test {

// Thread-safe.
class DrawnRandom final : public Random {
 public:
  // With a seed it draws the same bytes every time, for tests that tell two lives of one vault.
  explicit DrawnRandom(std::optional<std::uint64_t> seed = std::nullopt) {
    if (seed.has_value()) repeatable_.emplace(*seed);
  }

  void Fill(MutableBytes out) override {
    Draw(out);
    // Keys are the only draws of this size: tags and salts have 16 bytes, nonces 12.
    if (out.size() != Secret::kBytes) return;
    Masked masked;
    for (std::size_t i = 0; i < masked.size(); ++i) masked[i] = out[i] ^ kMask;
    absl::MutexLock lock(&mutex_);
    secrets_.push_back(masked);
  }

  // In the order in which they were drawn: leaf secrets, node keys, roots.
  std::vector<std::string> Secrets() const {
    absl::MutexLock lock(&mutex_);
    std::vector<std::string> secrets;
    for (const Masked& masked : secrets_) {
      std::string& secret = secrets.emplace_back(masked.begin(), masked.end());
      for (char& byte : secret) byte = static_cast<char>(byte ^ kMask);
    }
    return secrets;
  }

 private:
  static constexpr std::uint8_t kMask = 0xa5;
  using Masked = std::array<std::uint8_t, Secret::kBytes>;

  void Draw(MutableBytes out) {
    absl::MutexLock lock(&mutex_);
    if (!repeatable_.has_value()) return system_.Fill(out);
    for (std::uint8_t& byte : out) byte = static_cast<std::uint8_t>((*repeatable_)());
  }

  SystemRandom system_;
  mutable absl::Mutex mutex_;
  std::optional<std::mt19937_64> repeatable_ ABSL_GUARDED_BY(mutex_);
  std::vector<Masked> secrets_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace lethe::test

#endif  // LETHE_TESTS_SUPPORT_DRAWN_RANDOM_H_
