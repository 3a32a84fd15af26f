// What a disk, or a hand, does to the files of a backup folder.
#ifndef LETHE_TESTS_VAULT_BACKUP_STORE_FAULT_H_
#define LETHE_TESTS_VAULT_BACKUP_STORE_FAULT_H_

#include <cstdint>
#include <string>

#include "vault/backup/store.h"

namespace lethe::test {

enum class StoreFault {
  kFlip,   // One bit, and nothing else of the file looks different: rot.
  kTouch,  // One bit by a program: the file's time tells of it.
  kCut,
  kEmpty,
  kRemove,
};
inline constexpr StoreFault kStoreFaults[] = {StoreFault::kFlip, StoreFault::kTouch,
                                              StoreFault::kCut, StoreFault::kEmpty,
                                              StoreFault::kRemove};
const char* NameOf(StoreFault fault);

// `number` chooses the bit, or how much is cut off.
void Inflict(StoreFault fault, const std::string& path, std::uint64_t number);

// Whether every file of it is there with the right bytes, by a way of reading of its own.
bool IsWhole(const vault::backup::BackupStore& store, const vault::backup::Manifest& manifest);

}  // namespace lethe::test

#endif  // LETHE_TESTS_VAULT_BACKUP_STORE_FAULT_H_
