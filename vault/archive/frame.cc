#include "vault/archive/frame.h"

#include <algorithm>

#include "base/check.h"
#include "base/codec.h"
#include "base/reason.h"
#include "base/status_macros.h"

namespace lethe::vault::archive {
namespace {

constexpr std::size_t kCheckBytes = 8;

std::string EncodeRange(const Frame& frame) {
  LETHE_CHECK(frame.batch.size() <= Archive::kFrameBytesMax);
  return ByteWriter()
      .U64(frame.first_sequence)
      .U64(frame.last_sequence)
      .U32(static_cast<std::uint32_t>(frame.batch.size()))
      .Take();
}

Bytes CheckOf(const crypto::Digest& digest) { return Bytes(digest).first(kCheckBytes); }

crypto::Digest ReadDigest(ByteReader& reader) {
  crypto::Digest digest{};
  const Bytes bytes = reader.Raw(digest.size());
  std::copy(bytes.begin(), bytes.end(), digest.begin());
  return digest;
}

}  // namespace

absl::Status ChainBroken() {
  return Refuse(Reason::kChainBroken, "the archive is damaged: a frame or a segment does not fit");
}

crypto::Digest ChainOver(const crypto::Digest& before, const Frame& frame) {
  return crypto::Sha256Stream().Add(before).Add(EncodeRange(frame)).Add(frame.batch).Finish();
}

std::string EncodeFrame(const Frame& frame, std::uint64_t synced_through,
                        const crypto::Digest& before, const crypto::Digest& chain) {
  std::string bytes;
  bytes.reserve(kFrameOverheadBytes + frame.batch.size());
  bytes.append(kFrameMagic).append(EncodeRange(frame));
  bytes.append(ByteWriter().U64(synced_through).Raw(before).str());
  bytes.append(AsText(CheckOf(crypto::Sha256(AsBytes(bytes)))));
  bytes.append(frame.batch).append(AsText(chain));
  return bytes;
}

absl::StatusOr<FrameHead> DecodeFrameHead(Bytes head) {
  ByteReader reader(head);
  FrameHead found;
  const bool magic_fits = AsText(reader.Raw(kFrameMagic.size())) == kFrameMagic;
  found.first_sequence = reader.U64();
  found.last_sequence = reader.U64();
  found.body_bytes = reader.U32();
  found.synced_through = reader.U64();
  found.chain_before = ReadDigest(reader);
  const Bytes check = reader.Raw(kCheckBytes);
  if (!reader.Finish().ok() || !magic_fits) return ChainBroken();
  const crypto::Digest digest = crypto::Sha256(head.first(kFrameHeadBytes - kCheckBytes));
  if (AsText(check) != AsText(CheckOf(digest))) return ChainBroken();
  if (found.first_sequence == 0 || found.last_sequence < found.first_sequence ||
      found.body_bytes > Archive::kFrameBytesMax) {
    return ChainBroken();
  }
  return found;
}

absl::StatusOr<Frame> DecodeFrame(Bytes whole, crypto::Digest* chain) {
  if (whole.size() < kFrameHeadBytes) return ChainBroken();
  LETHE_ASSIGN(const FrameHead head, DecodeFrameHead(whole.first(kFrameHeadBytes)));
  if (whole.size() < head.frame_bytes()) return ChainBroken();
  ByteReader rest(whole.subspan(kFrameHeadBytes));
  Frame frame{head.first_sequence, head.last_sequence,
              std::string(AsText(rest.Raw(head.body_bytes)))};
  *chain = ChainOver(head.chain_before, frame);
  if (ReadDigest(rest) != *chain) return ChainBroken();
  return frame;
}

}  // namespace lethe::vault::archive
