// Two tables and the few words in which the storage tests are written.
#ifndef LETHE_TESTS_STORAGE_TEST_TABLES_H_
#define LETHE_TESTS_STORAGE_TEST_TABLES_H_

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "storage/engine.h"

namespace lethe::storage {

inline constexpr TableId kRows = 1;
inline constexpr TableId kOther = 7;
inline constexpr TableId kUnknown = 99;

std::span<const TableSpec> TestTables();

Batch PutOne(TableId table, std::string key, std::string value);
Batch DeleteOne(TableId table, std::string key);

// The value; nullopt for NOT_FOUND. Any other error fails the test.
std::optional<std::string> Find(const Reader& reader, TableId table, const std::string& key);
// The keys that Scan gives, in its order.
std::vector<std::string> Keys(const Reader& reader, TableId table, const Range& range,
                              std::size_t limit = Reader::kScanRowsMax);

}  // namespace lethe::storage

#endif  // LETHE_TESTS_STORAGE_TEST_TABLES_H_
