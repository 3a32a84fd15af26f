// Between the messages of the API and the plain values of the vault. Requests are validated before
// they come here, so that what is left to refuse is only what no field rule can say.
#ifndef LETHE_SERVER_CONVERT_CONVERT_H_
#define LETHE_SERVER_CONVERT_CONVERT_H_

#include <optional>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "google/protobuf/timestamp.pb.h"
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

// Requests. ---------------------------------------------------------------------------------------
absl::Time TimeFrom(const google::protobuf::Timestamp& time);
vault::Identifier IdentifierFrom(const v1::Identifier& identifier);
absl::StatusOr<vault::SubjectRef> SubjectRefFrom(const v1::SubjectRef& ref);
vault::NewRecord NewRecordFrom(v1::Record&& record);
// An etag without the quotes it travels in; empty for an empty one.
std::string EtagFrom(const std::string& quoted);

absl::StatusOr<vault::EraseRequest> EraseRequestFrom(const v1::EraseSubjectRequest& request);
absl::StatusOr<vault::Restriction> RestrictionFrom(const v1::RestrictSubjectRequest& request);

// Answers. ----------------------------------------------------------------------------------------
void Fill(absl::Time time, google::protobuf::Timestamp* out);
void Fill(const vault::Subject& subject, std::string_view tenant, v1::Subject* out);
// Takes the data out of `record` instead of copying it.
void Fill(vault::Record record, std::string_view tenant, v1::Record* out);
void Fill(const vault::Withheld& withheld, v1::WithheldData* out);
void Fill(const vault::Erasure& erasure, std::string_view tenant, v1::Erasure* out);

}  // namespace lethe::server

#endif  // LETHE_SERVER_CONVERT_CONVERT_H_
