// The one row loop: a page of rows at a time, so that no table is ever in memory as a whole.
//
// An error of the engine ends the scan and is its answer, since nobody knows what it hides. So does
// an error of the callback: whoever can do without a row takes note of it and answers OK.
#ifndef LETHE_STORAGE_SCAN_H_
#define LETHE_STORAGE_SCAN_H_

#include <cstdint>
#include <functional>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "storage/engine.h"

namespace lethe::storage {

struct PageOfRows {
  std::vector<Row> rows;
  bool last = false;  // No row follows.
};

// The first `size` rows of `range`, which moves on to what follows them.
absl::StatusOr<PageOfRows> NextPage(const Reader& reader, TableId table, Range& range,
                                    std::size_t size);

// Gives every row of `range` to `each`, in key order, reading `page_size` at a time. The callback
// may take the row away.
absl::Status ForEachRow(const Reader& reader, TableId table, Range range, std::size_t page_size,
                        const std::function<absl::Status(Row& row)>& each);

// Which row of its table the one under `key` is, the first being 1. Reads all that stand before it.
absl::StatusOr<std::uint64_t> NumberOf(const Reader& reader, TableId table, std::string_view key);

}  // namespace lethe::storage

#endif  // LETHE_STORAGE_SCAN_H_
