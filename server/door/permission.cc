#include "server/door/permission.h"

namespace lethe::server {

v1::Audience AudienceOf(v1::Permission permission) {
  const auto* value = v1::Permission_descriptor()->FindValueByNumber(permission);
  if (value == nullptr) return v1::AUDIENCE_UNSPECIFIED;
  return value->options().GetExtension(v1::audience);
}

bool Allows(const vault::Principal& principal, v1::Permission permission) {
  switch (AudienceOf(permission)) {
    case v1::AUDIENCE_TENANT:
      return !principal.tenant.empty();
    case v1::AUDIENCE_OPERATOR:
      return principal.tenant.empty();
    case v1::AUDIENCE_ANYBODY:
      return true;
    default:
      return false;
  }
}

}  // namespace lethe::server
