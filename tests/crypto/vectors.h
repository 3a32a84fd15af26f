// Readers of published test vectors under LETHE_VECTORS_DIR. Nonces of vectors are given, ours are
// drawn, so vectors are opened: nonce | ciphertext | tag is what Open takes.
#ifndef LETHE_TESTS_CRYPTO_VECTORS_H_
#define LETHE_TESTS_CRYPTO_VECTORS_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace lethe::crypto {

// One case of AES-256-GCM with a 96-bit nonce and a 128-bit tag.
struct GcmCase {
  std::string id;
  std::string key;
  std::string nonce;
  std::string aad;
  std::string ciphertext;
  std::string tag;
  std::optional<std::string> plaintext;  // None: the case must be refused.
};

struct SignatureCase {
  std::string id;
  std::string public_key;
  std::string message;
  std::string signature;
  bool valid;
};

// One inclusion proof of RFC 6962.
struct MerkleCase {
  std::string id;
  std::uint64_t index;
  std::uint64_t size;
  std::string root;
  std::string leaf;
  std::vector<std::string> path;
  bool valid;
};

// nullopt where the file is missing; a garbled file fails the test.
std::optional<std::vector<GcmCase>> WycheproofGcm();
std::optional<std::vector<GcmCase>> CavpGcm();
std::optional<std::vector<SignatureCase>> WycheproofEd25519();
std::optional<std::vector<MerkleCase>> MerkleInclusion();

std::string FromHex(std::string_view hex);

}  // namespace lethe::crypto

#endif  // LETHE_TESTS_CRYPTO_VECTORS_H_
