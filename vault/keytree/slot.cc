#include "vault/keytree/slot.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "base/check.h"
#include "base/codec.h"
#include "base/reason.h"
#include "crypto/hash.h"
#include "crypto/kdf.h"

namespace lethe::vault::keytree {
namespace {

constexpr std::string_view kMagic = "\xfeLETHEs1";
constexpr std::uint16_t kFormat = 1;
constexpr std::uint8_t kFilePart = 1;

constexpr std::size_t kCheckedBytes = kSlotBytes - sizeof(crypto::Digest);

bool IsEmpty(Bytes bytes) {
  return std::all_of(bytes.begin(), bytes.end(), [](std::uint8_t byte) { return byte == 0; });
}

Slot Torn() { return {Slot::State::kTorn, std::nullopt}; }

absl::Status Unsupported() {
  return Refuse(Reason::kUnsupportedFormat, "a holder's slot was written by a later version");
}

}  // namespace

SlotContent SlotContent::Clone() const {
  return {vault, generation, owner_epoch, root_commitment, root.Clone()};
}

void EncodeSlot(const SlotContent& content, MutableBytes out) {
  LETHE_CHECK(out.size() == kSlotBytes);
  LETHE_CHECK(crypto::Commit(content.root) == content.root_commitment);
  // The root is copied straight into `out`: a writer's string would leave copies where it grew.
  ByteWriter writer;
  writer.Raw(kMagic).U16(kFormat).Raw(content.vault.bytes()).U64(content.generation);
  writer.U64(content.owner_epoch).Raw(content.root_commitment);
  writer.U8(1).U8(kFilePart).U16(Secret::kBytes);
  std::fill(out.begin(), out.end(), std::uint8_t{0});
  const Bytes head = AsBytes(writer.str());
  const Bytes root = content.root.Reveal();
  const auto end = std::copy(head.begin(), head.end(), out.begin());
  std::copy(root.begin(), root.end(), end);
  const crypto::Digest check = crypto::Sha256(out.first(kCheckedBytes));
  std::copy(check.begin(), check.end(), out.begin() + kCheckedBytes);
}

absl::StatusOr<Slot> DecodeSlot(Bytes bytes) {
  LETHE_CHECK(bytes.size() == kSlotBytes);
  if (IsEmpty(bytes)) return Slot{Slot::State::kEmpty, std::nullopt};
  const crypto::Digest check = crypto::Sha256(bytes.first(kCheckedBytes));
  if (AsText(bytes.subspan(kCheckedBytes)) != AsText(check)) return Torn();
  ByteReader reader(bytes.first(kCheckedBytes));
  if (AsText(reader.Raw(kMagic.size())) != kMagic) return Torn();
  if (reader.U16() != kFormat) return Unsupported();

  SlotContent content;
  content.vault = VaultId::FromBytes(reader.Raw(VaultId::kBytes));
  content.generation = reader.U64();
  content.owner_epoch = reader.U64();
  const Bytes commitment = reader.Raw(content.root_commitment.size());
  std::copy(commitment.begin(), commitment.end(), content.root_commitment.begin());
  // This version writes one part, of this type; more or others are what it cannot destroy.
  if (reader.U8() != 1 || reader.U8() != kFilePart) return Unsupported();
  const std::string_view root = reader.Short();
  if (root.size() != Secret::kBytes) return Unsupported();
  content.root = Secret::CopyFrom(AsBytes(root));
  if (crypto::Commit(content.root) != content.root_commitment) return Torn();
  Slot slot{Slot::State::kWhole, std::nullopt};
  slot.content = std::move(content);
  return slot;
}

}  // namespace lethe::vault::keytree
