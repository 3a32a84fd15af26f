#include "cli/public_key.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "base/bytes.h"
#include "cli/failure.h"

namespace lethe::cli {
namespace {

constexpr std::size_t kKeyBytes = sizeof(crypto::PublicKey);

bool IsHex(const std::string& text) {
  return text.size() == 2 * kKeyBytes &&
         std::ranges::all_of(text, [](unsigned char c) { return absl::ascii_isxdigit(c); });
}

}  // namespace

absl::StatusOr<crypto::PublicKey> ParsePublicKey(const std::string& text) {
  std::string bytes;
  if (IsHex(text)) {
    bytes = absl::HexStringToBytes(text);
  } else if (!absl::Base64Unescape(text, &bytes)) {
    return Usage("--public-key is base64 or hexadecimal");
  }
  const auto key = ArrayFrom<kKeyBytes>(AsBytes(bytes));
  if (!key.has_value()) return Usage("--public-key is not of 32 bytes");
  return *key;
}

}  // namespace lethe::cli
