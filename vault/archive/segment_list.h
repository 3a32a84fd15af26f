// The segments of an archive in order, and where the last one ends: found in its folder, and read
// through as one run of frames.
#ifndef LETHE_VAULT_ARCHIVE_SEGMENT_LIST_H_
#define LETHE_VAULT_ARCHIVE_SEGMENT_LIST_H_

#include <cstdint>
#include <functional>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "base/ids.h"
#include "crypto/hash.h"
#include "vault/archive/append_file.h"
#include "vault/archive/segment.h"

namespace lethe::vault::archive {

// An archive's end, as far as it verifies.
struct ArchiveEnd {
  std::uint64_t offset = 0;  // In the last segment.
  std::uint64_t last_sequence = 0;
  crypto::Digest chain{};
};

struct SegmentList {
  std::vector<SegmentHeader> headers;  // At least one, oldest first.
  ArchiveEnd end;
  // The last segment's header was torn when it was made: nothing was in it yet. `end.offset` is 0.
  bool last_header_torn = false;
};

// NOT_FOUND: no segment. FAILED_PRECONDITION: another vault's, or a later version's. DATA_LOSS.
absl::StatusOr<SegmentList> ReadSegmentList(const AppendFolder& folder, const VaultId& vault);

// Archive::Replay and Archive::ChainAt. What is appended behind `list.end` meanwhile is not read.
absl::Status ReplaySegments(const AppendFolder& folder, const SegmentList& list,
                            std::uint64_t after,
                            const std::function<absl::Status(const Frame&)>& each);
// What is left of an archive that ReadSegmentList refuses, oldest first: the newest segment, and
// whole ones that lead to it without a gap, as far back as what comes behind `after` needs. Empty:
// no segment, or the newest cannot be read at all. FAILED_PRECONDITION: another vault's.
absl::StatusOr<std::vector<SegmentHeader>> NewestRun(const AppendFolder& folder,
                                                     const VaultId& vault, std::uint64_t after);
// Its frames behind `after`, of the newest segment as far as they verify.
absl::Status ReplayRun(const AppendFolder& folder, const std::vector<SegmentHeader>& run,
                       std::uint64_t after, const std::function<absl::Status(const Frame&)>& each);
absl::StatusOr<crypto::Digest> ChainAt(const AppendFolder& folder, const SegmentList& list,
                                       std::uint64_t sequence);

}  // namespace lethe::vault::archive

#endif  // LETHE_VAULT_ARCHIVE_SEGMENT_LIST_H_
