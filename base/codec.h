// The house's byte codec: big-endian integers of fixed width, raw bytes, and byte strings with a
// length before them. Every row and file format in docs/formats.md is written in these terms.
#ifndef LETHE_BASE_CODEC_H_
#define LETHE_BASE_CODEC_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "base/bytes.h"
#include "base/enum_names.h"

namespace lethe {

// A ByteWriter appends to a string it owns.
class ByteWriter {
 public:
  ByteWriter& U8(std::uint8_t value);
  ByteWriter& U16(std::uint16_t value);
  ByteWriter& U32(std::uint32_t value);
  ByteWriter& U64(std::uint64_t value);
  ByteWriter& I64(std::int64_t value) { return U64(static_cast<std::uint64_t>(value)); }
  ByteWriter& Raw(Bytes bytes);
  ByteWriter& Raw(std::string_view bytes) { return Raw(AsBytes(bytes)); }
  // U16 length, then the bytes. The caller guarantees size <= 65,535 (checked).
  ByteWriter& Short(std::string_view bytes);
  // U32 length, then the bytes.
  ByteWriter& Long(std::string_view bytes);

  const std::string& str() const { return out_; }
  std::string Take() { return std::move(out_); }

 private:
  std::string out_;
};

// A ByteReader reads what a ByteWriter wrote. The first short read makes it fail for good: every
// later read gives zeros or empty views, and Finish() says DATA_LOSS. Views point into the input.
class ByteReader {
 public:
  explicit ByteReader(Bytes input) : rest_(input) {}
  explicit ByteReader(std::string_view input) : rest_(AsBytes(input)) {}

  std::uint8_t U8();
  std::uint16_t U16();
  std::uint32_t U32();
  std::uint64_t U64();
  std::int64_t I64() { return static_cast<std::int64_t>(U64()); }
  Bytes Raw(std::size_t size);
  std::string_view Short();
  std::string_view Long();
  // One byte that names a value of an enum. Any other byte makes the reader fail for good, too.
  template <typename Enum>
  Enum Named() {
    const auto value = static_cast<Enum>(U8());
    unknown_ = unknown_ || (ok_ && !IsKnown(value));
    ok_ = ok_ && !unknown_;
    return value;
  }

  bool ok() const { return ok_; }
  std::size_t remaining() const { return rest_.size(); }
  // OK iff nothing ran short, nothing is left over and every value was known; else DATA_LOSS.
  absl::Status Finish() const;

 private:
  Bytes rest_;
  bool ok_ = true;
  bool unknown_ = false;  // Why it failed.
};

}  // namespace lethe

#endif  // LETHE_BASE_CODEC_H_
