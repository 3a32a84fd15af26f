// The one place that says what a precondition means, for every engine and the overlay.
#ifndef LETHE_STORAGE_PRECONDITION_H_
#define LETHE_STORAGE_PRECONDITION_H_

#include <optional>
#include <string_view>

#include "absl/status/status.h"
#include "storage/batch.h"
#include "storage/engine.h"

namespace lethe::storage {

// OK, or ABORTED (kConcurrentChange), for the value found under the precondition's key.
absl::Status CheckFound(const Precondition& condition, std::optional<std::string_view> found);

// One precondition against what `reader` holds.
absl::Status CheckPrecondition(const Reader& reader, const Precondition& condition);

// All preconditions of `batch`, each against what `reader` holds: the state before the batch, so
// that the batch's own operations, earlier or later, never fulfil or break one.
absl::Status CheckPreconditions(const Reader& reader, const Batch& batch);

}  // namespace lethe::storage

#endif  // LETHE_STORAGE_PRECONDITION_H_
