// A segment is one file of the archive: a header, then frames to its end.
//
//   name   = first sequence, 20 digits, ".lethe"
//   header = 8 magic, U16 format, 16 vault, U64 first sequence, U64 previous segment (0: none),
//            32 chain before its first frame, 32 SHA-256 of the header before it
#ifndef LETHE_VAULT_ARCHIVE_SEGMENT_H_
#define LETHE_VAULT_ARCHIVE_SEGMENT_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "base/bytes.h"
#include "base/ids.h"
#include "crypto/hash.h"
#include "vault/archive/append_file.h"
#include "vault/archive/archive.h"

namespace lethe::vault::archive {

inline constexpr std::string_view kSegmentMagic = "\xfeLETHEa1";
inline constexpr std::uint16_t kSegmentFormat = 1;
inline constexpr std::size_t kSegmentHeaderBytes = 8 + 2 + 16 + 8 + 8 + 32 + 32;

struct SegmentHeader {
  VaultId vault;
  std::uint64_t first_sequence = 0;
  std::uint64_t previous_segment = 0;  // Shows a segment that is missing between two others.
  crypto::Digest chain_before{};
};

std::string SegmentName(std::uint64_t first_sequence);
std::optional<std::uint64_t> ParseSegmentName(std::string_view name);

std::string EncodeSegmentHeader(const SegmentHeader& header);
// DATA_LOSS (kChainBroken); FAILED_PRECONDITION (kUnsupportedFormat): a later version's.
absl::StatusOr<SegmentHeader> DecodeSegmentHeader(Bytes bytes);

// A SegmentCursor reads the frames of one segment in order, and that each follows the last.
class SegmentCursor {
 public:
  // `end`: where the frames end.
  SegmentCursor(const AppendFolder& folder, const SegmentHeader& header, std::uint64_t end);

  // nullopt at the end. DATA_LOSS (kChainBroken): what stands at offset() is no frame, or does not
  // follow; the cursor stays.
  absl::StatusOr<std::optional<Frame>> Next();

  std::uint64_t offset() const { return offset_; }
  std::uint64_t last_sequence() const { return last_sequence_; }
  const crypto::Digest& chain() const { return chain_; }

 private:
  // Bytes from offset(), at least `size` unless the segment ends.
  absl::StatusOr<Bytes> Fill(std::size_t size);

  const AppendFolder& folder_;
  const std::string name_;
  const std::uint64_t end_;
  std::uint64_t offset_ = kSegmentHeaderBytes;
  std::uint64_t last_sequence_;
  crypto::Digest chain_;
  std::string buffer_;
  std::uint64_t buffer_offset_ = 0;
};

// Judges what a cursor of the last segment stopped at. OK: bytes that were never synced, which a
// power cut may leave torn or in holes, so the segment ends there. DATA_LOSS (kChainBroken): a
// frame behind them had seen them synced, so they were damaged.
absl::Status JudgeTail(const AppendFolder& folder, std::uint64_t segment,
                       const SegmentCursor& stopped, std::uint64_t file_bytes);

}  // namespace lethe::vault::archive

#endif  // LETHE_VAULT_ARCHIVE_SEGMENT_H_
