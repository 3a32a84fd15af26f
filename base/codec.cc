#include "base/codec.h"

#include <limits>

#include "base/check.h"

namespace lethe {
namespace {

template <typename Integer>
void AppendBigEndian(std::string& out, Integer value) {
  for (int shift = 8 * (static_cast<int>(sizeof(Integer)) - 1); shift >= 0; shift -= 8) {
    out.push_back(static_cast<char>(value >> shift));
  }
}

template <typename Integer>
Integer BigEndian(Bytes bytes) {
  std::uint64_t value = 0;
  for (const std::uint8_t byte : bytes) value = value << 8 | byte;
  return static_cast<Integer>(value);
}

}  // namespace

ByteWriter& ByteWriter::U8(std::uint8_t value) {
  AppendBigEndian(out_, value);
  return *this;
}

ByteWriter& ByteWriter::U16(std::uint16_t value) {
  AppendBigEndian(out_, value);
  return *this;
}

ByteWriter& ByteWriter::U32(std::uint32_t value) {
  AppendBigEndian(out_, value);
  return *this;
}

ByteWriter& ByteWriter::U64(std::uint64_t value) {
  AppendBigEndian(out_, value);
  return *this;
}

ByteWriter& ByteWriter::Raw(Bytes bytes) {
  out_.append(AsText(bytes));
  return *this;
}

ByteWriter& ByteWriter::Short(std::string_view bytes) {
  LETHE_CHECK(bytes.size() <= std::numeric_limits<std::uint16_t>::max());
  return U16(static_cast<std::uint16_t>(bytes.size())).Raw(bytes);
}

ByteWriter& ByteWriter::Long(std::string_view bytes) {
  LETHE_CHECK(bytes.size() <= std::numeric_limits<std::uint32_t>::max());
  return U32(static_cast<std::uint32_t>(bytes.size())).Raw(bytes);
}

// A short read gives an empty view, whose big-endian value is zero.
std::uint8_t ByteReader::U8() { return BigEndian<std::uint8_t>(Raw(1)); }
std::uint16_t ByteReader::U16() { return BigEndian<std::uint16_t>(Raw(2)); }
std::uint32_t ByteReader::U32() { return BigEndian<std::uint32_t>(Raw(4)); }
std::uint64_t ByteReader::U64() { return BigEndian<std::uint64_t>(Raw(8)); }

Bytes ByteReader::Raw(std::size_t size) {
  if (!ok_ || size > rest_.size()) {
    ok_ = false;
    return {};
  }
  const Bytes taken = rest_.first(size);
  rest_ = rest_.subspan(size);
  return taken;
}

std::string_view ByteReader::Short() { return AsText(Raw(U16())); }
std::string_view ByteReader::Long() { return AsText(Raw(U32())); }

absl::Status ByteReader::Finish() const {
  if (unknown_) return absl::DataLossError("stored bytes name a value that does not exist");
  if (!ok_) return absl::DataLossError("stored bytes end too early");
  if (!rest_.empty()) return absl::DataLossError("stored bytes go on after their end");
  return absl::OkStatus();
}

}  // namespace lethe
