// A slot of a holder: the root of everything.
//
//   input = U8 repairs, bytes of the slot, zeros behind them
//           bit 0: the checksum is made to fit; bit 1: the commitment is made the root's
#include "vault/holders/slot.h"

#include "crypto/hash.h"
#include "crypto/kdf.h"
#include "tests/fuzz/fuzz_target.h"

namespace lethe::fuzz {
namespace {

using namespace vault::holders;  // NOLINT(google-build-using-namespace): one format, one target.

constexpr std::size_t kCheckedBytes = kSlotBytes - sizeof(crypto::Digest);
constexpr std::size_t kCommitmentAt = 8 + 2 + 16 + 8 + 8;
constexpr std::size_t kRootAt = kCommitmentAt + 32 + 1 + 1 + 2;

std::string SlotFrom(Bytes input) {
  ByteReader in(input);
  const std::uint8_t repairs = in.U8();
  std::string bytes(AsText(in.Raw(std::min(in.remaining(), kSlotBytes))));
  bytes.resize(kSlotBytes, '\0');
  if ((repairs & 2) != 0) {
    const Secret root = Secret::CopyFrom(AsBytes(bytes).subspan(kRootAt, Secret::kBytes));
    std::ranges::copy(crypto::Commit(root), bytes.begin() + kCommitmentAt);
  }
  if ((repairs & 1) != 0) {
    const crypto::Digest check = crypto::Sha256(AsBytes(bytes).first(kCheckedBytes));
    std::ranges::copy(check, bytes.begin() + kCheckedBytes);
  }
  return bytes;
}

}  // namespace

LETHE_FUZZ_TARGET(slot) {
  const std::string bytes = SlotFrom(input);
  const auto decoded = DecodeSlot(AsBytes(bytes));
  if (!decoded.ok()) return Refused(decoded.status());
  LETHE_CHECK(decoded->content.has_value() == (decoded->state == Slot::State::kWhole));
  LETHE_CHECK((decoded->state == Slot::State::kEmpty) == (bytes == std::string(kSlotBytes, '\0')));
  if (!decoded->content.has_value()) return false;
  const SlotContent& content = *decoded->content;
  LETHE_CHECK(crypto::Commit(content.root) == content.root_commitment);
  // What this version does not write, it does not keep: the head is what comes back.
  std::string again(kSlotBytes, 'x');
  EncodeSlot(content, AsMutableBytes(again));
  LETHE_CHECK(again.substr(0, kRootAt + Secret::kBytes) ==
              bytes.substr(0, kRootAt + Secret::kBytes));
  return true;
}

}  // namespace lethe::fuzz
