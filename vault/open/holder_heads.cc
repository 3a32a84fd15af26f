#include "vault/open/holder_heads.h"

#include <algorithm>
#include <cstdint>
#include <string_view>
#include <utility>

#include "absl/strings/str_format.h"
#include "base/direct_read.h"
#include "base/reason.h"
#include "base/status_macros.h"
#include "vault/holders/slot.h"
#include "vault/holders/slot_holder.h"
#include "vault/holders/slot_io.h"
#include "vault/open/open_holders.h"

namespace lethe::vault {
namespace {

absl::Status Unfit(const std::string& holder, std::string_view what) {
  return Refuse(Reason::kHolderNeeded,
                absl::StrFormat("the file given for key holder %s %s", holder, what), "holder");
}

absl::StatusOr<holders::SealedSlot> ReadSlot(const DirectReader& file, int slot,
                                             const std::string& holder) {
  holders::SlotBytes bytes;
  const auto offset = static_cast<std::uint64_t>(slot) * holders::kSlotDistanceBytes;
  LETHE_ASSIGN(const std::size_t got, file.Read(offset, bytes.span()));
  if (got < holders::kSlotBytes) {
    return Unfit(holder, "is too short to be one: it was cut, or it is another file");
  }
  return holders::DecodeSealedSlot(bytes.span());
}

absl::Status Add(const holders::SealedSlot& slot, const HolderSpec& spec, HolderHead& head) {
  const auto kind = spec.token.has_value() ? holders::PartType::kToken : holders::PartType::kFile;
  if (slot.Find(kind) == nullptr) {
    return Unfit(head.name, spec.token.has_value() ? "was not sealed by a token: give it as a file"
                                                   : "was sealed by a token: give it as pkcs11:");
  }
  if (!head.roots.empty() && head.vault != slot.head.vault) {
    return Unfit(head.name, "has slots of two vaults");
  }
  head.vault = slot.head.vault;
  head.of_service = head.of_service || slot.Find(holders::PartType::kService) != nullptr;
  head.roots.push_back(slot.head.root_commitment);
  return absl::OkStatus();
}

absl::StatusOr<HolderHead> ReadHead(const std::string& path, const HolderSpec& spec,
                                    std::string name) {
  HolderHead head{.name = std::move(name)};
  const auto file = DirectReader::Open(path);
  if (absl::IsNotFound(file.status())) return head;
  if (!file.ok()) return Unfit(head.name, "cannot be read");
  head.there = true;
  for (int i = 0; i < holders::kSlotsPerHolder; ++i) {
    LETHE_ASSIGN(const holders::SealedSlot slot, ReadSlot(*file, i, head.name));
    if (slot.state == holders::Slot::State::kWhole) LETHE_TRY(Add(slot, spec, head));
  }
  // To be opened, it would be overwritten.
  if (head.roots.empty()) {
    return Unfit(head.name, "holds no root: it is none of a vault's, or move it away");
  }
  return head;
}

}  // namespace

absl::StatusOr<std::vector<HolderHead>> ReadHolderHeads(const std::string& data_dir,
                                                        const Descriptor& descriptor) {
  std::vector<HolderHead> heads;
  const HolderHead* first = nullptr;
  heads.reserve(descriptor.holders.size());
  for (std::size_t i = 0; i < descriptor.holders.size(); ++i) {
    const HolderSpec& spec = descriptor.holders[i];
    LETHE_ASSIGN(HolderHead head,
                 ReadHead(ResolvePath(data_dir, spec.slots), spec, HolderName(descriptor, i)));
    heads.push_back(std::move(head));
    if (!heads.back().there) continue;
    if (first == nullptr) first = &heads.back();
    if (heads.back().vault != first->vault) {
      return Unfit(heads.back().name,
                   absl::StrFormat("is of another vault than that of %s", first->name));
    }
  }
  if (first != nullptr) return heads;
  return absl::NotFoundError(
      "no file is there of the key holders given: name them where they are, and mount their "
      "volumes");
}

VaultId VaultOf(const std::vector<HolderHead>& heads) {
  return std::ranges::find_if(heads, &HolderHead::there)->vault;
}

}  // namespace lethe::vault
