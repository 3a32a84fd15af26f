// What an update changes: the record and its mask, read together.
#ifndef LETHE_SERVER_CONVERT_RECORD_PATCH_H_
#define LETHE_SERVER_CONVERT_RECORD_PATCH_H_

#include "absl/status/statusor.h"
#include "lethe/v1/vault_service.pb.h"
#include "vault/model/record.h"

namespace lethe::server {

// Of data, media_type, source, source_detail: those the mask names; without a mask those that are
// set; with "*" all four, so that an absent one goes back to its default.
// INVALID_ARGUMENT: an unknown path, a path or a set field that only creation may set, no data
// where the mask covers it, or nothing to change.
absl::StatusOr<vault::RecordPatch> RecordPatchFrom(v1::UpdateRecordRequest&& request);

}  // namespace lethe::server

#endif  // LETHE_SERVER_CONVERT_RECORD_PATCH_H_
