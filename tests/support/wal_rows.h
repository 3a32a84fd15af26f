// Rows straight from the bytes of RocksDB's write-ahead logs, without RocksDB: what somebody reads
// who finds a log in a copy, a snapshot or the free blocks of a disk.
//
//   log    = blocks of 32 KiB, in each: records, zeros where less than a header is left
//   record = U32 checksum, U16 size, U8 type (1 whole, 2 first, 3 middle, 4 last piece), bytes
//   pieces together = U64 sequence, U32 count, operations; numbers in little endian
#ifndef LETHE_TESTS_SUPPORT_WAL_ROWS_H_
#define LETHE_TESTS_SUPPORT_WAL_ROWS_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace lethe::test {

struct WalRow {
  std::uint32_t column_family = 0;  // In the order in which they were made; 0 is RocksDB's default.
  std::string key;
  std::string value;
};

// Every put in `log` up to its end, or to the first thing in it that is none of the above: a torn
// tail.
std::vector<WalRow> ReadWal(std::string_view log);

}  // namespace lethe::test

#endif  // LETHE_TESTS_SUPPORT_WAL_ROWS_H_
