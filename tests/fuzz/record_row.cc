// A record's row: the clear header, and the body behind it.
//
//   input = U8 mode, row        bit 0: what stands where the sealed body should is the body, sealed
//                               here under the record's key, as a later version might have
#include "crypto/aead.h"
#include "tests/fuzz/fuzz_target.h"
#include "vault/records/envelope.h"
#include "vault/rows/sealed_row.h"

namespace lethe::fuzz {
namespace {

using namespace vault;           // NOLINT(google-build-using-namespace)
using namespace vault::records;  // NOLINT(google-build-using-namespace): one format, one target.

const std::string& RowKey() {
  static const auto* const key = new std::string(vault::row_key::Record(
      FixedTag<TenantTag>(1), FixedTag<SubjectTag>(2), FixedTag<RecordTag>(3)));
  return *key;
}

std::string SealBodyOf(const Secret& key, const RecordRow& row) {
  return SealRow(key, vault::table::kRecord, RowKey(), std::string(AsText(row.parts.clear)),
                 row.parts.sealed);
}

}  // namespace

LETHE_FUZZ_TARGET(record_row) {
  ByteReader in(input);
  const bool seal = (in.U8() & 1) != 0;
  std::string bytes(AsText(in.Raw(in.remaining())));
  auto row = ReadRecordRow(AsBytes(bytes));
  if (!row.ok()) return Refused(row.status());
  LETHE_CHECK(std::string(AsText(row->parts.clear)).append(AsText(row->parts.sealed)) == bytes);

  const Secret key = FixedSecret(21);
  if (seal) {
    bytes = SealBodyOf(key, *row);
    row = ReadRecordRow(AsBytes(bytes));
    LETHE_CHECK(row.ok());
  }
  const auto body = OpenRecord(key, RowKey(), *row);
  if (!body.ok()) return Refused(body.status());
  LETHE_CHECK(body->data.size() == row->data_bytes);
  const std::string again = SealRecord(key, RowKey(), row->header, body->data, body->meta);
  LETHE_CHECK(again.size() == bytes.size());
  LETHE_CHECK(AsBytes(again).size() >= row->parts.clear.size());
  LETHE_CHECK(again.substr(0, row->parts.clear.size()) == AsText(row->parts.clear));
  const auto read = ReadRecordRow(AsBytes(again));
  LETHE_CHECK(read.ok() && OpenRecord(key, RowKey(), *read)->data == body->data);
  return true;
}

}  // namespace lethe::fuzz
