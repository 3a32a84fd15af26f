#include "cli/connect/request_id.h"

#include <array>

#include "base/bytes.h"
#include "base/random.h"

namespace lethe::cli {
namespace {

constexpr std::size_t kUuidBytes = 16;

// RFC 9562, section 4: version and variant have their bits, the rest is the caller's.
std::string AsUuid(MutableBytes bytes, std::uint8_t version) {
  bytes[6] = static_cast<std::uint8_t>((bytes[6] & 0x0f) | version << 4);
  bytes[8] = static_cast<std::uint8_t>((bytes[8] & 0x3f) | 0x80);
  std::string text = ToHex(bytes.first(kUuidBytes));
  for (const std::size_t dash : {8, 13, 18, 23}) text.insert(dash, 1, '-');
  return text;
}

}  // namespace

std::string NewRequestId() {
  std::array<std::uint8_t, kUuidBytes> bytes;
  SystemRandom().Fill(bytes);
  return AsUuid(bytes, 4);
}

std::string RequestIdOfLine(const crypto::Digest& file, std::int64_t line) {
  crypto::Digest digest = crypto::Sha256Stream()
                              .Add("lethe import line\n")
                              .Add(AsText(file))
                              .Add(std::to_string(line))
                              .Finish();
  return AsUuid(digest, 5);
}

}  // namespace lethe::cli
