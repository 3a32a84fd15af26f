// The envelope of a record: a clear header that names every secret its key hangs on, and the body
// sealed under that key.
//
// Row in table kRecord, key tenant | subject | record:
//   U8 format | U32 flags | U32 version | category selector 8 | period selector 8 (zeros: none)
//   | place 9 | wrapped leaf 100 | U32 data bytes | sealed
//   sealed = AES-256-GCM(DataKey, body, AAD = RowAad)
//   body   = data | origin | create | update time | U8 source | Short media type | Short detail
//
// The data comes first, so that opening a body and dropping its tail costs no second copy.
#ifndef LETHE_VAULT_RECORDS_ENVELOPE_H_
#define LETHE_VAULT_RECORDS_ENVELOPE_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "base/bytes.h"
#include "base/memory/secret.h"
#include "vault/keytree/leaf.h"
#include "vault/model/record.h"
#include "vault/rows/row_schema.h"
#include "vault/rows/sealed_row.h"

namespace lethe::vault::records {

using keytree::Place;

inline constexpr std::uint8_t kRecordFormat = 1;

// The clear header. No flag has a meaning yet; a row with one is of a later version.
struct RecordHeader {
  std::uint32_t flags = 0;
  std::uint32_t version = 1;
  Selector category{};
  Selector period{};
  Place leaf;
  keytree::WrappedLeaf wrapped;  // Saves the second read while its group stands.
};

struct RecordMeta {
  absl::Time origin_time;
  absl::Time create_time;
  absl::Time update_time;
  Source source = Source::kProvided;
  std::string media_type;  // Never empty.
  std::string source_detail;
};

// A row as read; the spans point into it.
struct RecordRow {
  RecordHeader header;
  std::uint32_t data_bytes = 0;
  RowParts parts;
};

struct RecordBody {
  std::string data;
  RecordMeta meta;
};

std::string SealRecord(const Secret& data_key, const std::string& row_key,
                       const RecordHeader& header, std::string_view data, const RecordMeta& meta);
// kUnsupportedFormat: format or flags of a later version. DATA_LOSS: cut short.
absl::StatusOr<RecordRow> ReadRecordRow(Bytes row);
// DATA_LOSS (kDecryptFailed): altered, or another record's, subject's, tenant's or version's.
absl::StatusOr<RecordBody> OpenRecord(const Secret& data_key, const std::string& row_key,
                                      const RecordRow& row);

// Quoted; changes with every version, because every version has a secret of its own.
std::string EtagOf(const RecordHeader& header);

}  // namespace lethe::vault::records

#endif  // LETHE_VAULT_RECORDS_ENVELOPE_H_
