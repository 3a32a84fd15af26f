// Who may do what: the one question that is asked before anything of a request is looked at.
#ifndef LETHE_SERVER_DOOR_PERMISSION_H_
#define LETHE_SERVER_DOOR_PERMISSION_H_

#include "lethe/v1/options.pb.h"
#include "vault/model/caller.h"

namespace lethe::server {

// As the proto has it beside `permission`; AUDIENCE_UNSPECIFIED for one that it does not know, or
// that nobody can hold.
v1::Audience AudienceOf(v1::Permission permission);

// Whether `principal` may do what needs `permission`. Today everybody may who is of its audience;
// roles will narrow that, and never widen it.
bool Allows(const vault::Principal& principal, v1::Permission permission);

}  // namespace lethe::server

#endif  // LETHE_SERVER_DOOR_PERMISSION_H_
