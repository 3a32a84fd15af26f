#include "storage/scan.h"

#include <utility>

#include "base/status_macros.h"

namespace lethe::storage {
namespace {

constexpr std::size_t kCountedPerPage = 64;  // Values come along, up to 1 MiB each.

}  // namespace

absl::StatusOr<PageOfRows> NextPage(const Reader& reader, TableId table, Range& range,
                                    std::size_t size) {
  PageOfRows page;
  LETHE_ASSIGN(page.rows, reader.Scan(table, range, size));
  page.last = page.rows.size() < size;
  if (!page.rows.empty()) range.after = page.rows.back().key;
  return page;
}

absl::Status ForEachRow(const Reader& reader, TableId table, Range range, std::size_t page_size,
                        const std::function<absl::Status(Row& row)>& each) {
  while (true) {
    LETHE_ASSIGN(PageOfRows page, NextPage(reader, table, range, page_size));
    for (Row& row : page.rows) LETHE_TRY(each(row));
    if (page.last) return absl::OkStatus();
  }
}

absl::StatusOr<std::uint64_t> NumberOf(const Reader& reader, TableId table, std::string_view key) {
  std::uint64_t number = 1;
  Range range;
  while (true) {
    LETHE_ASSIGN(const PageOfRows page, NextPage(reader, table, range, kCountedPerPage));
    for (const Row& row : page.rows) {
      if (row.key >= key) return number;
      ++number;
    }
    if (page.last) return number;
  }
}

}  // namespace lethe::storage
