// A Random is where every key, nonce and tag comes from, injected so that a test can make it fail
// or record what was drawn. Thread-safe.
#ifndef LETHE_BASE_RANDOM_H_
#define LETHE_BASE_RANDOM_H_

#include "base/bytes.h"

namespace lethe {

class Random {
 public:
  virtual ~Random() = default;
  // Fills `out` with unpredictable bytes. Cannot fail: the process stops if the kernel has none.
  virtual void Fill(MutableBytes out) = 0;
};

// The kernel's generator, through libsodium.
class SystemRandom final : public Random {
 public:
  void Fill(MutableBytes out) override;
};

}  // namespace lethe

#endif  // LETHE_BASE_RANDOM_H_
