// What lethed needs of the disk: the data folder, room, and holders that can forget.
#ifndef LETHE_CLI_DOCTOR_STORAGE_CHECKS_H_
#define LETHE_CLI_DOCTOR_STORAGE_CHECKS_H_

#include <string>

#include "cli/doctor/finding.h"

namespace lethe::cli {

// There, its owner's alone, and on a local disk.
Finding CheckDataFolder(const std::string& path);
// Enough for a while, and more than lethed keeps in reserve.
Finding CheckFreeSpace(const std::string& path);
// One holder file: there, its owner's alone, and its file system overwrites in place. A development
// vault (`dev`) does without the last, and says so on its receipts.
Finding CheckHolder(const std::string& path, bool dev);

}  // namespace lethe::cli

#endif  // LETHE_CLI_DOCTOR_STORAGE_CHECKS_H_
