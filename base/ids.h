// Names the vault makes itself. They are random and mean nothing, so they may stand in keys, logs
// and resource names; what callers know about a person never does.
#ifndef LETHE_BASE_IDS_H_
#define LETHE_BASE_IDS_H_

#include <array>
#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "base/bytes.h"
#include "base/random.h"

namespace lethe {

// A Tag is 16 random bytes printed as a UUID of version 4. `Kind` keeps a record's tag from
// standing where a subject's is meant.
template <typename Kind>
class Tag {
 public:
  static constexpr std::size_t kBytes = 16;

  Tag() = default;  // All zeros: "none".
  static Tag Draw(Random& random);
  // INVALID_ARGUMENT unless `text` is a lower-case UUID (8-4-4-4-12).
  static absl::StatusOr<Tag> Parse(std::string_view text);
  // `bytes` must be 16 long (checked).
  static Tag FromBytes(Bytes bytes);

  std::string ToString() const;
  Bytes bytes() const { return bytes_; }
  std::string_view view() const { return AsText(bytes_); }
  bool is_none() const { return *this == Tag(); }

  friend auto operator<=>(const Tag&, const Tag&) = default;
  template <typename H>
  friend H AbslHashValue(H h, const Tag& tag) {
    return H::combine(std::move(h), tag.bytes_);
  }

 private:
  std::array<std::uint8_t, kBytes> bytes_{};
};

using VaultId = Tag<struct VaultIdKind>;
using SubjectTag = Tag<struct SubjectKind>;
using RecordTag = Tag<struct RecordKind>;
using ActTag = Tag<struct ActKind>;          // One restriction or legal hold.
using RowTag = Tag<struct RowKind>;          // An identifier row.
using ReceiptTag = Tag<struct ReceiptKind>;  // One erasure.
using TenantTag = Tag<struct TenantKind>;    // A tenant; stands in keys instead of its name.

}  // namespace lethe

#endif  // LETHE_BASE_IDS_H_
