// The latest time at which a period was shredded. A clock that stands before it has been set back,
// or was wrong then; nothing is shredded on its word.
//
// Row in table kMeta, key "retention_mark":   U8 format | time
#ifndef LETHE_VAULT_EXPIRY_RETENTION_MARK_H_
#define LETHE_VAULT_EXPIRY_RETENTION_MARK_H_

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "storage/engine.h"

namespace lethe::vault::expiry {

inline constexpr char kRetentionMarkRow[] = "retention_mark";

// Is `now` no earlier than the mark?
absl::StatusOr<bool> IsPastRetentionMark(const storage::Engine& engine, absl::Time now);
void PutRetentionMark(absl::Time now, storage::Batch& change);

}  // namespace lethe::vault::expiry

#endif  // LETHE_VAULT_EXPIRY_RETENTION_MARK_H_
