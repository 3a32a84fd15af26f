// What the two AES-GCM back ends share. Used inside crypto/ only.
#ifndef LETHE_CRYPTO_BACK_ENDS_H_
#define LETHE_CRYPTO_BACK_ENDS_H_

#include "absl/status/status.h"
#include "crypto/aead.h"

namespace lethe::crypto::internal {

// No row comes near this; a body that does is a bug of ours (OpenSSL counts in int).
inline constexpr std::size_t kPlaintextBytesMax = 1u << 30;

// The contract of Seal, checked: sizes, aad, no overlap. The body is `head` and `tail`.
void CheckSeal(const Secret& key, Bytes head, Bytes tail, Bytes aad, MutableBytes out);

// False if `sealed` cannot have come from Seal (too short, too long); checks the rest of Open's
// contract. A size is public, and the caller's `out` follows from it, so nothing leaks.
bool CheckOpen(const Secret& key, Bytes sealed, Bytes aad, MutableBytes out);

// Open behind the checks; false if not authentic. Published vectors, which know empty aads, call
// these; everyone else goes through Aead, which refuses one.
bool OpenWithSodium(const Secret& key, Bytes sealed, Bytes aad, MutableBytes out);
bool OpenWithOpenssl(const Secret& key, Bytes sealed, Bytes aad, MutableBytes out);

// Zeroes `out` and gives the one refusal Open knows.
absl::Status DecryptFailed(MutableBytes out);

}  // namespace lethe::crypto::internal

#endif  // LETHE_CRYPTO_BACK_ENDS_H_
