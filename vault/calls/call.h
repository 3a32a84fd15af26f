// One call on its way through the facade: who calls, and the event that will tell of it.
#ifndef LETHE_VAULT_CALLS_CALL_H_
#define LETHE_VAULT_CALLS_CALL_H_

#include <string>
#include <utility>

#include "vault/audit/event.h"
#include "vault/model/caller.h"
#include "vault/tenants/tenants.h"

namespace lethe::vault::calls {

struct Call {
  const Caller& caller;
  tenants::TenantHandle tenant;  // Set once the caller is known to belong to it.
  audit::Event event;
  bool synced_later = false;  // A synced commit follows before anything is answered.

  void About(const SubjectTag& subject) { event.subjects.assign(1, subject); }
  void About(const policy::Category& category) { event.categories.assign(1, category.name); }
};

}  // namespace lethe::vault::calls

#endif  // LETHE_VAULT_CALLS_CALL_H_
