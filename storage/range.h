// What every engine's reads have in common: a range's first key, the limit, the table's name.
#ifndef LETHE_STORAGE_RANGE_H_
#define LETHE_STORAGE_RANGE_H_

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "storage/engine.h"

namespace lethe::storage {

// The smallest key that `range` can hold.
std::string FirstKey(const Range& range);

// The smallest key greater than all that begin with `prefix`; nullopt: there is none, since the
// prefix is empty or 0xff throughout.
std::optional<std::string> EndOfPrefix(std::string_view prefix);

// INVALID_ARGUMENT unless 1 <= limit <= Reader::kScanRowsMax.
absl::Status CheckLimit(std::size_t limit);

// For a table that was not among those the engine was opened with. FAILED_PRECONDITION and no
// failed check, because an archive written by a later version can name one.
absl::Status UnknownTable();

}  // namespace lethe::storage

#endif  // LETHE_STORAGE_RANGE_H_
