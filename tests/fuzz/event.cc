// An audit event: the log hashes its exact bytes, so there is one way to write each.
#include "vault/audit/event.h"

#include "tests/fuzz/fuzz_target.h"

namespace lethe::fuzz {

LETHE_FUZZ_TARGET(event) {
  const auto decoded = vault::audit::DecodeEvent(input);
  if (!decoded.ok()) return Refused(decoded.status());
  std::array<std::uint8_t, 16> salt;
  std::ranges::copy(input.last(salt.size()), salt.begin());
  LETHE_CHECK(vault::audit::EncodeEvent(decoded->event, decoded->sequence, decoded->time, salt) ==
              AsText(input));
  return true;
}

}  // namespace lethe::fuzz
