// How every row and statement writes a time: I64 microseconds since 1970; an absent one is the
// smallest number.
#ifndef LETHE_VAULT_ROWS_TIME_CODEC_H_
#define LETHE_VAULT_ROWS_TIME_CODEC_H_

#include <limits>
#include <optional>

#include "absl/time/time.h"
#include "base/codec.h"

namespace lethe::vault {

inline constexpr std::int64_t kAbsentTime = std::numeric_limits<std::int64_t>::min();

inline void AppendTime(ByteWriter& out, std::optional<absl::Time> time) {
  out.I64(time.has_value() ? absl::ToUnixMicros(*time) : kAbsentTime);
}

inline std::optional<absl::Time> ReadTime(ByteReader& in) {
  const std::int64_t micros = in.I64();
  if (micros == kAbsentTime) return std::nullopt;
  return absl::FromUnixMicros(micros);
}

}  // namespace lethe::vault

#endif  // LETHE_VAULT_ROWS_TIME_CODEC_H_
