#include "vault/archive/segment_list.h"

#include <algorithm>
#include <optional>

#include "base/status_macros.h"
#include "vault/archive/frame.h"

namespace lethe::vault::archive {
namespace {

absl::StatusOr<std::vector<std::uint64_t>> FindSegments(const AppendFolder& folder) {
  LETHE_ASSIGN(const std::vector<std::string> names, folder.List());
  std::vector<std::uint64_t> segments;
  for (const std::string& name : names) {
    const std::optional<std::uint64_t> first = ParseSegmentName(name);
    if (first.has_value()) segments.push_back(*first);
  }
  std::sort(segments.begin(), segments.end());
  if (segments.empty()) return absl::NotFoundError("the folder holds no archive");
  return segments;
}

absl::StatusOr<SegmentHeader> ReadHeader(const AppendFolder& folder, std::uint64_t segment) {
  LETHE_ASSIGN(const std::string bytes, folder.Read(SegmentName(segment), 0, kSegmentHeaderBytes));
  LETHE_ASSIGN(SegmentHeader header, DecodeSegmentHeader(AsBytes(bytes)));
  if (header.first_sequence != segment) return ChainBroken();
  return header;
}

// The frames of `header`'s segment. Only the last segment of all may end in torn bytes.
absl::StatusOr<ArchiveEnd> ReadToEnd(const AppendFolder& folder, const SegmentHeader& header,
                                     bool may_be_torn) {
  LETHE_ASSIGN(const std::uint64_t file_bytes, folder.SizeOf(SegmentName(header.first_sequence)));
  SegmentCursor cursor(folder, header, file_bytes);
  while (true) {
    const absl::StatusOr<std::optional<Frame>> frame = cursor.Next();
    if (frame.ok() && frame->has_value()) continue;
    if (!frame.ok()) {
      if (!absl::IsDataLoss(frame.status()) || !may_be_torn) return frame.status();
      LETHE_TRY(JudgeTail(folder, header.first_sequence, cursor, file_bytes));
    }
    return ArchiveEnd{cursor.offset(), cursor.last_sequence(), cursor.chain()};
  }
}

// The last segment's header is synced before a frame follows it, so a torn one stands alone, and
// the segment before it, which was synced earlier still, is whole.
absl::StatusOr<SegmentList> WithTornHeader(const AppendFolder& folder, const VaultId& vault,
                                           std::uint64_t segment, SegmentList list) {
  if (list.headers.empty()) return ChainBroken();
  const std::uint64_t previous = list.headers.back().first_sequence;
  LETHE_ASSIGN(list.end, ReadToEnd(folder, list.headers.back(), false));
  if (list.end.last_sequence + 1 != segment) return ChainBroken();
  list.end.offset = 0;
  list.last_header_torn = true;
  list.headers.push_back({vault, segment, previous, list.end.chain});
  return list;
}

}  // namespace

absl::StatusOr<SegmentList> ReadSegmentList(const AppendFolder& folder, const VaultId& vault) {
  LETHE_ASSIGN(const std::vector<std::uint64_t> segments, FindSegments(folder));
  SegmentList list;
  for (const std::uint64_t segment : segments) {
    const absl::StatusOr<SegmentHeader> header = ReadHeader(folder, segment);
    if (!header.ok()) {
      LETHE_ASSIGN(const std::uint64_t file_bytes, folder.SizeOf(SegmentName(segment)));
      const bool alone = segment == segments.back() && file_bytes <= kSegmentHeaderBytes;
      if (!alone || !absl::IsDataLoss(header.status())) return header.status();
      return WithTornHeader(folder, vault, segment, std::move(list));
    }
    if (header->vault != vault) {
      return absl::FailedPreconditionError("the archive belongs to another vault");
    }
    const bool follows =
        list.headers.empty() || header->previous_segment == list.headers.back().first_sequence;
    if (!follows) return ChainBroken();
    list.headers.push_back(*header);
  }
  LETHE_ASSIGN(list.end, ReadToEnd(folder, list.headers.back(), true));
  return list;
}

}  // namespace lethe::vault::archive
