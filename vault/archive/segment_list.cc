#include "vault/archive/segment_list.h"

#include <algorithm>
#include <iterator>
#include <optional>
#include <string>
#include <utility>

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

// Where the frames of segment `i` end: the newest may be growing.
absl::StatusOr<std::uint64_t> EndOf(const AppendFolder& folder, const SegmentList& list,
                                    std::size_t i) {
  if (i + 1 == list.headers.size() && list.end.offset >= kSegmentHeaderBytes) {
    return list.end.offset;
  }
  return folder.SizeOf(SegmentName(list.headers[i].first_sequence));
}

absl::StatusOr<ArchiveEnd> ReplaySegment(const AppendFolder& folder, const SegmentHeader& header,
                                         std::uint64_t end, std::uint64_t after,
                                         const std::function<absl::Status(const Frame&)>& each) {
  SegmentCursor cursor(folder, header, end);
  while (true) {
    LETHE_ASSIGN(const std::optional<Frame> frame, cursor.Next());
    if (!frame.has_value()) {
      return ArchiveEnd{cursor.offset(), cursor.last_sequence(), cursor.chain()};
    }
    if (frame->last_sequence > after) LETHE_TRY(each(*frame));
  }
}

absl::Status AnotherVaults() {
  return absl::FailedPreconditionError(
      "the archive belongs to another vault: move it away, and put this vault's own in its place "
      "unless that is lost");
}

// nullopt: it is not among `segments`, or cannot be read.
absl::StatusOr<std::optional<SegmentHeader>> FindHeader(const AppendFolder& folder,
                                                        const VaultId& vault,
                                                        const std::vector<std::uint64_t>& segments,
                                                        std::uint64_t segment) {
  if (!std::ranges::binary_search(segments, segment)) return std::optional<SegmentHeader>();
  const absl::StatusOr<SegmentHeader> header = ReadHeader(folder, segment);
  if (absl::IsDataLoss(header.status())) return std::optional<SegmentHeader>();
  LETHE_TRY(header.status());
  if (header->vault != vault) return AnotherVaults();
  return std::optional(*header);
}

// One that was torn is what the segment before it says, if that is whole and ends there.
absl::StatusOr<std::optional<SegmentHeader>> NewestHeader(
    const AppendFolder& folder, const VaultId& vault, const std::vector<std::uint64_t>& segments) {
  LETHE_ASSIGN(std::optional<SegmentHeader> header,
               FindHeader(folder, vault, segments, segments.back()));
  if (header.has_value() || segments.size() == 1) return header;
  LETHE_ASSIGN(const std::optional<SegmentHeader> before,
               FindHeader(folder, vault, segments, *std::prev(segments.end(), 2)));
  if (!before.has_value()) return before;
  const absl::StatusOr<SegmentList> list =
      WithTornHeader(folder, vault, segments.back(), {.headers = {*before}});
  if (absl::IsDataLoss(list.status())) return std::optional<SegmentHeader>();
  LETHE_TRY(list.status());
  return std::optional(list->headers.back());
}

// Whether `header`'s segment is whole, and `next` begins where it ends.
absl::StatusOr<bool> LeadsTo(const AppendFolder& folder, const SegmentHeader& header,
                             const SegmentHeader& next) {
  const absl::StatusOr<ArchiveEnd> end = ReadToEnd(folder, header, false);
  if (absl::IsDataLoss(end.status())) return false;
  LETHE_TRY(end.status());
  return end->last_sequence + 1 == next.first_sequence && end->chain == next.chain_before;
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
    if (header->vault != vault) return AnotherVaults();
    const bool follows =
        list.headers.empty() || header->previous_segment == list.headers.back().first_sequence;
    if (!follows) return ChainBroken();
    list.headers.push_back(*header);
  }
  LETHE_ASSIGN(list.end, ReadToEnd(folder, list.headers.back(), true));
  return list;
}

absl::Status ReplaySegments(const AppendFolder& folder, const SegmentList& list,
                            std::uint64_t after,
                            const std::function<absl::Status(const Frame&)>& each) {
  for (std::size_t i = 0; i < list.headers.size(); ++i) {
    const bool newest = i + 1 == list.headers.size();
    if (newest && list.end.offset < kSegmentHeaderBytes) break;  // Being made: holds nothing yet.
    // A segment is passed over where the next one begins no later than what is wanted.
    if (!newest && list.headers[i + 1].first_sequence <= after + 1) continue;
    const std::uint64_t last =
        newest ? list.end.last_sequence : list.headers[i + 1].first_sequence - 1;
    const crypto::Digest& chain = newest ? list.end.chain : list.headers[i + 1].chain_before;
    LETHE_ASSIGN(const std::uint64_t end, EndOf(folder, list, i));
    LETHE_ASSIGN(const ArchiveEnd reached,
                 ReplaySegment(folder, list.headers[i], end, after, each));
    if (reached.last_sequence != last || reached.chain != chain) return ChainBroken();
  }
  return absl::OkStatus();
}

absl::StatusOr<std::vector<SegmentHeader>> NewestRun(const AppendFolder& folder,
                                                     const VaultId& vault, std::uint64_t after) {
  std::vector<SegmentHeader> run;
  const absl::StatusOr<std::vector<std::uint64_t>> segments = FindSegments(folder);
  if (absl::IsNotFound(segments.status())) return run;
  LETHE_TRY(segments.status());
  LETHE_ASSIGN(std::optional<SegmentHeader> header, NewestHeader(folder, vault, *segments));
  while (header.has_value()) {
    run.push_back(*header);
    const SegmentHeader& oldest = run.back();
    if (oldest.first_sequence <= after + 1) break;
    if (oldest.previous_segment >= oldest.first_sequence) break;  // Never so, but by malice.
    LETHE_ASSIGN(header, FindHeader(folder, vault, *segments, oldest.previous_segment));
    if (!header.has_value()) break;
    LETHE_ASSIGN(const bool leads, LeadsTo(folder, *header, oldest));
    if (!leads) break;
  }
  std::ranges::reverse(run);
  return run;
}

absl::Status ReplayRun(const AppendFolder& folder, const std::vector<SegmentHeader>& run,
                       std::uint64_t after, const std::function<absl::Status(const Frame&)>& each) {
  for (const SegmentHeader& header : run) {
    LETHE_ASSIGN(const std::uint64_t end, folder.SizeOf(SegmentName(header.first_sequence)));
    if (end < kSegmentHeaderBytes) continue;  // Torn when it was made.
    SegmentCursor cursor(folder, header, end);
    while (true) {
      const absl::StatusOr<std::optional<Frame>> frame = cursor.Next();
      if (absl::IsDataLoss(frame.status())) break;
      LETHE_TRY(frame.status());
      if (!frame->has_value()) break;
      if ((*frame)->last_sequence > after) LETHE_TRY(each(**frame));
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<crypto::Digest> ChainAt(const AppendFolder& folder, const SegmentList& list,
                                       std::uint64_t sequence) {
  if (sequence > list.end.last_sequence) return ChainBroken();
  // The last segment that begins no later.
  const auto next = std::ranges::find_if(
      list.headers, [&](const SegmentHeader& each) { return each.first_sequence > sequence + 1; });
  if (next == list.headers.begin()) return ChainBroken();
  const SegmentHeader& header = *std::prev(next);
  if (header.first_sequence == sequence + 1) return header.chain_before;
  LETHE_ASSIGN(const std::uint64_t end,
               EndOf(folder, list, static_cast<std::size_t>(next - list.headers.begin() - 1)));
  SegmentCursor cursor(folder, header, end);
  while (cursor.last_sequence() < sequence) {
    LETHE_ASSIGN(const std::optional<Frame> frame, cursor.Next());
    if (!frame.has_value()) break;
  }
  if (cursor.last_sequence() != sequence) return ChainBroken();
  return cursor.chain();
}

}  // namespace lethe::vault::archive
