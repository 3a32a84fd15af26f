// A frame of the archive, as found at the place where one should begin.
//
//   input = U8 repairs, frame         bit 0: the head's check is made to fit; bit 1: the chain too
#include "vault/archive/frame.h"

#include "tests/fuzz/fuzz_target.h"

namespace lethe::fuzz {
namespace {

using namespace vault::archive;  // NOLINT(google-build-using-namespace): one format, one target.

// Checksums stop random bytes at the door; whoever can write to the disk can write checksums.
std::string Repair(std::uint8_t repairs, std::string bytes) {
  if ((repairs & 1) == 0 || bytes.size() < kFrameHeadBytes) return bytes;
  const crypto::Digest check = crypto::Sha256(AsBytes(bytes).first(kFrameHeadBytes - 8));
  std::copy_n(check.begin(), 8, bytes.begin() + kFrameHeadBytes - 8);
  const auto head = DecodeFrameHead(AsBytes(bytes).first(kFrameHeadBytes));
  if ((repairs & 2) == 0 || !head.ok() || head->frame_bytes() > bytes.size()) return bytes;
  const Frame frame{head->first_sequence, head->last_sequence,
                    bytes.substr(kFrameHeadBytes, head->body_bytes)};
  const crypto::Digest chain = ChainOver(head->chain_before, frame);
  std::ranges::copy(chain, bytes.begin() + kFrameHeadBytes + head->body_bytes);
  return bytes;
}

}  // namespace

LETHE_FUZZ_TARGET(frame) {
  ByteReader in(input);
  const std::uint8_t repairs = in.U8();
  const std::string bytes = Repair(repairs, std::string(AsText(in.Raw(in.remaining()))));
  crypto::Digest chain{};
  const auto decoded = DecodeFrame(AsBytes(bytes), &chain);
  if (!decoded.ok()) return Refused(decoded.status());
  LETHE_CHECK(decoded->first_sequence > 0 && decoded->last_sequence >= decoded->first_sequence);
  const auto head = DecodeFrameHead(AsBytes(bytes).first(kFrameHeadBytes));
  LETHE_CHECK(head.ok() && head->body_bytes == decoded->batch.size());
  LETHE_CHECK(chain == ChainOver(head->chain_before, *decoded));
  LETHE_CHECK(EncodeFrame(*decoded, head->synced_through, head->chain_before, chain) ==
              bytes.substr(0, head->frame_bytes()));
  return true;
}

}  // namespace lethe::fuzz
