// What application/json must be to be stored: one object in UTF-8, without duplicate keys, of
// bounded depth, with numbers in the range of IEEE 754 binary64. Duplicates are refused because
// readers disagree on which one counts; larger numbers, which RFC 8259 (6) lets us limit, because
// most make infinity of them. What is taken is kept byte by byte: no digit is rounded away.
#ifndef LETHE_VAULT_MODEL_JSON_CHECK_H_
#define LETHE_VAULT_MODEL_JSON_CHECK_H_

#include <string_view>

#include "absl/status/status.h"

namespace lethe::vault {

// INVALID_ARGUMENT (kFieldInvalid, field "record.data"): `rule` is "json", "json_object",
// "json_depth", "json_duplicate_key" or "number_range". Keeps nothing of the text.
absl::Status CheckJsonObject(std::string_view text);

}  // namespace lethe::vault

#endif  // LETHE_VAULT_MODEL_JSON_CHECK_H_
