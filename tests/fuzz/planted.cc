// The control of the lane: a parser that trusts a length it read, as none of ours may. The lane
// runs this target from nothing and fails unless libFuzzer finds the way in and the sanitizer the
// read.
#include <memory>

#include "tests/fuzz/fuzz_target.h"

namespace lethe::fuzz {

LETHE_FUZZ_TARGET(planted) {
  ByteReader in(input);
  if (AsText(in.Raw(4)) != "LETH") return false;
  const std::size_t size = in.U8();
  const auto copy = std::make_unique<std::uint8_t[]>(in.remaining());
  std::ranges::copy(in.Raw(in.remaining()), copy.get());
  std::uint8_t sum = 0;
  for (std::size_t i = 0; i < size; ++i) sum = static_cast<std::uint8_t>(sum + copy[i]);
  return sum == 0;
}

}  // namespace lethe::fuzz
