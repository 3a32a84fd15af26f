#include "vault/records/envelope.h"

#include <algorithm>

#include "base/codec.h"
#include "base/status_macros.h"
#include "vault/rows/etag.h"
#include "vault/rows/sealed_row.h"

namespace lethe::vault::records {
namespace {

constexpr std::size_t kEtagBytes = 8;

std::string EncodeClear(const RecordHeader& header, std::size_t data_bytes) {
  ByteWriter out;
  out.U8(kRecordFormat).U32(header.flags).U32(header.version);
  out.Raw(header.category).Raw(header.period);
  header.leaf.AppendTo(out);
  header.wrapped.AppendTo(out);
  out.U32(static_cast<std::uint32_t>(data_bytes));
  return out.Take();
}

std::string EncodeMeta(const RecordMeta& meta) {
  ByteWriter out;
  AppendTime(out, meta.origin_time);
  AppendTime(out, meta.create_time);
  AppendTime(out, meta.update_time);
  out.U8(static_cast<std::uint8_t>(meta.source)).Short(meta.media_type).Short(meta.source_detail);
  return out.Take();
}

absl::StatusOr<RecordMeta> DecodeMeta(Bytes bytes) {
  ByteReader in(bytes);
  RecordMeta meta;
  meta.origin_time = ReadTime(in).value_or(absl::UnixEpoch());
  meta.create_time = ReadTime(in).value_or(absl::UnixEpoch());
  meta.update_time = ReadTime(in).value_or(absl::UnixEpoch());
  meta.source = in.Named<Source>();
  meta.media_type = in.Short();
  meta.source_detail = in.Short();
  LETHE_TRY(in.Finish());
  return meta;
}

}  // namespace

std::string SealRecord(const Secret& data_key, const std::string& row_key,
                       const RecordHeader& header, std::string_view data, const RecordMeta& meta) {
  const Plaintext tail(EncodeMeta(meta));
  return SealRow(data_key, table::kRecord, row_key, EncodeClear(header, data.size()), AsBytes(data),
                 tail.bytes());
}

absl::StatusOr<RecordRow> ReadRecordRow(Bytes row) {
  ByteReader in(row);
  LETHE_TRY(CheckFormat(in.U8(), kRecordFormat));
  RecordRow read;
  read.header.flags = in.U32();
  if (read.header.flags != 0) LETHE_TRY(CheckFormat(0, kRecordFormat));
  read.header.version = in.U32();
  read.header.category = ReadSelector(in);
  read.header.period = ReadSelector(in);
  read.header.leaf = Place::Read(in);
  read.header.wrapped = keytree::WrappedLeaf::Read(in);
  read.data_bytes = in.U32();
  if (!in.ok()) return in.Finish();
  read.parts = PartsOf(row, in);
  return read;
}

absl::StatusOr<RecordBody> OpenRecord(const Secret& data_key, const std::string& row_key,
                                      const RecordRow& row) {
  LETHE_ASSIGN(Plaintext body, OpenRow(data_key, table::kRecord, row_key, row.parts));
  if (row.data_bytes > body.bytes().size()) {
    return absl::DataLossError("a record's body is shorter than its header says");
  }
  RecordBody record;
  LETHE_ASSIGN(record.meta, DecodeMeta(body.bytes().subspan(row.data_bytes)));
  Wipe(AsMutableBytes(body.text()).subspan(row.data_bytes));
  record.data = body.Take();
  record.data.resize(row.data_bytes);
  return record;
}

std::string EtagOf(const RecordHeader& header) {
  return EtagFrom(Bytes(header.wrapped.commitment).first(kEtagBytes));
}

}  // namespace lethe::vault::records
