// Who calls, and for what.
#ifndef LETHE_VAULT_MODEL_CALLER_H_
#define LETHE_VAULT_MODEL_CALLER_H_

#include <string>
#include <vector>

#include "absl/time/time.h"

namespace lethe::vault {

// Who calls: the identity its certificate proves, and the tenant that identity belongs to.
struct Principal {
  std::string id;      // The SAN, e.g. "spiffe://example.org/tenants/acme/clients/billing".
  std::string tenant;  // "acme"; empty for an operator, who may touch no tenant's data.
  std::vector<std::string> roles;  // From the policy, once it knows roles; empty until then.
};

// One call. Passed down unchanged to whatever decides.
struct Caller {
  Principal principal;
  std::string tenant;      // The tenant of the resource named in the request.
  std::string purpose;     // What the caller says it needs the data for.
  std::string request_id;  // A UUID; empty where the method changes nothing.
  absl::Time deadline = absl::InfiniteFuture();
};

}  // namespace lethe::vault

#endif  // LETHE_VAULT_MODEL_CALLER_H_
