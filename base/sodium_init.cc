#include "base/sodium_init.h"

#include <sodium.h>

#include "base/check.h"

namespace lethe {

void EnsureSodium() {
  static const bool ready = [] {
    LETHE_CHECK(sodium_init() >= 0);
    return true;
  }();
  static_cast<void>(ready);
}

}  // namespace lethe
