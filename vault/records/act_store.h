// Acts: a restriction with its ground and reason. Each has a leaf of its own, so that lifting it
// destroys what was written about it; the flag that enforces it stands in the subject's header.
//
// Row in table kAct, key tenant | subject | act:   U8 format | place 9 | sealed
//   sealed = AES-256-GCM(ActRowKey, U8 ground | time | review time | Short reason)
#ifndef LETHE_VAULT_RECORDS_ACT_STORE_H_
#define LETHE_VAULT_RECORDS_ACT_STORE_H_

#include <optional>

#include "absl/status/statusor.h"
#include "base/random.h"
#include "storage/engine.h"
#include "vault/keytree/key_tree.h"
#include "vault/model/restriction.h"
#include "vault/records/change.h"
#include "vault/records/subject_store.h"

namespace lethe::vault::records {

struct OpenAct {
  Restriction restriction;
  absl::Time time;
};

class ActStore {
 public:
  ActStore(const storage::Engine& engine, keytree::KeyTree& tree, Random& random)
      : engine_(engine), tree_(tree), random_(random) {}

  // nullopt: there is none, or it was lifted.
  absl::StatusOr<std::optional<OpenAct>> Find(const OpenSubject& subject, const ActTag& act) const;
  // Sets the restriction in the header, which must be put in the same change.
  absl::Status Restrict(OpenSubject& subject, const Restriction& restriction, absl::Time now,
                        Change& change) const;
  // Clears it in the header and deletes the row. The leaf returned is the caller's to shred.
  Place Lift(OpenSubject& subject, storage::Batch& change) const;

 private:
  const storage::Engine& engine_;
  keytree::KeyTree& tree_;
  Random& random_;
};

}  // namespace lethe::vault::records

#endif  // LETHE_VAULT_RECORDS_ACT_STORE_H_
