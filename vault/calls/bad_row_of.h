// Which row is to blame where work on a whole subject fails: looked for after the fact.
#ifndef LETHE_VAULT_CALLS_BAD_ROW_OF_H_
#define LETHE_VAULT_CALLS_BAD_ROW_OF_H_

#include "base/ids.h"
#include "vault/calls/stores.h"
#include "vault/chores/bad_row.h"

namespace lethe::vault::calls {

// The first row of the subject that does not open, or the leaf row beside one of its leaves. Where
// each of them opens: the subject's own.
chores::RowName BadRowOf(const Stores& stores, const tenants::Tenant& tenant,
                         const SubjectTag& subject);

}  // namespace lethe::vault::calls

#endif  // LETHE_VAULT_CALLS_BAD_ROW_OF_H_
