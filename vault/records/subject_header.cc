#include "vault/records/subject_header.h"

#include <algorithm>

#include "base/check.h"
#include "base/reason.h"
#include "base/status_macros.h"
#include "vault/rows/derived_keys.h"
#include "vault/rows/sealed_row.h"

namespace lethe::vault::records {
namespace {

constexpr std::uint8_t kFormat = 2;
constexpr std::uint8_t kLiving = 1;
constexpr std::uint8_t kErased = 2;
constexpr std::uint8_t kScheduledFlag = 1;

absl::Status CheckKnown(SubjectState state, std::uint8_t flags, Bytes rest) {
  const bool known = (state == SubjectState::kActive || state == SubjectState::kPartiallyErased) &&
                     (flags & ~kScheduledFlag) == 0 &&
                     std::ranges::all_of(rest, [](std::uint8_t byte) { return byte == 0; });
  if (known) return absl::OkStatus();
  return Refuse(Reason::kUnsupportedFormat, "a subject's header says what is not known here");
}

std::string EncodeBody(const SubjectHeader& header) {
  ByteWriter out;
  out.U8(static_cast<std::uint8_t>(header.state)).U8(header.scheduled ? kScheduledFlag : 0);
  AppendTime(out, header.create_time);
  out.U64(header.change_counter);
  out.U64(header.spot.group).U8(header.spot.base).U8(header.spot.used);
  out.U64(header.records).U8(header.identifiers);
  out.U8(header.acts).Raw(header.acts_digest).Raw(header.etag);
  std::string body = out.Take();
  LETHE_CHECK(body.size() <= kHeaderBodyBytes);
  body.resize(kHeaderBodyBytes, '\0');
  return body;
}

absl::StatusOr<SubjectHeader> DecodeBody(Bytes body) {
  ByteReader in(body);
  SubjectHeader header;
  header.state = static_cast<SubjectState>(in.U8());  // Known or not: CheckKnown.
  const std::uint8_t flags = in.U8();
  header.scheduled = (flags & kScheduledFlag) != 0;
  header.create_time = ReadTime(in).value_or(absl::UnixEpoch());
  header.change_counter = in.U64();
  header.spot.group = in.U64();
  header.spot.base = in.U8();
  header.spot.used = in.U8();
  header.records = in.U64();
  header.identifiers = in.U8();
  header.acts = in.U8();
  std::ranges::copy(in.Raw(header.acts_digest.size()), header.acts_digest.begin());
  std::ranges::copy(in.Raw(header.etag.size()), header.etag.begin());
  const Bytes rest = in.Raw(in.remaining());
  LETHE_TRY(in.Finish());
  LETHE_TRY(CheckKnown(header.state, flags, rest));
  return header;
}

}  // namespace

std::string SealHeader(const Secret& subject_key, const std::string& row_key, const Place& leaf,
                       const SubjectHeader& header) {
  ByteWriter clear;
  clear.U8(kFormat).U8(kLiving);
  leaf.AppendTo(clear);
  return SealRow(HeaderRowKey(subject_key), table::kSubject, row_key, clear.Take(),
                 AsBytes(EncodeBody(header)));
}

std::string EncodeErasedSubject(const ReceiptTag& receipt) {
  return ByteWriter().U8(kFormat).U8(kErased).Raw(receipt.bytes()).Take();
}

absl::StatusOr<std::variant<LivingSubject, ErasedSubject>> ReadSubjectRow(Bytes row) {
  using Either = std::variant<LivingSubject, ErasedSubject>;
  ByteReader in(row);
  LETHE_TRY(CheckFormat(in.U8(), kFormat));
  const std::uint8_t kind = in.U8();
  if (kind == kErased) {
    const Bytes receipt = in.Raw(ReceiptTag::kBytes);
    LETHE_TRY(in.Finish());
    return Either(ErasedSubject{ReceiptTag::FromBytes(receipt)});
  }
  LETHE_TRY(CheckFormat(kind, kLiving));
  LivingSubject living;
  living.leaf = Place::Read(in);
  if (!in.ok()) return in.Finish();
  living.parts = PartsOf(row, in);
  return Either(living);
}

absl::StatusOr<SubjectHeader> OpenHeader(const Secret& subject_key, const std::string& row_key,
                                         const LivingSubject& row) {
  LETHE_ASSIGN(const Plaintext body,
               OpenRow(HeaderRowKey(subject_key), table::kSubject, row_key, row.parts));
  return DecodeBody(body.bytes());
}

}  // namespace lethe::vault::records
