// The Audit facet: what the floor above tells the journal.
#ifndef LETHE_VAULT_CALLS_AUDIT_CALLS_H_
#define LETHE_VAULT_CALLS_AUDIT_CALLS_H_

#include <string_view>

#include "absl/status/status.h"
#include "vault/calls/desk.h"
#include "vault/model/caller.h"
#include "vault/vault.h"

namespace lethe::vault::calls {

// Thread-safe.
class AuditCalls final : public Audit {
 public:
  explicit AuditCalls(Desk& desk) : desk_(desk) {}

  void RecordRefusal(const Caller& caller, std::string_view method,
                     const absl::Status& status) override;

 private:
  Desk& desk_;
};

}  // namespace lethe::vault::calls

#endif  // LETHE_VAULT_CALLS_AUDIT_CALLS_H_
