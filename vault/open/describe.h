// vault.json anew, where it is lost or damaged and the vault itself, database, holders and archive,
// is whole.
//
// It holds nothing that cannot be had again: which vault this is stands in its holders and its
// archive, and where those are the operator knows. Nothing is taken on trust that can be compared.
#ifndef LETHE_VAULT_OPEN_DESCRIBE_H_
#define LETHE_VAULT_OPEN_DESCRIBE_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "base/clock.h"
#include "base/random.h"
#include "vault/archive/archive.h"
#include "vault/model/holder_spec.h"
#include "vault/open/descriptor.h"

namespace lethe::vault {

namespace holders {
class KeyService;
}

struct DescribeOptions {
  std::string data_dir;             // Of the vault; no server runs.
  std::vector<HolderSpec> holders;  // All of the vault's, in the order of init.
  std::string archive_dir;          // The vault's own; empty: it has none.
  // As at init. A vault whose last shred was one for development stays one without.
  bool dev = false;
  // As the server has them (OpenOptions); they outlive the call.
  std::vector<holders::KeyService*> key_services = {};
};

// What vault.json would say, without the vault's id. INVALID_ARGUMENT: no holder, more than three,
// or one twice.
absl::StatusOr<Descriptor> PlanDescriptor(const DescribeOptions& options,
                                          const std::string& data_dir);
// The archive that the operator names. NOT_FOUND: none is there. FAILED_PRECONDITION: it is of
// another vault than the holders. DATA_LOSS: damaged.
absl::StatusOr<std::unique_ptr<archive::Archive>> OpenGivenArchive(const std::string& folder,
                                                                   const VaultId& vault);

struct Described {
  Descriptor descriptor;         // As it was written.
  std::uint64_t position = 0;    // Of the journal.
  std::uint64_t generation = 0;  // Of the root.
};

// Compares first and changes nothing; then opens the vault once, so that one that cannot be served
// is found out now (what a start settles is settled), and writes vault.json last. Of several
// holders those that are not there are named in it all the same, as a start knows them: in their
// place, which gives them their names; a retired one too.
//   ALREADY_EXISTS: a vault.json that can be read is there, or a server has the vault.
//   INVALID_ARGUMENT: no holder, more than three, or one twice.
//   NOT_FOUND: no database, no holder's file, no archive where it is said to be.
//   FAILED_PRECONDITION: holders, archive or database are of different vaults, or the database
//   knows a holder in force that is not named (kHolderNeeded).
//   DATA_LOSS (kChainBroken): the archive does not lead on from the database, or is damaged;
//   (kLeafLost): no holder opens the database. UNAVAILABLE (kHolderUnreachable): OpenVault's.
absl::StatusOr<Described> DescribeVault(const DescribeOptions& options, Clock& clock,
                                        Random& random);

}  // namespace lethe::vault

#endif  // LETHE_VAULT_OPEN_DESCRIBE_H_
