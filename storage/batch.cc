// Grammar of an encoded batch (big-endian, base/codec.h):
//   batch     = U32 count, count * operation
//   operation = U8 kind, U8 table, Short key [, Long value]   value for kPut only
#include "storage/batch.h"

#include <limits>
#include <utility>

#include "absl/status/status.h"
#include "base/check.h"
#include "base/codec.h"
#include "base/status_macros.h"

namespace lethe::storage {
namespace {

// A key's length is a Short on disk. The vault's longest key is far below.
constexpr std::size_t kKeyBytesMax = std::numeric_limits<std::uint16_t>::max();
// kind, table and an empty key: no operation is smaller, so a count that promises more than the
// bytes can hold is refused before anything is reserved for it.
constexpr std::size_t kOperationBytesMin = 1 + 1 + 2;

absl::Status Damaged() { return absl::DataLossError("batch is damaged"); }

absl::StatusOr<Operation> DecodeOperation(ByteReader& reader) {
  const std::uint8_t kind = reader.U8();
  const TableId table = reader.U8();
  std::string key(reader.Short());
  switch (static_cast<Operation::Kind>(kind)) {
    case Operation::Kind::kPut:
      return Operation{Operation::Kind::kPut, table, std::move(key), std::string(reader.Long())};
    case Operation::Kind::kDelete:
      return Operation{Operation::Kind::kDelete, table, std::move(key), std::string()};
  }
  return Damaged();
}

}  // namespace

void Batch::Put(TableId table, std::string key, std::string value) {
  LETHE_CHECK(key.size() <= kKeyBytesMax);
  size_bytes_ += key.size() + value.size();
  operations_.push_back({Operation::Kind::kPut, table, std::move(key), std::move(value)});
}

void Batch::Delete(TableId table, std::string key) {
  LETHE_CHECK(key.size() <= kKeyBytesMax);
  size_bytes_ += key.size();
  operations_.push_back({Operation::Kind::kDelete, table, std::move(key), std::string()});
}

void Batch::ExpectAbsent(TableId table, std::string key) {
  preconditions_.push_back({table, std::move(key), std::nullopt});
}

void Batch::ExpectValue(TableId table, std::string key, std::string value) {
  preconditions_.push_back({table, std::move(key), std::move(value)});
}

void Batch::Append(Batch other) {
  for (Operation& operation : other.operations_) operations_.push_back(std::move(operation));
  for (Precondition& condition : other.preconditions_) {
    preconditions_.push_back(std::move(condition));
  }
  size_bytes_ += other.size_bytes_;
}

std::string Batch::Encode() const {
  ByteWriter writer;
  LETHE_CHECK(operations_.size() <= std::numeric_limits<std::uint32_t>::max());
  writer.U32(static_cast<std::uint32_t>(operations_.size()));
  for (const Operation& operation : operations_) {
    writer.U8(static_cast<std::uint8_t>(operation.kind)).U8(operation.table).Short(operation.key);
    if (operation.kind == Operation::Kind::kPut) writer.Long(operation.value);
  }
  return writer.Take();
}

absl::StatusOr<Batch> Batch::Decode(Bytes encoded) {
  ByteReader reader(encoded);
  const std::uint32_t count = reader.U32();
  if (count > reader.remaining() / kOperationBytesMin) return Damaged();
  Batch batch;
  batch.operations_.reserve(count);
  for (std::uint32_t i = 0; i < count && reader.ok(); ++i) {
    LETHE_ASSIGN(Operation operation, DecodeOperation(reader));
    batch.size_bytes_ += operation.key.size() + operation.value.size();
    batch.operations_.push_back(std::move(operation));
  }
  LETHE_TRY(reader.Finish());
  return batch;
}

}  // namespace lethe::storage
