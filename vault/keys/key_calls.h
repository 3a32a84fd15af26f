// The root and its holders: what an operator may see and do. About no person and no tenant.
#ifndef LETHE_VAULT_KEYS_KEY_CALLS_H_
#define LETHE_VAULT_KEYS_KEY_CALLS_H_

#include <functional>
#include <string>

#include "absl/status/statusor.h"
#include "vault/calls/desk.h"
#include "vault/model/caller.h"
#include "vault/model/keys.h"
#include "vault/vault.h"

namespace lethe::vault::keys {

class KeyCalls : public virtual Operations {
 public:
  explicit KeyCalls(calls::Desk& desk) : desk_(desk) {}

  absl::StatusOr<KeyStatus> GetKeyStatus(const Caller& caller) override;
  absl::StatusOr<KeyStatus> RotateRoot(const Caller& caller) override;
  absl::StatusOr<KeyStatus> StepHorizon(const Caller& caller) override;
  absl::StatusOr<KeyStatus> AttestHorizon(const Caller& caller, const std::string& key_id) override;
  absl::StatusOr<KeyStatus> RetireHolder(const Caller& caller, const std::string& name) override;
  absl::StatusOr<KeyStatus> RejoinHolder(const Caller& caller, const std::string& name) override;

 private:
  // `change` commits the event it is given; what it did is answered as the status after it.
  absl::StatusOr<KeyStatus> Change(const Caller& caller, audit::Method method,
                                   const std::function<absl::Status(audit::Event)>& change);

  calls::Desk& desk_;
};

}  // namespace lethe::vault::keys

#endif  // LETHE_VAULT_KEYS_KEY_CALLS_H_
