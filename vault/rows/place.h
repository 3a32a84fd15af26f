// Where a leaf lives, for life: a slot of a group. A slot is used once; nothing moves.
#ifndef LETHE_VAULT_ROWS_PLACE_H_
#define LETHE_VAULT_ROWS_PLACE_H_

#include <compare>
#include <cstdint>
#include <string>

#include "base/codec.h"

namespace lethe::vault {

inline constexpr std::uint64_t kFanOut = 64;  // Groups in a page, pages in a page.
inline constexpr std::uint8_t kSlotsPerGroup = 64;
// Reserved together, so that an erase touches few paths.
inline constexpr std::uint8_t kSlotsPerPerson = 8;

struct Place {
  static constexpr std::size_t kBytes = 9;

  std::uint64_t group = 0;
  std::uint8_t slot = 0;

  std::string Key() const { return ByteWriter().U64(group).U8(slot).Take(); }
  void AppendTo(ByteWriter& out) const { out.U64(group).U8(slot); }
  static Place Read(ByteReader& in) {
    const std::uint64_t group = in.U64();
    return Place{group, in.U8()};
  }

  friend auto operator<=>(const Place&, const Place&) = default;
  template <typename H>
  friend H AbslHashValue(H h, const Place& place) {
    return H::combine(std::move(h), place.group, place.slot);
  }
};

// The run of slots of one person, kept in the subject's header.
struct PersonSpot {
  std::uint64_t group = 0;
  std::uint8_t base = 0;  // First of kSlotsPerPerson slots.
  std::uint8_t used = 0;  // Bit i: slot base + i was given out once and never will be again.
};

}  // namespace lethe::vault

#endif  // LETHE_VAULT_ROWS_PLACE_H_
