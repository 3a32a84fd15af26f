// Withholding: what an erase may not destroy because a law says to keep it (Art. 17(3)(b)), and so
// what it does destroy. One answer for the erase itself, for its preview and for the report.
#ifndef LETHE_VAULT_ERASURE_WITHHOLDING_H_
#define LETHE_VAULT_ERASURE_WITHHOLDING_H_

#include <cstdint>
#include <optional>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "vault/model/erasure.h"
#include "vault/records/identifier_store.h"
#include "vault/records/record_store.h"
#include "vault/records/scope_store.h"

namespace lethe::vault::erasure {

// What dies and what stays.
struct ErasePlan {
  std::vector<records::Scope> shredded;
  std::vector<records::Scope> kept;
  std::vector<Withheld> withheld;  // One for each of `kept`, in the same order.
  std::vector<records::OpenIdentifier> identifiers_gone;
  std::vector<records::OpenIdentifier> identifiers_kept;

  // Nothing of the person stays.
  bool complete() const { return kept.empty(); }
  std::int64_t records_shredded() const;
};

class Withholding {
 public:
  Withholding(const records::ScopeStore& scopes, const records::RecordStore& records,
              const records::IdentifierStore& identifiers)
      : scopes_(scopes), records_(records), identifiers_(identifiers) {}

  absl::StatusOr<ErasePlan> Plan(const records::OpenSubject& subject, absl::Time now) const;
  // nullopt: no law keeps it, or nothing in it has an end ahead.
  absl::StatusOr<std::optional<Withheld>> Of(const records::OpenSubject& subject,
                                             const records::Scope& scope, absl::Time now) const;

 private:
  absl::StatusOr<std::int64_t> CountLiving(const records::OpenSubject& subject,
                                           const records::Scope& scope, absl::Time now) const;

  const records::ScopeStore& scopes_;
  const records::RecordStore& records_;
  const records::IdentifierStore& identifiers_;
};

}  // namespace lethe::vault::erasure

#endif  // LETHE_VAULT_ERASURE_WITHHOLDING_H_
