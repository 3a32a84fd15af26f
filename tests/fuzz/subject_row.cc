// A subject's row: living with a sealed header, or the tombstone of an erase.
//
//   input = U8 mode, row        bit 0: what stands where the sealed header should is the header's
//                               body, sealed here under the subject's key
#include "crypto/aead.h"
#include "tests/fuzz/fuzz_target.h"
#include "vault/records/subject_header.h"
#include "vault/rows/derived_keys.h"
#include "vault/rows/sealed_row.h"

namespace lethe::fuzz {
namespace {

using namespace vault;           // NOLINT(google-build-using-namespace)
using namespace vault::records;  // NOLINT(google-build-using-namespace): one format, one target.

std::string SealAnything(const Secret& key, const std::string& row_key, const LivingSubject& row) {
  return SealRow(HeaderRowKey(key), vault::table::kSubject, row_key,
                 std::string(AsText(row.parts.clear)), row.parts.sealed);
}

bool OpensAsHeader(bool seal, std::string bytes, LivingSubject living) {
  const Secret key = FixedSecret(31);
  const std::string row_key =
      vault::row_key::Subject(FixedTag<TenantTag>(1), FixedTag<SubjectTag>(2));
  if (seal) {
    bytes = SealAnything(key, row_key, living);
    living = std::get<LivingSubject>(*ReadSubjectRow(AsBytes(bytes)));
  }
  const auto header = OpenHeader(key, row_key, living);
  if (!header.ok()) return Refused(header.status());
  const std::string once = SealHeader(key, row_key, living.leaf, *header);
  const auto again =
      OpenHeader(key, row_key, std::get<LivingSubject>(*ReadSubjectRow(AsBytes(once))));
  LETHE_CHECK(again.ok());
  LETHE_CHECK(again->state == header->state && again->scheduled == header->scheduled);
  LETHE_CHECK(again->create_time == header->create_time && again->records == header->records);
  LETHE_CHECK(again->change_counter == header->change_counter && again->etag == header->etag);
  LETHE_CHECK(again->acts == header->acts && again->acts_digest == header->acts_digest);
  LETHE_CHECK(again->spot.group == header->spot.group && again->spot.used == header->spot.used);
  return true;
}

}  // namespace

LETHE_FUZZ_TARGET(subject_row) {
  ByteReader in(input);
  const bool seal = (in.U8() & 1) != 0;
  const std::string bytes(AsText(in.Raw(in.remaining())));
  const auto row = ReadSubjectRow(AsBytes(bytes));
  if (!row.ok()) return Refused(row.status());
  if (const auto* erased = std::get_if<ErasedSubject>(&*row)) {
    LETHE_CHECK(EncodeErasedSubject(erased->receipt) == bytes);
    return true;
  }
  return OpensAsHeader(seal, bytes, std::get<LivingSubject>(*row));
}

}  // namespace lethe::fuzz
