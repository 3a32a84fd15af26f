// How many rows of records to ask for at once: their bodies come along, up to 1 MiB each.
#ifndef LETHE_VAULT_RECORDS_SCAN_SIZE_H_
#define LETHE_VAULT_RECORDS_SCAN_SIZE_H_

#include <algorithm>
#include <cstddef>

#include "storage/scan.h"

namespace lethe::vault::records {

// So many that they are expected to bring half a mebibyte: what one scan brought says what the next
// one will. The first is careful.
class ScanSize {
 public:
  static constexpr std::size_t kRowsMax = 16;
  static constexpr std::size_t kBytesWanted = 512u << 10;

  std::size_t rows() const { return rows_; }

  void Saw(const storage::PageOfRows& page) {
    std::size_t bytes = 0;
    for (const storage::Row& row : page.rows) bytes += row.value.size();
    const std::size_t each = bytes / std::max<std::size_t>(page.rows.size(), 1) + 1;
    rows_ = std::clamp<std::size_t>(kBytesWanted / each, 1, kRowsMax);
  }

 private:
  std::size_t rows_ = 2;
};

}  // namespace lethe::vault::records

#endif  // LETHE_VAULT_RECORDS_SCAN_SIZE_H_
