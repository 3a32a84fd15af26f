// What the shred log says about holders beside the roots: who was given up, which key versions of a
// service may still open old slots, and who wants to give a holder up. A row of its own (kMeta),
// written with the log's entries, so that no start has to read the log.
//
//   row = U8 format 1, U8 n * Short retired holder, U8 n * (Short service, Short key id),
//         Short holder asked for (empty: none), 16 MAC of who asked, I64 when in us
#ifndef LETHE_VAULT_SHREDLOG_HOLDER_FACTS_H_
#define LETHE_VAULT_SHREDLOG_HOLDER_FACTS_H_

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "storage/batch.h"
#include "storage/engine.h"
#include "vault/holders/holder.h"

namespace lethe::vault::shredlog {

using PrincipalMac = std::array<std::uint8_t, 16>;

struct HolderFacts {
  struct Asked {
    std::string holder;
    PrincipalMac by{};
    absl::Time when;
  };

  std::vector<std::string> retired;           // Holders, and what FormerFileOf calls.
  std::vector<holders::ServiceKey> horizons;  // Open ones.
  std::optional<Asked> asked;

  bool IsRetired(const std::string& holder) const;
  void OpenHorizon(const holders::ServiceKey& key);
};

// What receipts call a file that a holder was moved away from, and that may keep a root of it.
std::string FormerFileOf(const std::string& holder);

// A vault without the row has no such facts.
absl::StatusOr<HolderFacts> LoadHolderFacts(const storage::Engine& engine);
void StoreHolderFacts(const HolderFacts& facts, storage::Batch& change);

}  // namespace lethe::vault::shredlog

#endif  // LETHE_VAULT_SHREDLOG_HOLDER_FACTS_H_
