#include "vault/holders/slot.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "base/check.h"
#include "base/codec.h"
#include "base/reason.h"
#include "base/status_macros.h"
#include "crypto/hash.h"
#include "crypto/kdf.h"

namespace lethe::vault::holders {
namespace {

constexpr std::string_view kMagic = "\xfeLETHEs1";
constexpr std::uint16_t kFormat = 1;

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
  return {vault, generation, owner_epoch, root_commitment, root.empty() ? Secret() : root.Clone()};
}

bool IsCurrent(const SlotContent& found, const SlotContent& current) {
  if (found.vault != current.vault) return false;
  return found.root_commitment == current.root_commitment ||
         (found.owner_epoch == current.owner_epoch && found.generation > current.generation);
}

Standing StandingOf(const std::array<Slot, kSlotsPerHolder>& slots, const SlotContent& current) {
  Standing standing = Standing::kBehind;
  for (const Slot& slot : slots) {
    if (slot.state != Slot::State::kWhole) continue;
    if (IsCurrent(*slot.content, current)) return Standing::kCurrent;
    const bool earlier =
        slot.content->vault == current.vault && slot.content->owner_epoch < current.owner_epoch;
    if (!earlier) standing = Standing::kReplaced;
  }
  return standing;
}

const SlotPart* SealedSlot::Find(PartType type) const {
  const auto part =
      std::ranges::find_if(parts, [type](const SlotPart& one) { return one.type() == type; });
  return part == parts.end() ? nullptr : &*part;
}

void EncodeSlot(const SlotContent& head, const std::vector<SlotPart>& parts, MutableBytes out) {
  LETHE_CHECK(out.size() == kSlotBytes);
  // The parts are copied straight into `out`: a writer's string would leave copies where it grew.
  ByteWriter writer;
  writer.Raw(kMagic).U16(kFormat).Raw(head.vault.bytes()).U64(head.generation);
  writer.U64(head.owner_epoch)
      .Raw(head.root_commitment)
      .U8(static_cast<std::uint8_t>(parts.size()));
  std::fill(out.begin(), out.end(), std::uint8_t{0});
  std::size_t at = 0;
  const auto append = [&](Bytes bytes) {
    LETHE_CHECK(bytes.size() <= kCheckedBytes - at);
    std::copy(bytes.begin(), bytes.end(), out.begin() + static_cast<std::ptrdiff_t>(at));
    at += bytes.size();
  };
  append(AsBytes(writer.str()));
  for (const SlotPart& part : parts) {
    append(AsBytes(ByteWriter()
                       .U8(static_cast<std::uint8_t>(part.type()))
                       .U16(static_cast<std::uint16_t>(part.bytes().size()))
                       .str()));
    append(part.bytes());
  }
  const crypto::Digest check = crypto::Sha256(out.first(kCheckedBytes));
  std::copy(check.begin(), check.end(), out.begin() + kCheckedBytes);
}

absl::StatusOr<SealedSlot> DecodeSealedSlot(Bytes bytes) {
  LETHE_CHECK(bytes.size() == kSlotBytes);
  SealedSlot slot;
  if (IsEmpty(bytes)) return slot;
  slot.state = Slot::State::kTorn;
  const crypto::Digest check = crypto::Sha256(bytes.first(kCheckedBytes));
  if (AsText(bytes.subspan(kCheckedBytes)) != AsText(check)) return slot;
  ByteReader reader(bytes.first(kCheckedBytes));
  if (AsText(reader.Raw(kMagic.size())) != kMagic) return slot;
  if (reader.U16() != kFormat) return Unsupported();

  slot.head.vault = VaultId::FromBytes(reader.Raw(VaultId::kBytes));
  slot.head.generation = reader.U64();
  slot.head.owner_epoch = reader.U64();
  const Bytes commitment = reader.Raw(slot.head.root_commitment.size());
  std::copy(commitment.begin(), commitment.end(), slot.head.root_commitment.begin());
  for (std::uint8_t left = reader.U8(); left > 0; --left) {
    const auto type = static_cast<PartType>(reader.U8());
    const Bytes part = AsBytes(reader.Short());
    // What this version does not know it cannot destroy either.
    if (!reader.ok() || !IsKnown(type) || slot.Find(type) != nullptr) return Unsupported();
    slot.parts.emplace_back(type, part);
  }
  slot.state = Slot::State::kWhole;
  return slot;
}

void EncodeSlot(const SlotContent& content, MutableBytes out) {
  LETHE_CHECK(crypto::Commit(content.root) == content.root_commitment);
  std::vector<SlotPart> parts;
  parts.emplace_back(PartType::kFile, content.root.Reveal());
  EncodeSlot(content, parts, out);
}

absl::StatusOr<Slot> DecodeSlot(Bytes bytes) {
  LETHE_ASSIGN(SealedSlot sealed, DecodeSealedSlot(bytes));
  if (sealed.state != Slot::State::kWhole) return Slot{sealed.state, std::nullopt};
  const SlotPart* file = sealed.Find(PartType::kFile);
  if (file == nullptr || sealed.parts.size() != 1 || file->bytes().size() != Secret::kBytes) {
    return Unsupported();
  }
  sealed.head.root = Secret::CopyFrom(file->bytes());
  if (crypto::Commit(sealed.head.root) != sealed.head.root_commitment) return Torn();
  Slot slot{Slot::State::kWhole, std::nullopt};
  slot.content = std::move(sealed.head);
  return slot;
}

}  // namespace lethe::vault::holders
