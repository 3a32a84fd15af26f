// What application/json must be to be stored: one object in UTF-8, without duplicate keys, of
// bounded depth. Duplicates are refused because readers disagree on which one counts.
#ifndef LETHE_VAULT_MODEL_JSON_CHECK_H_
#define LETHE_VAULT_MODEL_JSON_CHECK_H_

#include <string_view>

#include "absl/status/status.h"

namespace lethe::vault {

// INVALID_ARGUMENT (kFieldInvalid, field "record.data"): `rule` is "json", "json_object",
// "json_depth" or "json_duplicate_key". Keeps nothing of the text.
absl::Status CheckJsonObject(std::string_view text);

}  // namespace lethe::vault

#endif  // LETHE_VAULT_MODEL_JSON_CHECK_H_
