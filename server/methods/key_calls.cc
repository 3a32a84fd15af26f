#include "server/methods/key_calls.h"

#include "absl/status/statusor.h"
#include "base/status_macros.h"
#include "server/convert/enums.h"

namespace lethe::server {
namespace {

void Fill(const vault::HolderStatus& holder, v1::HolderStatus* out) {
  out->set_name(holder.name);
  for (const std::string& factor : holder.factors) out->add_factors(factor);
  out->set_reachable(holder.reachable);
  out->set_current(holder.current);
  out->set_assurance(ToApi(holder.assurance));
  out->set_why(holder.why);
  out->set_service(holder.service);
  out->set_service_key(holder.service_key);
}

absl::Status Answer(const absl::StatusOr<vault::KeyStatus>& keys, v1::KeyStatus& out) {
  if (!keys.ok()) return keys.status();
  out.set_generation(keys->generation);
  out.set_levels(keys->levels);
  out.set_owner_epoch(keys->owner_epoch);
  out.set_assurance(ToApi(keys->assurance));
  out.set_attempt_unresolved(keys->attempt_unresolved);
  out.set_unresolved_why(keys->unresolved_why);
  for (const vault::HolderStatus& holder : keys->holders) Fill(holder, out.add_holders());
  for (const std::string& name : keys->retired_holders) out.add_retired_holders(name);
  for (const std::string& key : keys->open_horizons) out.add_open_horizons(key);
  out.set_retirement_asked(keys->retirement_asked);
  return absl::OkStatus();
}

}  // namespace

absl::Status GetKeyStatus(CallDesk& desk, const vault::Caller& caller,
                          const v1::GetKeyStatusRequest& /*request*/, v1::KeyStatus& response) {
  return Answer(desk.vault.operations().GetKeyStatus(caller), response);
}

absl::Status RotateRoot(CallDesk& desk, const vault::Caller& caller,
                        const v1::RotateRootRequest& /*request*/, v1::KeyStatus& response) {
  return Answer(desk.vault.operations().RotateRoot(caller), response);
}

absl::Status StepHorizon(CallDesk& desk, const vault::Caller& caller,
                         const v1::StepHorizonRequest& /*request*/, v1::KeyStatus& response) {
  return Answer(desk.vault.operations().StepHorizon(caller), response);
}

absl::Status AttestHorizon(CallDesk& desk, const vault::Caller& caller,
                           const v1::AttestHorizonRequest& request, v1::KeyStatus& response) {
  return Answer(desk.vault.operations().AttestHorizon(caller, request.key_id()), response);
}

absl::Status RetireHolder(CallDesk& desk, const vault::Caller& caller,
                          const v1::RetireHolderRequest& request, v1::KeyStatus& response) {
  return Answer(desk.vault.operations().RetireHolder(caller, request.holder()), response);
}

absl::Status RejoinHolder(CallDesk& desk, const vault::Caller& caller,
                          const v1::RejoinHolderRequest& request, v1::KeyStatus& response) {
  return Answer(desk.vault.operations().RejoinHolder(caller, request.holder()), response);
}

}  // namespace lethe::server
