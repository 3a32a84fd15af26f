// The Archive over any AppendFolder: Archive::Create and Archive::Open are these on a folder of the
// machine.
#ifndef LETHE_VAULT_ARCHIVE_FOLDER_ARCHIVE_H_
#define LETHE_VAULT_ARCHIVE_FOLDER_ARCHIVE_H_

#include <cstdint>
#include <memory>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "base/ids.h"
#include "vault/archive/append_file.h"
#include "vault/archive/archive.h"

namespace lethe::vault::archive {

absl::Status CreateArchiveIn(AppendFolder& folder, const VaultId& vault);
absl::StatusOr<std::unique_ptr<Archive>> OpenArchiveIn(
    std::unique_ptr<AppendFolder> folder, const VaultId& vault,
    std::uint64_t segment_bytes_max = Archive::kSegmentBytesMax);

}  // namespace lethe::vault::archive

#endif  // LETHE_VAULT_ARCHIVE_FOLDER_ARCHIVE_H_
