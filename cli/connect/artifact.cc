#include "cli/connect/artifact.h"

#include <optional>

#include "base/status_macros.h"

namespace lethe::cli {
namespace {

// Exit 2, as for any other failure of the server's.
absl::Status Damaged(const char* how) {
  return FromRpc(grpc::Status(grpc::StatusCode::DATA_LOSS, how), "");
}

absl::Status Check(const v1::ArtifactTrailer& trailer, std::int64_t size,
                   crypto::Sha256Stream& hash) {
  const crypto::Digest digest = hash.Finish();
  if (trailer.size_bytes() != size || trailer.sha256() != AsText(digest)) {
    return Damaged("the document is not the one its trailer describes");
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<v1::ArtifactTrailer> ReceiveArtifact(
    ArtifactReader& reader, const std::function<absl::Status(std::string_view)>& sink) {
  crypto::Sha256Stream hash;
  std::int64_t size = 0;
  std::optional<v1::ArtifactTrailer> trailer;
  absl::Status sunk;
  for (v1::ArtifactChunk chunk; reader.Read(&chunk);) {
    if (chunk.has_trailer()) trailer = chunk.trailer();
    // After a failed write the rest is read and dropped, so that the call can end.
    if (!chunk.has_data() || !sunk.ok()) continue;
    hash.Add(chunk.data());
    size += static_cast<std::int64_t>(chunk.data().size());
    sunk = sink(chunk.data());
  }
  LETHE_TRY(FromRpc(reader.Finish(), ""));
  LETHE_TRY(sunk);
  if (!trailer.has_value()) return Damaged("the document was cut short");
  LETHE_TRY(Check(*trailer, size, hash));
  return *std::move(trailer);
}

}  // namespace lethe::cli
