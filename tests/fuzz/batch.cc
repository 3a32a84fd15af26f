// An encoded batch: the body of every archive frame, and of what waits for a COMMITTED.
#include "storage/batch.h"

#include "tests/fuzz/fuzz_target.h"

namespace lethe::fuzz {

LETHE_FUZZ_TARGET(batch) {
  const auto decoded = storage::Batch::Decode(input);
  if (!decoded.ok()) return Refused(decoded.status());
  LETHE_CHECK(decoded->Encode() == AsText(input));
  LETHE_CHECK(decoded->preconditions().empty());
  std::size_t bytes = 0;
  for (const storage::Operation& operation : decoded->operations()) {
    bytes += operation.key.size() + operation.value.size();
  }
  LETHE_CHECK(bytes == decoded->size_bytes());
  return true;
}

}  // namespace lethe::fuzz
