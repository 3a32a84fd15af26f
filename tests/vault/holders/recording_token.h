// A token whose keys are files of a folder, each made, synced and deleted in the one order of a
// DiskLog, so that a crash can fall between any two of its operations and the slots'.
#ifndef LETHE_TESTS_VAULT_HOLDERS_RECORDING_TOKEN_H_
#define LETHE_TESTS_VAULT_HOLDERS_RECORDING_TOKEN_H_

#include <memory>
#include <string>

#include "tests/support/disk_log.h"
#include "vault/holders/token_keys.h"

namespace lethe::test {

// `log` may be null: nothing is told.
std::unique_ptr<vault::holders::TokenKeys> RecordingToken(const std::string& folder,
                                                          std::shared_ptr<DiskLog> log);

}  // namespace lethe::test

#endif  // LETHE_TESTS_VAULT_HOLDERS_RECORDING_TOKEN_H_
