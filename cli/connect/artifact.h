// Receives a document that the server streams, and believes it only when its trailer fits.
#ifndef LETHE_CLI_CONNECT_ARTIFACT_H_
#define LETHE_CLI_CONNECT_ARTIFACT_H_

#include <functional>
#include <memory>
#include <string_view>

#include "absl/status/statusor.h"
#include "cli/connect/client.h"
#include "crypto/hash.h"

namespace lethe::cli {

using ArtifactReader = grpc::ClientReaderInterface<v1::ArtifactChunk>;

// Hands every data piece to `sink` as it comes. DATA_LOSS: the stream ended without its trailer, or
// the trailer's size or SHA-256 is not that of the data.
absl::StatusOr<v1::ArtifactTrailer> ReceiveArtifact(
    ArtifactReader& reader, const std::function<absl::Status(std::string_view)>& sink);

}  // namespace lethe::cli

#endif  // LETHE_CLI_CONNECT_ARTIFACT_H_
