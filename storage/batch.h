// A Batch is a set of changes that happen together or not at all.
#ifndef LETHE_STORAGE_BATCH_H_
#define LETHE_STORAGE_BATCH_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "base/bytes.h"

namespace lethe::storage {

// A table's number; it reaches disk (the archive) and is never reused. Names are in TableSpec.
using TableId = std::uint8_t;

// What must hold for a batch to be applied: `key` is absent (no value) or has exactly `value`.
struct Precondition {
  TableId table;
  std::string key;
  std::optional<std::string> value;
};

struct Operation {
  enum class Kind : std::uint8_t { kPut = 1, kDelete = 2 };  // On disk; never reuse.
  Kind kind;
  TableId table;
  std::string key;
  std::string value;  // Empty for kDelete.
};

class Batch {
 public:
  void Put(TableId table, std::string key, std::string value);
  void Delete(TableId table, std::string key);
  void ExpectAbsent(TableId table, std::string key);
  void ExpectValue(TableId table, std::string key, std::string value);
  // Appends everything `other` holds, preconditions included.
  void Append(Batch other);

  // Forgets the preconditions: whoever calls this has checked them.
  void DropPreconditions() { preconditions_.clear(); }

  const std::vector<Operation>& operations() const { return operations_; }
  const std::vector<Precondition>& preconditions() const { return preconditions_; }
  bool empty() const { return operations_.empty(); }
  // Bytes of all keys and values.
  std::size_t size_bytes() const { return size_bytes_; }

  // The operations as bytes (preconditions are not kept: what was applied was checked):
  //   U32 count, then per operation U8 kind, U8 table, Short key, Long value (kPut only).
  std::string Encode() const;
  // DATA_LOSS: not what Encode writes.
  static absl::StatusOr<Batch> Decode(Bytes encoded);

 private:
  std::vector<Operation> operations_;
  std::vector<Precondition> preconditions_;
  std::size_t size_bytes_ = 0;
};

}  // namespace lethe::storage

#endif  // LETHE_STORAGE_BATCH_H_
