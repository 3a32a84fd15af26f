// A shred as it is asked for, and what came of it.
#ifndef LETHE_VAULT_KEYTREE_SHRED_H_
#define LETHE_VAULT_KEYTREE_SHRED_H_

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "crypto/kdf.h"
#include "storage/batch.h"
#include "vault/audit/event.h"
#include "vault/model/erasure.h"
#include "vault/model/keys.h"
#include "vault/rows/place.h"

namespace lethe::vault::keytree {

struct ShredOutcome;

// What is to die together, and what must be on disk when it has.
struct ShredRequest {
  std::vector<Place> leaves;  // At most kLeavesPerShredMax. One that is already dead is no error.
  audit::Event event;         // Stands with the PREPARED entry.
  std::string facts;          // For the shred log: tags, what was withheld (erasure/ encodes it).
  storage::Batch on_commit;   // Rides with COMMITTED, also when a restart finishes the attempt. No
                              // preconditions: it cannot fail.
  // What is to be signed once all of the outcome but its proof is known; empty: nothing. Called on
  // the committer's thread, perhaps after the caller has given up waiting.
  std::function<std::string(const ShredOutcome&)> statement;
};

struct ShredOutcome {
  std::uint64_t generation = 0;
  std::uint64_t log_sequence = 0;          // Of the PREPARED entry.
  std::uint64_t event_sequence = 0;        // Of the request's event.
  absl::Time key_death_time;               // When the last holder's old root was gone.
  Assurance assurance = Assurance::kNone;  // Of the weakest holder.
  // A key service could still open what old copies of a slot hold: its key version was not yet
  // attested as destroyed.
  bool horizon_open = false;
  std::vector<std::string> retired_holders;     // Given up; what they held was not destroyed.
  std::vector<crypto::Commitment> commitments;  // Of the leaves that died here, in request order.
  std::string statement;                        // What the request's callback said.
  BatchProof proof;                             // One signature for all statements of the attempt.
};

}  // namespace lethe::vault::keytree

#endif  // LETHE_VAULT_KEYTREE_SHRED_H_
