#include "base/random.h"

#include <sodium.h>

#include "base/sodium_init.h"

namespace lethe {

void SystemRandom::Fill(MutableBytes out) {
  if (out.empty()) return;  // An empty span may be null, which libsodium does not take.
  EnsureSodium();
  randombytes_buf(out.data(), out.size());
}

}  // namespace lethe
