#include "base/check.h"

#include <cstdio>
#include <cstdlib>

namespace lethe::internal {

void CheckFailed(const char* expression, const char* file, int line) {
  std::fprintf(stderr, "check failed: %s (%s:%d)\n", expression, file, line);
  std::abort();
}

}  // namespace lethe::internal
