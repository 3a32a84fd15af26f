// Key derivation: BLAKE2b-256 keyed with the parent secret (RFC 7693, section 2.9), which this
// design uses as a random oracle: whoever lacks any one input secret knows nothing of the output.
#ifndef LETHE_CRYPTO_KDF_H_
#define LETHE_CRYPTO_KDF_H_

#include <array>
#include <string_view>

#include "base/bytes.h"
#include "base/memory/secret.h"

namespace lethe::crypto {

// What a derived key is for: exactly 16 characters, so that labels are prefix-free.
struct Label {
  std::array<char, 16> text;
  // consteval: a label of another length does not compile.
  consteval Label(const char (&literal)[17]) : text{} {  // NOLINT(google-explicit-constructor)
    for (int i = 0; i < 16; ++i) text[i] = literal[i];
  }
};

// A Derivation absorbs inputs under a parent key and yields one child key.
//   Derivation(parent, "lethe.datakey.v1").Fixed(record_secret.Reveal()).Sized(tenant).Finish()
class Derivation {
 public:
  Derivation(const Secret& parent, Label label);
  ~Derivation();
  Derivation(const Derivation&) = delete;
  Derivation& operator=(const Derivation&) = delete;

  // Bytes whose length the format fixes.
  Derivation& Fixed(Bytes bytes);
  Derivation& Fixed(const Secret& secret) { return Fixed(secret.Reveal()); }
  // U16 length, then the bytes.
  Derivation& Sized(std::string_view bytes);
  Derivation& U32(std::uint32_t value);
  Derivation& U64(std::uint64_t value);

  Secret Finish();

 private:
  alignas(64) std::array<std::uint8_t, 384> state_;  // crypto_generichash_state
};

// 32 bytes that commit to `key` without telling anything of it: AES-GCM alone does not commit to
// its key, so every wrapped key has one beside it.
using Commitment = std::array<std::uint8_t, 32>;
Commitment Commit(const Secret& key);

// A 16-byte tag of `message` under `key` (keyed BLAKE2b-128): request ids, selectors, tokens.
std::array<std::uint8_t, 16> Mac16(const Secret& key, Label label, std::string_view message);

}  // namespace lethe::crypto

#endif  // LETHE_CRYPTO_KDF_H_
