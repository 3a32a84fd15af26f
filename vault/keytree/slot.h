// The bytes of one slot of a file holder.
//
//   slot  = 8 magic, U16 format, 16 vault, U64 generation, U64 owner epoch, 32 root commitment,
//           U8 parts, parts * part, zeros, 32 SHA-256 of everything before it
//   part  = U8 type, Short bytes        1 file: the 32 bytes of the root
//                                       2 PKCS#11 token object, 3 KMS ciphertext: reserved
//
// Every format keeps the magic, the format number behind it, and the checksum at the end, so that a
// torn slot is never taken for a later version's, nor the other way round.
#ifndef LETHE_VAULT_KEYTREE_SLOT_H_
#define LETHE_VAULT_KEYTREE_SLOT_H_

#include <cstddef>

#include "absl/status/statusor.h"
#include "base/bytes.h"
#include "vault/keytree/holder.h"

namespace lethe::vault::keytree {

// A page: whole blocks of every device, read and written directly.
inline constexpr std::size_t kSlotBytes = 4096;

// Into exactly kSlotBytes (checked), which hold the root afterwards: the caller wipes them. The
// content's commitment is its root's (checked).
void EncodeSlot(const SlotContent& content, MutableBytes out);

// Empty if all zero, torn if the checksum or the root's commitment does not fit.
// FAILED_PRECONDITION (kUnsupportedFormat): whole, but of a later format or with reserved parts.
absl::StatusOr<Slot> DecodeSlot(Bytes bytes);

}  // namespace lethe::vault::keytree

#endif  // LETHE_VAULT_KEYTREE_SLOT_H_
