// What the acts of a kind have of their own. A kind is a pair of files beside this one; the table
// of all kinds is in act_calls.cc.
#ifndef LETHE_VAULT_ACTS_KIND_H_
#define LETHE_VAULT_ACTS_KIND_H_

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "vault/audit/event.h"
#include "vault/model/act.h"

namespace lethe::vault::acts {

struct Kind {
  ActKind kind;
  audit::Method begin;
  audit::Method end;
  // Refuses an end that lacks what the kind demands. kFieldRequired, kFieldInvalid.
  absl::Status (*check_end)(const ActEnd& end, absl::Time now);
};

}  // namespace lethe::vault::acts

#endif  // LETHE_VAULT_ACTS_KIND_H_
