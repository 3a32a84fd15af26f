#include "cli/input/public_key.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "base/bytes.h"
#include "base/status_macros.h"
#include "cli/output/failure.h"

namespace lethe::cli {
namespace {

constexpr std::size_t kKeyBytes = sizeof(crypto::PublicKey);

bool IsHex(const std::string& text) {
  return text.size() == 2 * kKeyBytes &&
         std::ranges::all_of(text, [](unsigned char c) { return absl::ascii_isxdigit(c); });
}

absl::StatusOr<crypto::PublicKey> Parse(const std::string& text, const std::string& flag) {
  std::string bytes;
  if (IsHex(text)) {
    bytes = absl::HexStringToBytes(text);
  } else if (!absl::Base64Unescape(text, &bytes)) {
    return Usage(flag + " is base64 or hexadecimal");
  }
  const auto array = ArrayFrom<kKeyBytes>(AsBytes(bytes));
  if (!array.has_value()) return Usage(flag + " is not of 32 bytes");
  return *array;
}

}  // namespace

absl::StatusOr<crypto::PublicKey> ParsePublicKey(const std::string& text) {
  return Parse(text, "--public-key");
}

absl::StatusOr<std::string> ParseNonce(const std::string& text) {
  LETHE_ASSIGN(const crypto::PublicKey nonce, Parse(text, "--nonce"));
  return std::string(AsText(nonce));
}

}  // namespace lethe::cli
