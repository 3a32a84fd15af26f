// Grammar of an event (big-endian, base/codec.h). The salt ends it, so nothing outside knows a hash
// beforehand.
//   event = U8 format, U64 sequence, I64 microseconds since 1970, U8 method, 16 tenant,
//           16 principal, U8 code, 16 request mac, U32 count, Short purpose, Short rule,
//           U16 n, n * 16 subject, U16 n, n * Short category, 16 salt
#include "vault/audit/event.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "base/check.h"
#include "base/codec.h"
#include "base/enum_names.h"
#include "base/reason.h"
#include "base/status_macros.h"

namespace lethe::vault::audit {
namespace {

constexpr std::uint8_t kFormat = 1;
constexpr std::size_t kSubjectsMax = 1'000;  // Bulk calls write one event for so many.
constexpr std::size_t kSaltBytes = 16;

absl::Status Damaged() { return absl::DataLossError("an audit event is damaged"); }

void ReadInto(ByteReader& reader, std::array<std::uint8_t, 16>& out) {
  const Bytes bytes = reader.Raw(out.size());
  std::copy(bytes.begin(), bytes.end(), out.begin());
}

template <typename AnyTag>
AnyTag ReadTag(ByteReader& reader) {
  const Bytes bytes = reader.Raw(AnyTag::kBytes);
  return bytes.empty() ? AnyTag() : AnyTag::FromBytes(bytes);
}

absl::Status ReadLists(ByteReader& reader, Event& event) {
  const std::uint16_t subjects = reader.U16();
  if (subjects > kSubjectsMax) return Damaged();
  for (std::uint16_t i = 0; i < subjects && reader.ok(); ++i) {
    event.subjects.push_back(ReadTag<SubjectTag>(reader));
  }
  const std::uint16_t categories = reader.U16();
  for (std::uint16_t i = 0; i < categories && reader.ok(); ++i) {
    event.categories.emplace_back(reader.Short());
  }
  return absl::OkStatus();
}

}  // namespace

std::string EncodeEvent(const Event& event, std::uint64_t sequence, absl::Time time,
                        const std::array<std::uint8_t, 16>& salt) {
  LETHE_CHECK(event.subjects.size() <= kSubjectsMax);
  LETHE_CHECK(event.categories.size() <= std::numeric_limits<std::uint16_t>::max());
  LETHE_CHECK(IsKnown(event.method) && IsKnownCode(event.code));
  ByteWriter writer;
  writer.U8(kFormat).U64(sequence).I64(absl::ToUnixMicros(time));
  writer.U8(static_cast<std::uint8_t>(event.method)).Raw(event.tenant.bytes());
  writer.Raw(event.principal).U8(event.code).Raw(event.request_mac).U32(event.count);
  writer.Short(event.purpose).Short(event.rule);
  writer.U16(static_cast<std::uint16_t>(event.subjects.size()));
  for (const SubjectTag& subject : event.subjects) writer.Raw(subject.bytes());
  writer.U16(static_cast<std::uint16_t>(event.categories.size()));
  for (const std::string& category : event.categories) writer.Short(category);
  writer.Raw(salt);
  LETHE_CHECK(writer.str().size() <= kEventBytesMax);
  return writer.Take();
}

absl::StatusOr<NumberedEvent> DecodeEvent(Bytes encoded) {
  if (encoded.empty() || encoded.size() > kEventBytesMax) return Damaged();
  ByteReader reader(encoded);
  if (reader.U8() != kFormat) {
    return Refuse(Reason::kUnsupportedFormat, "an audit event was written by a later version");
  }
  NumberedEvent found;
  Event& event = found.event;
  found.sequence = reader.U64();
  found.time = absl::FromUnixMicros(reader.I64());
  event.method = reader.Named<Method>();
  event.tenant = ReadTag<TenantTag>(reader);
  ReadInto(reader, event.principal);
  event.code = reader.U8();
  ReadInto(reader, event.request_mac);
  event.count = reader.U32();
  event.purpose = std::string(reader.Short());
  event.rule = std::string(reader.Short());
  LETHE_TRY(ReadLists(reader, event));
  reader.Raw(kSaltBytes);
  LETHE_TRY(reader.Finish());
  if (!IsKnownCode(event.code)) return Damaged();
  return found;
}

crypto::Digest LeafHash(Bytes encoded_event) {
  constexpr std::uint8_t kLeafPrefix[] = {0x00};
  return crypto::Sha256Stream().Add(kLeafPrefix).Add(encoded_event).Finish();
}

}  // namespace lethe::vault::audit
