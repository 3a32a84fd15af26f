// vault.json: what a vault's folder says about itself, in clear. Written last at init, so a folder
// without it holds no vault; where it is lost, describe.h writes it anew.
//
//   {"format": 1, "vault_id": uuid, "holders": [holder, ...], "archive": path or null, "dev": bool}
//   holder = path, or {"type": "pkcs11", "module", "token", "pin_file", "slots": path}
//
// Paths inside the vault's folder are relative to it; others are absolute.
#ifndef LETHE_VAULT_OPEN_DESCRIPTOR_H_
#define LETHE_VAULT_OPEN_DESCRIPTOR_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "base/ids.h"
#include "vault/model/holder_spec.h"

namespace lethe::vault {

struct Descriptor {
  VaultId id;
  std::vector<HolderSpec> holders;
  std::optional<std::string> archive_dir;
  bool dev = false;
};

inline constexpr char kDescriptorFile[] = "vault.json";
inline constexpr char kDatabaseDir[] = "db";

// As a descriptor holds it. A relative path that cannot be resolved stays what it was.
std::string AbsolutePath(const std::string& path);
// What lies in the vault's own folder is named from there, so that the folder can be moved.
std::string Inside(const std::string& data_dir, const std::string& path);

std::string EncodeDescriptor(const Descriptor& descriptor);
// DATA_LOSS: not what EncodeDescriptor writes. kUnsupportedFormat.
absl::StatusOr<Descriptor> DecodeDescriptor(const std::string& text);

// Through a temporary file, synced, renamed, and the folder synced.
absl::Status WriteDescriptor(const std::string& data_dir, const Descriptor& descriptor);
// NOT_FOUND: no vault here. DATA_LOSS: it is damaged.
absl::StatusOr<Descriptor> ReadDescriptor(const std::string& data_dir);

}  // namespace lethe::vault

#endif  // LETHE_VAULT_OPEN_DESCRIPTOR_H_
