// vault.json, as it lies in a data folder.
#include "vault/open/descriptor.h"

#include "tests/fuzz/fuzz_target.h"

namespace lethe::fuzz {

LETHE_FUZZ_TARGET(descriptor) {
  const auto decoded = vault::DecodeDescriptor(std::string(AsText(input)));
  if (!decoded.ok()) return Refused(decoded.status());
  const std::string text = vault::EncodeDescriptor(*decoded);
  const auto again = vault::DecodeDescriptor(text);
  LETHE_CHECK(again.ok());
  LETHE_CHECK(again->id == decoded->id && again->dev == decoded->dev);
  LETHE_CHECK(again->holders == decoded->holders);
  LETHE_CHECK(again->archive_dir == decoded->archive_dir);
  return true;
}

}  // namespace lethe::fuzz
