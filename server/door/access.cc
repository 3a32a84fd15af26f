#include "server/door/access.h"

#include "base/reason.h"
#include "server/door/names.h"
#include "server/door/permission.h"

namespace lethe::server {
namespace {

absl::Time DeadlineOf(const grpc::ServerContextBase& context, absl::Time now, absl::Duration cap) {
  const auto deadline = context.deadline();
  if (deadline == std::chrono::system_clock::time_point::max()) return now + cap;
  return absl::FromChrono(deadline);
}

}  // namespace

Admission Access::AdmitCaller(const grpc::ServerContextBase& context, const Method& method,
                              absl::Time now, absl::Duration deadline_cap) const {
  Admission admission;
  admission.caller.deadline = DeadlineOf(context, now, deadline_cap);
  auto principal = Identify(context, source_);
  if (!principal.ok()) {
    admission.status = std::move(principal).status();
    return admission;
  }
  admission.caller.principal = *std::move(principal);
  // A refusal is told to the tenant whose caller it is, whatever the request names.
  admission.caller.tenant = admission.caller.principal.tenant;
  if (!Allows(admission.caller.principal, method.permission)) {
    admission.status =
        Refuse(Reason::kRoleMissing, admission.caller.principal.tenant.empty()
                                         ? "an operator holds no permission over data"
                                         : "this is for operators");
  }
  return admission;
}

absl::Status Access::AdmitMessage(const google::protobuf::Message& request,
                                  vault::Caller& caller) const {
  const std::string& own = caller.principal.tenant;
  caller.tenant = own;
  bool foreign = false;
  validator_.ForEachName(request, [&](const std::string& name) {
    const auto tenant = TenantOf(name);
    foreign = foreign || (tenant.has_value() && *tenant != own);
  });
  if (foreign) {
    return Refuse(Reason::kTenantMismatch, "the request names another tenant than the caller's");
  }
  return validator_.Check(request);
}

}  // namespace lethe::server
