// Documents that are handed out piece by piece.
#ifndef LETHE_VAULT_MODEL_ARTIFACT_H_
#define LETHE_VAULT_MODEL_ARTIFACT_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "vault/model/erasure.h"

namespace lethe::vault {

// An Artifact is a document handed out piece by piece: an access report, an export, a backup. It
// holds no lock between pieces. ABORTED (kConcurrentChange) ends it when its subject is erased
// meanwhile.
class Artifact {
 public:
  virtual ~Artifact() = default;
  // The next piece (at most kPieceBytesMax), or an empty string at the end.
  virtual absl::StatusOr<std::string> Next() = 0;
  // Valid after the end.
  virtual std::int64_t record_count() const = 0;
  virtual const std::vector<Withheld>& withheld() const = 0;

  static constexpr std::size_t kPieceBytesMax = 64u << 10;
};

}  // namespace lethe::vault

#endif  // LETHE_VAULT_MODEL_ARTIFACT_H_
