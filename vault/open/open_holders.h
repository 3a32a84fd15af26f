// The holders that a vault's descriptor names.
#ifndef LETHE_VAULT_OPEN_OPEN_HOLDERS_H_
#define LETHE_VAULT_OPEN_OPEN_HOLDERS_H_

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "base/random.h"
#include "vault/holders/holder.h"
#include "vault/holders/key_service.h"
#include "vault/open/descriptor.h"

namespace lethe::vault {

// What a descriptor names relative to the vault's folder, from anywhere.
std::string ResolvePath(const std::string& data_dir, const std::string& path);

// "file-1", "pkcs11-2": its kind and its place among the holders. Names stand in the shred log.
std::string HolderName(const Descriptor& descriptor, std::size_t index);

// FAILED_PRECONDITION: a file system cannot forget. ALREADY_EXISTS.
absl::Status CreateHolderFiles(const std::string& data_dir, const Descriptor& descriptor);

// One of several may be absent: it is reached for until it is there. A holder that is the only one
// must be there now. `services` and `random` outlive the holders.
absl::StatusOr<std::vector<std::unique_ptr<holders::Holder>>> OpenHolders(
    const std::string& data_dir, const Descriptor& descriptor,
    const std::vector<holders::KeyService*>& services, Random& random);

}  // namespace lethe::vault

#endif  // LETHE_VAULT_OPEN_OPEN_HOLDERS_H_
