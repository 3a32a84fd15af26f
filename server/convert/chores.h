// How the housekeeper's chores are, as a message.
#ifndef LETHE_SERVER_CONVERT_CHORES_H_
#define LETHE_SERVER_CONVERT_CHORES_H_

#include "lethe/v1/admin_service.pb.h"
#include "vault/model/chore_status.h"

namespace lethe::server {

void Fill(const vault::ChoreStatus& chore, v1::ChoreStatus* out);

}  // namespace lethe::server

#endif  // LETHE_SERVER_CONVERT_CHORES_H_
