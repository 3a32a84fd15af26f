#include "vault/archive/segment.h"

#include <algorithm>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_format.h"
#include "base/codec.h"
#include "base/reason.h"
#include "base/status_macros.h"
#include "vault/archive/frame.h"

namespace lethe::vault::archive {
namespace {

constexpr std::string_view kSuffix = ".lethe";
constexpr std::size_t kNameDigits = 20;  // Of the largest U64, so that names sort like numbers.
// What a cursor reads at a time: small frames cost one system call in hundreds.
constexpr std::size_t kReadBytes = 1u << 20;

crypto::Digest DigestFrom(Bytes bytes) {
  crypto::Digest digest{};
  std::copy(bytes.begin(), bytes.end(), digest.begin());
  return digest;
}

}  // namespace

std::string SegmentName(std::uint64_t first_sequence) {
  return absl::StrFormat("%020d%s", first_sequence, std::string(kSuffix));
}

std::optional<std::uint64_t> ParseSegmentName(std::string_view name) {
  if (name.size() != kNameDigits + kSuffix.size() || !name.ends_with(kSuffix)) return std::nullopt;
  std::uint64_t first = 0;
  if (!absl::SimpleAtoi(std::string(name.substr(0, kNameDigits)), &first)) return std::nullopt;
  // The canonical form only: signs and spaces would name one segment twice.
  return SegmentName(first) == name ? std::optional(first) : std::nullopt;
}

std::string EncodeSegmentHeader(const SegmentHeader& header) {
  ByteWriter writer;
  writer.Raw(kSegmentMagic).U16(kSegmentFormat).Raw(header.vault.bytes());
  writer.U64(header.first_sequence).U64(header.previous_segment).Raw(header.chain_before);
  writer.Raw(crypto::Sha256(AsBytes(writer.str())));
  return writer.Take();
}

absl::StatusOr<SegmentHeader> DecodeSegmentHeader(Bytes bytes) {
  ByteReader reader(bytes);
  if (AsText(reader.Raw(kSegmentMagic.size())) != kSegmentMagic) return ChainBroken();
  const std::uint16_t format = reader.U16();
  if (!reader.ok()) return ChainBroken();
  // Before the checksum, whose place another format may have moved.
  if (format != kSegmentFormat) {
    return Refuse(Reason::kUnsupportedFormat, "the archive was written by a later version");
  }
  if (bytes.size() != kSegmentHeaderBytes) return ChainBroken();
  SegmentHeader header;
  header.vault = VaultId::FromBytes(reader.Raw(VaultId::kBytes));
  header.first_sequence = reader.U64();
  header.previous_segment = reader.U64();
  header.chain_before = DigestFrom(reader.Raw(sizeof(crypto::Digest)));
  const crypto::Digest check = DigestFrom(reader.Raw(sizeof(crypto::Digest)));
  const Bytes checked = bytes.first(kSegmentHeaderBytes - sizeof(crypto::Digest));
  if (check != crypto::Sha256(checked) || header.first_sequence == 0) return ChainBroken();
  return header;
}

SegmentCursor::SegmentCursor(const AppendFolder& folder, const SegmentHeader& header,
                             std::uint64_t end)
    : folder_(folder),
      name_(SegmentName(header.first_sequence)),
      end_(end),
      last_sequence_(header.first_sequence - 1),
      chain_(header.chain_before) {}

absl::StatusOr<Bytes> SegmentCursor::Fill(std::size_t size) {
  const std::size_t wanted = std::min<std::uint64_t>(size, end_ - offset_);
  if (offset_ + wanted > buffer_offset_ + buffer_.size()) {
    const std::size_t read = std::min<std::uint64_t>(std::max(size, kReadBytes), end_ - offset_);
    LETHE_ASSIGN(buffer_, folder_.Read(name_, offset_, read));
    buffer_offset_ = offset_;
  }
  return AsBytes(buffer_).subspan(offset_ - buffer_offset_);
}

absl::StatusOr<std::optional<Frame>> SegmentCursor::Next() {
  if (offset_ == end_) return std::optional<Frame>();
  LETHE_ASSIGN(Bytes bytes, Fill(kFrameHeadBytes));
  LETHE_ASSIGN(const FrameHead head,
               DecodeFrameHead(bytes.first(std::min(bytes.size(), kFrameHeadBytes))));
  if (head.frame_bytes() > end_ - offset_) return ChainBroken();
  LETHE_ASSIGN(bytes, Fill(head.frame_bytes()));
  crypto::Digest chain;
  LETHE_ASSIGN(Frame frame, DecodeFrame(bytes, &chain));
  if (head.chain_before != chain_ || frame.first_sequence != last_sequence_ + 1) {
    return ChainBroken();
  }
  offset_ += head.frame_bytes();
  last_sequence_ = frame.last_sequence;
  chain_ = chain;
  return std::optional(std::move(frame));
}

absl::Status JudgeTail(const AppendFolder& folder, std::uint64_t segment,
                       const SegmentCursor& stopped, std::uint64_t file_bytes) {
  LETHE_ASSIGN(const std::string tail,
               folder.Read(SegmentName(segment), stopped.offset(), file_bytes - stopped.offset()));
  // A whole frame that does not follow is a fork, not a torn write.
  crypto::Digest chain;
  if (DecodeFrame(AsBytes(tail), &chain).ok()) return ChainBroken();
  const std::uint64_t missing = stopped.last_sequence() + 1;
  for (std::size_t at = tail.find(kFrameMagic); at != std::string::npos;
       at = tail.find(kFrameMagic, at + 1)) {
    const absl::StatusOr<FrameHead> head =
        DecodeFrameHead(AsBytes(tail).subspan(at, std::min(tail.size() - at, kFrameHeadBytes)));
    if (head.ok() && head->synced_through >= missing) return ChainBroken();
  }
  return absl::OkStatus();
}

}  // namespace lethe::vault::archive
