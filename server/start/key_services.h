// The key services of the configuration, each with its watch, and what the watches see in the log.
#ifndef LETHE_SERVER_START_KEY_SERVICES_H_
#define LETHE_SERVER_START_KEY_SERVICES_H_

#include <memory>
#include <vector>

#include "base/random.h"
#include "server/kms/kms_service.h"
#include "server/start/config.h"
#include "server/telling/log.h"

namespace lethe::server {

using KeyServices = std::vector<std::unique_ptr<kms::KmsService>>;

// In their order. Asks none of them for an answer yet. `log` and `random` outlive them. Events:
// key_service with the key it seals with, at first and when it was rotated (the operator's cue for
// a step of the horizon), and key_service_unwell.
KeyServices ConnectKeyServices(const ServerConfig& config, const Log& log, Random& random);

}  // namespace lethe::server

#endif  // LETHE_SERVER_START_KEY_SERVICES_H_
