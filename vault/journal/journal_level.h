// Brings an engine and its archive to the same position when a vault is opened.
#ifndef LETHE_VAULT_JOURNAL_JOURNAL_LEVEL_H_
#define LETHE_VAULT_JOURNAL_JOURNAL_LEVEL_H_

#include <cstdint>
#include <functional>

#include "absl/status/status.h"
#include "base/ids.h"
#include "storage/engine.h"
#include "vault/archive/append_file.h"
#include "vault/archive/archive.h"

namespace lethe::vault {

// Archive ahead: the surplus is applied to the engine. Engine ahead: the frames that were never
// synced are appended to the archive. Afterwards both are synced up to the same sequence. DATA_LOSS
// (kChainBroken): neither leads to the other; nothing is changed. `progress`: told the sequence
// that the engine has reached, a frame at a time.
absl::Status LevelEngineAndArchive(
    storage::Engine& engine, archive::Archive& archive,
    const std::function<void(std::uint64_t)>& progress = [](std::uint64_t) {});

// Where an archive is lost, the engine has everything that was acknowledged; what the rest of the
// archive holds beyond it, it gets. DATA_LOSS (kChainBroken): the rest is ahead of the engine and
// does not follow it, so the engine is not of the vault's last state; nothing is changed.
absl::Status BringInTheRest(storage::Engine& engine, const archive::AppendFolder& rest,
                            const VaultId& vault);

}  // namespace lethe::vault

#endif  // LETHE_VAULT_JOURNAL_JOURNAL_LEVEL_H_
