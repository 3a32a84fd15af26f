// Judges what a KMS plugin answered. A plugin is somebody else's program: nothing of its answer is
// taken before it was looked at here, and none of its words but the name of its key are repeated.
//
// Every refusal is UNAVAILABLE (kHolderUnreachable) unless said otherwise, and names the field.
#ifndef LETHE_SERVER_KMS_PLUGIN_ANSWER_H_
#define LETHE_SERVER_KMS_PLUGIN_ANSWER_H_

#include <cstddef>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "base/bytes.h"
#include "kmsv2/plugin_service.pb.h"
#include "vault/holders/key_service.h"

namespace lethe::server::kms {

// Limits of the interface.
inline constexpr std::size_t kKeyIdBytesMax = 1'024;
inline constexpr std::size_t kCiphertextBytesMax = 1'024;
// The interface allows 32 KiB of annotations; what is more than that in all is not even read.
inline constexpr int kAnswerBytesMax = 64 << 10;

// A healthy plugin.
struct PluginState {
  std::string version;  // "v2" or "v2beta1".
  std::string key_id;
};

// Refuses a plugin that is not "ok", too.
absl::StatusOr<PluginState> StateFrom(const v2::StatusResponse& answer);

// Takes the seal out of `answer`. Refuses one that does not fit into a slot
// (KeyService::kSealBytesMax), though the interface might allow it.
absl::StatusOr<vault::holders::ServiceSeal> SealFrom(v2::EncryptResponse& answer);

// Into exactly `plaintext`, and wipes the answer's own copy. DATA_LOSS (kDecryptFailed): another
// size.
absl::Status PlaintextFrom(v2::DecryptResponse& answer, MutableBytes plaintext);

// What `seal` takes, counted as a length before each of its texts.
std::size_t SealBytes(const vault::holders::ServiceSeal& seal);

}  // namespace lethe::server::kms

#endif  // LETHE_SERVER_KMS_PLUGIN_ANSWER_H_
