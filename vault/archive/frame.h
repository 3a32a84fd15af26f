// The bytes of one frame. A head can be judged by itself, and the whole frame without the frames
// before it; that it follows them shows in its chain.
//
//   frame = head, body, chain
//   head  = 8 magic, U64 first, U64 last, U32 body bytes, U64 synced through, 32 chain before,
//           8 check (first bytes of SHA-256 over the head before it)
//   body  = storage::Batch::Encode
//   chain = SHA-256(chain before | U64 first | U64 last | U32 body bytes | body)
//
// `synced through` is the last sequence that was durable when the frame was written. It tells a
// frame that a power cut took (nothing behind it had seen it synced) from one that was damaged. It
// is not in the chain, so a frame lost and appended again gives the same chain.
#ifndef LETHE_VAULT_ARCHIVE_FRAME_H_
#define LETHE_VAULT_ARCHIVE_FRAME_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "base/bytes.h"
#include "crypto/hash.h"
#include "vault/archive/archive.h"

namespace lethe::vault::archive {

inline constexpr std::string_view kFrameMagic = "\xfeLETHEf1";
inline constexpr std::size_t kFrameHeadBytes = 8 + 8 + 8 + 4 + 8 + 32 + 8;
inline constexpr std::size_t kFrameOverheadBytes = kFrameHeadBytes + sizeof(crypto::Digest);

struct FrameHead {
  std::uint64_t first_sequence = 0;
  std::uint64_t last_sequence = 0;
  std::uint32_t body_bytes = 0;
  std::uint64_t synced_through = 0;
  crypto::Digest chain_before{};

  std::uint64_t frame_bytes() const { return kFrameOverheadBytes + std::uint64_t{body_bytes}; }
};

crypto::Digest ChainOver(const crypto::Digest& before, const Frame& frame);

// `chain` is ChainOver(before, frame), which the caller keeps.
std::string EncodeFrame(const Frame& frame, std::uint64_t synced_through,
                        const crypto::Digest& before, const crypto::Digest& chain);

// DATA_LOSS (kChainBroken). `head` is kFrameHeadBytes long or shorter.
absl::StatusOr<FrameHead> DecodeFrameHead(Bytes head);
// DATA_LOSS (kChainBroken). `whole` begins with a frame; `chain` gets the chain over it.
absl::StatusOr<Frame> DecodeFrame(Bytes whole, crypto::Digest* chain);

// What every damage found in an archive is answered with.
absl::Status ChainBroken();

}  // namespace lethe::vault::archive

#endif  // LETHE_VAULT_ARCHIVE_FRAME_H_
