// What lethed needs of the disk: the data folder, room, and holders that can forget.
#ifndef LETHE_CLI_DOCTOR_STORAGE_CHECKS_H_
#define LETHE_CLI_DOCTOR_STORAGE_CHECKS_H_

#include <string>

#include "cli/doctor/finding.h"
#include "vault/model/holder_spec.h"

namespace lethe::cli {

// There, its owner's alone, and on a local disk.
Finding CheckDataFolder(const std::string& path);
// Enough for a while, and more than lethed keeps in reserve.
Finding CheckFreeSpace(const std::string& path);
// One holder file: there, its owner's alone, and its file system overwrites in place. A development
// vault (`dev`) does without the last, and says so on its receipts.
Finding CheckHolder(const std::string& path, bool dev);
// What a token that seals a holder needs of this machine: its module, and a PIN that is its owner's
// alone. The token itself is not asked: a wrong PIN too often locks it.
Finding CheckToken(const vault::TokenSpec& token);

}  // namespace lethe::cli

#endif  // LETHE_CLI_DOCTOR_STORAGE_CHECKS_H_
