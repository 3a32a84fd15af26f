// Request ids: what makes it harmless to send a change twice.
#ifndef LETHE_CLI_CONNECT_REQUEST_ID_H_
#define LETHE_CLI_CONNECT_REQUEST_ID_H_

#include <cstdint>
#include <string>

#include "crypto/hash.h"

namespace lethe::cli {

// A fresh one (UUID version 4), for one intended change.
std::string NewRequestId();

// The one that line `line` of the file with this digest always gets (laid out as a UUID of version
// 5, from SHA-256): a chunk sent again changes nothing more.
std::string RequestIdOfLine(const crypto::Digest& file, std::int64_t line);

}  // namespace lethe::cli

#endif  // LETHE_CLI_CONNECT_REQUEST_ID_H_
