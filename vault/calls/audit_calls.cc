#include "vault/calls/audit_calls.h"

#include "vault/audit/event.h"

namespace lethe::vault::calls {

void AuditCalls::RecordRefusal(const Caller& caller, std::string_view /*method*/,
                               const absl::Status& status) {
  // The name of an unknown method is the caller's text, so the log does not repeat it.
  Call call = desk_.Open(caller, audit::Method::kRefusedCall);
  (void)desk_.Admit(call, false);
  (void)desk_.JournalRefusal(call, status);
}

}  // namespace lethe::vault::calls
