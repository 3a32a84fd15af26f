// The root and its holders: what an operator may see and do. About no person and no tenant.
#ifndef LETHE_VAULT_KEYS_KEY_CALLS_H_
#define LETHE_VAULT_KEYS_KEY_CALLS_H_

#include <functional>
#include <string>

#include "absl/status/statusor.h"
#include "vault/calls/desk.h"
#include "vault/model/caller.h"
#include "vault/model/keys.h"

namespace lethe::vault::keys {

class KeyCalls {
 public:
  explicit KeyCalls(calls::Desk& desk) : desk_(desk) {}

  absl::StatusOr<KeyStatus> GetStatus(const Caller& caller);
  absl::StatusOr<KeyStatus> Rotate(const Caller& caller);
  absl::StatusOr<KeyStatus> StepHorizon(const Caller& caller);
  absl::StatusOr<KeyStatus> AttestHorizon(const Caller& caller, const std::string& key_id);
  absl::StatusOr<KeyStatus> RetireHolder(const Caller& caller, const std::string& name);

 private:
  // `change` commits the event it is given; what it did is answered as the status after it.
  absl::StatusOr<KeyStatus> Change(const Caller& caller, audit::Method method,
                                   const std::function<absl::Status(audit::Event)>& change);

  calls::Desk& desk_;
};

}  // namespace lethe::vault::keys

#endif  // LETHE_VAULT_KEYS_KEY_CALLS_H_
