#include "server/telling/version.h"

namespace lethe::server {

const char kVersion[] = LETHE_VERSION;

}  // namespace lethe::server
