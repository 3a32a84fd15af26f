// TokenKeys are the AES keys that a PKCS#11 token keeps for one vault: one a slot, made when the
// slot is written, destroyed when it is. The seam between the key tree and the token's library.
#ifndef LETHE_VAULT_HOLDERS_TOKEN_KEYS_H_
#define LETHE_VAULT_HOLDERS_TOKEN_KEYS_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "base/bytes.h"
#include "vault/model/keys.h"

namespace lethe::vault::holders {

// Every method: UNAVAILABLE (kHolderUnreachable) where the token is gone or does not answer; the
// next call tries to reach it again. Not thread-safe: a holder's own.
class TokenKeys {
 public:
  using Id = std::array<std::uint8_t, 16>;                // Random, public (CKA_ID).
  static constexpr std::size_t kOverheadBytes = 12 + 16;  // Nonce before, tag behind (AES-GCM).

  virtual ~TokenKeys() = default;

  // A fresh AES-256 key that never leaves the token.
  virtual absl::StatusOr<Id> Make() = 0;
  // Into exactly plaintext + kOverheadBytes. NOT_FOUND: there is no such key.
  virtual absl::Status Seal(const Id& id, Bytes plaintext, Bytes aad, MutableBytes out) = 0;
  // Into exactly sealed - kOverheadBytes. DATA_LOSS (kDecryptFailed): not what Seal made.
  // NOT_FOUND: there is no such key (any more).
  virtual absl::Status Open(const Id& id, Bytes sealed, Bytes aad, MutableBytes out) = 0;
  // After OK the key is gone. A key that is not there is gone.
  virtual absl::Status Destroy(const Id& id) = 0;
  // Every key of this vault.
  virtual absl::StatusOr<std::vector<Id>> List() = 0;
  // kHardware, or kTest for a token in software; `why` then says so.
  virtual Assurance CheckAssurance(std::string* why) = 0;
};

}  // namespace lethe::vault::holders

#endif  // LETHE_VAULT_HOLDERS_TOKEN_KEYS_H_
