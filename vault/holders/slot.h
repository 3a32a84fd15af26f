// The bytes of one slot of a file holder.
//
//   slot  = 8 magic, U16 format, 16 vault, U64 generation, U64 owner epoch, 32 root commitment,
//           U8 parts, parts * part, zeros, 32 SHA-256 of everything before it
//   part  = U8 type, Short bytes        1 file: 32 bytes        2 PKCS#11: factor.h
//                                       3 key service: outer_seal.h
//
// Each part gives a share of 32 bytes; the root is the XOR of all. A plain file holder's one share
// is the root itself.
//
// Every format keeps the magic, the format number behind it, and the checksum at the end, so that a
// torn slot is never taken for a later version's, nor the other way round.
#ifndef LETHE_VAULT_HOLDERS_SLOT_H_
#define LETHE_VAULT_HOLDERS_SLOT_H_

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "base/bytes.h"
#include "base/enum_names.h"
#include "vault/holders/holder.h"
#include "vault/holders/key_service.h"

namespace lethe::vault::holders {

// A page: whole blocks of every device, read and written directly.
inline constexpr std::size_t kSlotBytes = 4096;

enum class PartType : std::uint8_t {  // On disk; never reuse.
  kFile = 1,
  kToken = 2,
  kService = 3,
};

inline constexpr EnumName<PartType> kPartTypeNames[] = {
    {PartType::kFile, "file"},
    {PartType::kToken, "pkcs11"},
    {PartType::kService, "kmsv2"},
};
constexpr std::string_view NameOf(PartType value) {
  return FindName<PartType>(kPartTypeNames, value);
}

// What an outer part may take: a seal of the largest size with its lengths.
inline constexpr std::size_t kOuterPartBytesMax = KeyService::kSealBytesMax + 256;

// One factor's part of a slot; wiped, as it may be the share itself.
class SlotPart {
 public:
  SlotPart(PartType type, Bytes bytes) : type_(type), bytes_(AsText(bytes)) {}
  ~SlotPart() { Wipe(bytes_); }
  SlotPart(SlotPart&& other) noexcept
      : type_(other.type_), bytes_(std::exchange(other.bytes_, std::string())) {}
  SlotPart& operator=(SlotPart&&) = delete;

  PartType type() const { return type_; }
  Bytes bytes() const { return AsBytes(bytes_); }

 private:
  PartType type_;
  std::string bytes_;
};

// A slot whose parts nobody opened yet. The head has no root.
struct SealedSlot {
  Slot::State state = Slot::State::kEmpty;
  SlotContent head;
  std::vector<SlotPart> parts;  // Iff kWhole.

  const SlotPart* Find(PartType type) const;
};

// Into exactly kSlotBytes (checked), which the caller wipes. The parts fit (checked).
void EncodeSlot(const SlotContent& head, const std::vector<SlotPart>& parts, MutableBytes out);

// Empty if all zero, torn if the checksum does not fit. FAILED_PRECONDITION (kUnsupportedFormat):
// whole, but of a later format or with parts of an unknown type.
absl::StatusOr<SealedSlot> DecodeSealedSlot(Bytes bytes);

// The slot of a plain file holder. The content's commitment is its root's (checked).
void EncodeSlot(const SlotContent& content, MutableBytes out);
// Torn also where the commitment does not fit; other parts are kUnsupportedFormat.
absl::StatusOr<Slot> DecodeSlot(Bytes bytes);

}  // namespace lethe::vault::holders

#endif  // LETHE_VAULT_HOLDERS_SLOT_H_
