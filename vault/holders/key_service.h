// A KeyService is a key management service that seals a part of the root for a holder: the outer
// factor. It protects a stolen holder at once; what it sealed stays openable as long as its key
// version lives, so only destroying that version makes an old copy of a slot worthless (a horizon).
//
// The client for the Kubernetes KMS v2 plugin interface is in server/kms/; the vault knows no
// network.
#ifndef LETHE_VAULT_HOLDERS_KEY_SERVICE_H_
#define LETHE_VAULT_HOLDERS_KEY_SERVICE_H_

#include <cstddef>
#include <map>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "base/bytes.h"

namespace lethe::vault::holders {

// What a service made of a plaintext. All of it goes back to it to be opened; none of it is secret.
struct ServiceSeal {
  std::string key_id;  // Of the key version; unique within the service.
  std::string ciphertext;
  std::map<std::string, std::string> annotations;
};

// Thread-safe. Calls may take as long as the service's own time limit and are never made while a
// lock is held or a request waits, except at start, for a step of the horizon and for status.
class KeyService {
 public:
  // What a sealed part may take in a slot, all of ServiceSeal together.
  static constexpr std::size_t kSealBytesMax = 3'072;
  // The smallest limit among the services known (RSA-OAEP-256 with 2,048 bits).
  static constexpr std::size_t kPlaintextBytesMax = 190;

  virtual ~KeyService() = default;

  // As the configuration calls it: "aws-1". Public; stands in slots beside the key id.
  virtual std::string name() const = 0;
  // The version that Seal would use now. UNAVAILABLE (kHolderUnreachable): silent or not healthy.
  virtual absl::StatusOr<std::string> CurrentKeyId() = 0;
  // UNAVAILABLE (kHolderUnreachable): silent, slow, not healthy, or it answered what it must not.
  virtual absl::StatusOr<ServiceSeal> Seal(Bytes plaintext) = 0;
  // Into exactly `plaintext`. UNAVAILABLE as above. DATA_LOSS (kDecryptFailed): it says that this
  // is not its seal, or gave back another size.
  virtual absl::Status Open(const ServiceSeal& seal, MutableBytes plaintext) = 0;
};

}  // namespace lethe::vault::holders

#endif  // LETHE_VAULT_HOLDERS_KEY_SERVICE_H_
