// What a request's fields may hold, checked once, at the facade. A refusal names the field as the
// public interface does and the rule, never the value.
#ifndef LETHE_VAULT_MODEL_REQUEST_RULES_H_
#define LETHE_VAULT_MODEL_REQUEST_RULES_H_

#include <span>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "vault/model/caller.h"
#include "vault/model/page.h"
#include "vault/model/record.h"
#include "vault/model/subject.h"

namespace lethe::vault {

// A writer's clock may run ahead of ours by this much; a later origin time is a mistake.
inline constexpr absl::Duration kOriginAheadMax = absl::Minutes(5);

// kFieldInvalid, naming field and rule.
absl::Status InvalidField(std::string_view field, std::string_view rule);

// Tenant and purpose are labels; `needs_request_id` where the method changes something.
absl::Status CheckCaller(const Caller& caller, bool needs_request_id);
absl::Status CheckIdentifier(const Identifier& identifier, const std::string& field);
// At most kIdentifiersMax, each valid, none twice.
absl::Status CheckIdentifiers(std::span<const Identifier> identifiers, const std::string& field);
absl::Status CheckSubjectRef(const SubjectRef& subject);
absl::Status CheckNewRecord(const NewRecord& record, absl::Time now);
absl::Status CheckPatch(const RecordPatch& patch);
// What an update leaves must be valid as a whole: new JSON under an old media type, and the
// reverse.
absl::Status CheckBody(std::string_view data, std::string_view media_type);
absl::Status CheckPage(const PageRequest& page);

}  // namespace lethe::vault

#endif  // LETHE_VAULT_MODEL_REQUEST_RULES_H_
