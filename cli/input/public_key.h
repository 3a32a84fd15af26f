// The 32 bytes that go with a receipt, a vault's public key and a nonce, as people hand them on.
#ifndef LETHE_CLI_INPUT_PUBLIC_KEY_H_
#define LETHE_CLI_INPUT_PUBLIC_KEY_H_

#include <string>

#include "absl/status/statusor.h"
#include "crypto/signing.h"

namespace lethe::cli {

// Base64, as `lethe status` prints it, or hexadecimal. USAGE: neither, or not 32 bytes.
absl::StatusOr<crypto::PublicKey> ParsePublicKey(const std::string& text);
// The same of a receipt's nonce.
absl::StatusOr<std::string> ParseNonce(const std::string& text);

}  // namespace lethe::cli

#endif  // LETHE_CLI_INPUT_PUBLIC_KEY_H_
