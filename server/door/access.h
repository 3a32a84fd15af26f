// The one door every call passes: who calls, what the method asks of its caller, whose data the
// request names, and whether the request keeps its field rules. In that order, so that nobody
// learns anything about another tenant, not even that its names are well formed.
#ifndef LETHE_SERVER_DOOR_ACCESS_H_
#define LETHE_SERVER_DOOR_ACCESS_H_

#include <string>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "google/protobuf/message.h"
#include "grpcpp/server_context.h"
#include "server/door/identity.h"
#include "server/door/method_table.h"
#include "server/door/validation.h"
#include "vault/model/caller.h"

namespace lethe::server {

// A call that names no deadline gets this much: longer than the slowest commit, shorter than
// anybody's patience.
inline constexpr absl::Duration kUnaryDeadline = absl::Seconds(30);
// And a stream this much; the grace of a connection's end (server_limits.h) is longer.
inline constexpr absl::Duration kStreamDeadline = absl::Minutes(10);

// A caller, as far as it was found out, and why it goes no further.
struct Admission {
  vault::Caller caller;
  absl::Status status;
};

// Immutable; any thread.
class Access {
 public:
  Access(const Validator& validator, IdentitySource source)
      : validator_(validator), source_(source) {}

  // Of the connection and the method alone: kPeerUnknown, kRoleMissing. `deadline_cap` counts from
  // `now` and holds where the caller names no deadline.
  Admission AdmitCaller(const grpc::ServerContextBase& context, const Method& method,
                        absl::Time now, absl::Duration deadline_cap) const;

  // Of one request of an admitted caller: kTenantMismatch, kFieldRequired, kFieldInvalid. Puts
  // tenant, purpose and request id into `caller`.
  template <typename Request>
  absl::Status AdmitRequest(const Request& request, vault::Caller& caller) const {
    if constexpr (requires { request.purpose(); }) caller.purpose = request.purpose();
    if constexpr (requires { request.request_id(); }) caller.request_id = request.request_id();
    return AdmitMessage(request, caller);
  }

 private:
  absl::Status AdmitMessage(const google::protobuf::Message& request, vault::Caller& caller) const;

  const Validator& validator_;
  const IdentitySource source_;
};

}  // namespace lethe::server

#endif  // LETHE_SERVER_DOOR_ACCESS_H_
