// A vault's database anew from its archive alone, where there is no backup. An archive that begins
// with the vault's first commit holds every one.
#ifndef LETHE_VAULT_OPEN_REPLAY_H_
#define LETHE_VAULT_OPEN_REPLAY_H_

#include <cstdint>
#include <functional>

#include "absl/status/statusor.h"
#include "base/clock.h"
#include "base/random.h"
#include "vault/open/describe.h"

namespace lethe::vault {

// Makes `options.data_dir`, which must be empty, with a database of everything in the archive, and
// then what DescribeVault does: keys, rights and records are as of the archive's last commit, and
// whoever was erased stays erased, since the holders open nothing older than the last shred.
// Archive (but for a torn end, which is cut off) and holders are as after a start; whatever fails,
// the folder holds no vault and no database. `progress`: how many events are in the new database.
//   ALREADY_EXISTS: a server has the vault. INVALID_ARGUMENT: no archive. NOT_FOUND: none in the
//   folder given. FAILED_PRECONDITION: `data_dir` is not empty; the archive is of another vault
//   than the holders. DATA_LOSS: the archive is damaged; (kChainBroken): it begins behind the
//   vault's first commit, so that only a backup leads to it. DescribeVault's errors.
absl::StatusOr<Described> ReplayVault(const DescribeOptions& options, Clock& clock, Random& random,
                                      const std::function<void(std::uint64_t)>& progress);

}  // namespace lethe::vault

#endif  // LETHE_VAULT_OPEN_REPLAY_H_
