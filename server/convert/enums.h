// The enums of the API and of the vault, value by value: neither side relies on the other's
// numbers.
#ifndef LETHE_SERVER_CONVERT_ENUMS_H_
#define LETHE_SERVER_CONVERT_ENUMS_H_

#include <optional>

#include "lethe/v1/erasure.pb.h"
#include "lethe/v1/record.pb.h"
#include "lethe/v1/rights_service.pb.h"
#include "lethe/v1/subject.pb.h"
#include "vault/model/erasure.h"
#include "vault/model/keys.h"
#include "vault/model/record.h"
#include "vault/model/restriction.h"
#include "vault/model/subject.h"

namespace lethe::server {

// nullopt: UNSPECIFIED, or a number that this version does not know.
std::optional<vault::Source> FromApi(v1::Source value);
std::optional<vault::ErasureGround> FromApi(v1::ErasureGround value);
std::optional<vault::Initiator> FromApi(v1::Initiator value);
std::optional<vault::RestrictionGround> FromApi(v1::RestrictionGround value);

// UNSPECIFIED for what the API has no word for.
v1::Source ToApi(vault::Source value);
v1::Subject::State ToApi(vault::SubjectState value);
v1::ErasureGround ToApi(vault::ErasureGround value);
v1::Assurance ToApi(vault::Assurance value);

}  // namespace lethe::server

#endif  // LETHE_SERVER_CONVERT_ENUMS_H_
