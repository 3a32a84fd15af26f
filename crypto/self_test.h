// Known-answer tests of every algorithm in use, run before the first key is touched.
#ifndef LETHE_CRYPTO_SELF_TEST_H_
#define LETHE_CRYPTO_SELF_TEST_H_

#include "absl/status/status.h"

namespace lethe::crypto {

// Initialises both libraries and checks AES-256-GCM (both back ends), BLAKE2b, SHA-256 and Ed25519
// against fixed answers. INTERNAL names the algorithm that failed. About 1 ms. Idempotent.
absl::Status SelfTest();

}  // namespace lethe::crypto

#endif  // LETHE_CRYPTO_SELF_TEST_H_
