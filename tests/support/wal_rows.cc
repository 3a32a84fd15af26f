#include "tests/support/wal_rows.h"

#include <optional>

namespace lethe::test {
namespace {

constexpr std::size_t kBlockBytes = 32u << 10;
constexpr std::size_t kHeaderBytes = 4 + 2 + 1;
constexpr std::size_t kBatchHeadBytes = 8 + 4;

enum RecordType : std::uint8_t { kWhole = 1, kFirst = 2, kMiddle = 3, kLast = 4 };

// RocksDB's numbers for what is in a batch (db/dbformat.h), those that its users can cause here.
enum OperationType : std::uint8_t {
  kDeletion = 0,
  kValue = 1,
  kLogData = 3,
  kFamilyDeletion = 4,
  kFamilyValue = 5,
  kNoop = 13,
};

class BatchReader {
 public:
  explicit BatchReader(std::string_view batch) : rest_(batch) {}

  // False: the batch has something in it that is not understood.
  bool AddPuts(std::vector<WalRow>& rows) {
    if (rest_.size() < kBatchHeadBytes) return false;
    rest_.remove_prefix(kBatchHeadBytes);
    while (!rest_.empty() && ok_) {
      const auto type = static_cast<std::uint8_t>(rest_.front());
      rest_.remove_prefix(1);
      WalRow row;
      if (type == kFamilyDeletion || type == kFamilyValue) row.column_family = Varint();
      if (type == kNoop) continue;
      row.key = Text();
      if (type == kValue || type == kFamilyValue) {
        row.value = Text();
        if (ok_) rows.push_back(std::move(row));
      } else if (type != kDeletion && type != kFamilyDeletion && type != kLogData) {
        return false;
      }
    }
    return ok_;
  }

 private:
  std::uint32_t Varint() {
    std::uint32_t value = 0;
    for (int shift = 0; shift < 35 && !rest_.empty(); shift += 7) {
      const auto byte = static_cast<std::uint8_t>(rest_.front());
      rest_.remove_prefix(1);
      value |= static_cast<std::uint32_t>(byte & 0x7f) << shift;
      if ((byte & 0x80) == 0) return value;
    }
    ok_ = false;
    return 0;
  }
  std::string Text() {
    const std::size_t size = Varint();
    if (size > rest_.size()) ok_ = false;
    if (!ok_) return "";
    std::string text(rest_.substr(0, size));
    rest_.remove_prefix(size);
    return text;
  }

  std::string_view rest_;
  bool ok_ = true;
};

// The next record, or nullopt at the end of what is whole.
struct Record {
  std::uint8_t type;
  std::string_view bytes;
};
std::optional<Record> TakeRecord(std::string_view log, std::size_t& at) {
  const std::size_t left_in_block = kBlockBytes - at % kBlockBytes;
  if (left_in_block < kHeaderBytes) at += left_in_block;
  if (at + kHeaderBytes > log.size()) return std::nullopt;
  const std::size_t size = static_cast<std::uint8_t>(log[at + 4]) |
                           static_cast<std::size_t>(static_cast<std::uint8_t>(log[at + 5])) << 8;
  const auto type = static_cast<std::uint8_t>(log[at + 6]);
  if (type < kWhole || type > kLast || at + kHeaderBytes + size > log.size()) return std::nullopt;
  const Record record{type, log.substr(at + kHeaderBytes, size)};
  at += kHeaderBytes + size;
  return record;
}

}  // namespace

std::vector<WalRow> ReadWal(std::string_view log) {
  std::vector<WalRow> rows;
  std::string batch;
  std::size_t at = 0;
  while (const auto record = TakeRecord(log, at)) {
    if (record->type == kWhole || record->type == kFirst) batch.clear();
    batch += record->bytes;
    if (record->type != kWhole && record->type != kLast) continue;
    if (!BatchReader(batch).AddPuts(rows)) break;
  }
  return rows;
}

}  // namespace lethe::test
