#include "vault/keys/key_calls.h"

#include <utility>

#include "base/status_macros.h"

namespace lethe::vault::keys {
namespace {

absl::Status AdmitOperator(const Caller& caller) {
  if (caller.principal.tenant.empty()) return absl::OkStatus();
  return Refuse(Reason::kRoleMissing, "keys are for operators");
}

}  // namespace

absl::StatusOr<KeyStatus> KeyCalls::GetKeyStatus(const Caller& caller) {
  return desk_.Answer(desk_.Open(caller, audit::Method::kGetKeyStatus),
                      [&](calls::Call& call) -> absl::StatusOr<KeyStatus> {
                        LETHE_TRY(AdmitOperator(caller));
                        LETHE_ASSIGN(KeyStatus status, desk_.stores.tree->Keys());
                        LETHE_TRY(desk_.CommitRead(call));
                        return status;
                      });
}

absl::StatusOr<KeyStatus> KeyCalls::RotateRoot(const Caller& caller) {
  return Change(caller, audit::Method::kRotateRoot,
                [this](audit::Event event) { return desk_.stores.tree->Rotate(std::move(event)); });
}

absl::StatusOr<KeyStatus> KeyCalls::StepHorizon(const Caller& caller) {
  return Change(caller, audit::Method::kStepHorizon, [this](audit::Event event) {
    return desk_.stores.tree->StepHorizon(std::move(event));
  });
}

absl::StatusOr<KeyStatus> KeyCalls::AttestHorizon(const Caller& caller, const std::string& key_id) {
  return Change(caller, audit::Method::kAttestHorizon, [&](audit::Event event) {
    return desk_.stores.tree->AttestHorizon(key_id, std::move(event));
  });
}

absl::StatusOr<KeyStatus> KeyCalls::RetireHolder(const Caller& caller, const std::string& name) {
  return Change(caller, audit::Method::kRetireHolder, [&](audit::Event event) {
    return desk_.stores.tree->RetireHolder(name, std::move(event));
  });
}

absl::StatusOr<KeyStatus> KeyCalls::RejoinHolder(const Caller& caller, const std::string& name) {
  return Change(caller, audit::Method::kRejoinHolder, [&](audit::Event event) {
    return desk_.stores.tree->RejoinHolder(name, std::move(event));
  });
}

absl::StatusOr<KeyStatus> KeyCalls::Change(
    const Caller& caller, audit::Method method,
    const std::function<absl::Status(audit::Event)>& change) {
  return desk_.Answer(desk_.Open(caller, method),
                      [&](calls::Call& call) -> absl::StatusOr<KeyStatus> {
                        LETHE_TRY(AdmitOperator(caller));
                        LETHE_TRY(change(call.event));
                        return desk_.stores.tree->Keys();
                      });
}

}  // namespace lethe::vault::keys
