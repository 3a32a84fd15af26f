// Acts in force, a row each. Each has a leaf of its own, so that its end destroys what was written
// about it. The subject's header counts them and holds a digest over them: one that is missing or
// added is found out, and never read as "there is no restriction".
//
// Row in table kAct, key tenant | subject | act:   U8 format 2 | place 9 | sealed
//   sealed = AES-256-GCM(ActRowKey, U8 kind | U8 target | 16 zeros | time | what it says)
//   kind: ActKind                    target: 1 the person; the zeros are for the tag of another
//   what it says: the file of its kind in vault/acts/
// Digest = SHA-256("lethe.acts.v1", for each act by tag: act 16, SHA-256 of its row 32); zeros:
// none.
#ifndef LETHE_VAULT_RECORDS_ACT_STORE_H_
#define LETHE_VAULT_RECORDS_ACT_STORE_H_

#include <cstddef>
#include <set>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "base/random.h"
#include "storage/engine.h"
#include "vault/keytree/key_tree.h"
#include "vault/records/change.h"
#include "vault/records/open_subject.h"
#include "vault/rows/sealed_row.h"

namespace lethe::vault::records {

// Every read of a subject reads its acts, and nobody has more at once.
inline constexpr std::size_t kActsMax = 64;

// Thread-safe; the subject's lock is the caller's.
class ActStore {
 public:
  ActStore(const storage::Engine& engine, keytree::KeyTree& tree, Random& random)
      : engine_(engine), tree_(tree), random_(random) {}

  // Reads all acts of a subject whose header is open. DATA_LOSS (kDecryptFailed, kLeafLost): they
  // are not those that the header knows.
  absl::Status Load(OpenSubject& subject) const;
  // What an act of the subject says, in the words of its kind.
  absl::StatusOr<Plaintext> TextOf(const OpenSubject& subject, const Act& act) const;
  // The subjects of a tenant that have acts, whatever their kind.
  absl::StatusOr<std::set<SubjectTag>> SubjectsWithActs(const TenantTag& tenant) const;

  // The header must be put in the same change. FAILED_PRECONDITION (kTooMany).
  absl::StatusOr<ActTag> Add(OpenSubject& subject, ActKind kind, const Plaintext& text,
                             absl::Time now, Change& change) const;
  // The same; the leaf returned is the caller's to shred.
  Place Remove(OpenSubject& subject, const ActTag& act, storage::Batch& change) const;

 private:
  absl::StatusOr<Plaintext> OpenAct(const OpenSubject& subject, const std::string& key, Bytes row,
                                    Place& leaf) const;
  absl::StatusOr<Act> ReadAct(const OpenSubject& subject, const storage::Row& row) const;

  const storage::Engine& engine_;
  keytree::KeyTree& tree_;
  Random& random_;
};

}  // namespace lethe::vault::records

#endif  // LETHE_VAULT_RECORDS_ACT_STORE_H_
