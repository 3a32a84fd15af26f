// Subjects: reading and changing their headers.
#ifndef LETHE_VAULT_RECORDS_SUBJECT_STORE_H_
#define LETHE_VAULT_RECORDS_SUBJECT_STORE_H_

#include <string>

#include "absl/status/statusor.h"
#include "base/random.h"
#include "storage/engine.h"
#include "vault/keytree/key_tree.h"
#include "vault/memory/key_cache.h"
#include "vault/records/act_store.h"
#include "vault/records/change.h"
#include "vault/records/open_subject.h"

namespace lethe::vault::records {

// Thread-safe, like everything it stands on; locks are the caller's.
class SubjectStore {
 public:
  SubjectStore(const storage::Engine& engine, keytree::KeyTree& tree, const ActStore& acts,
               memory::KeyCache& cache, Random& random)
      : engine_(engine), tree_(tree), acts_(acts), cache_(cache), random_(random) {}

  // NOT_FOUND (kResourceNotFound, kSubjectErased); DATA_LOSS (kLeafLost; kDecryptFailed, also where
  // the acts in force are not those that the header knows).
  absl::StatusOr<OpenSubject> Load(const tenants::Tenant& tenant, const SubjectTag& tag) const;
  // The same with no acts read, for whoever decides nothing and changes nothing: a damaged act must
  // not make a whole tenant's identifiers unsure.
  absl::StatusOr<OpenSubject> LoadWithoutActs(const tenants::Tenant& tenant,
                                              const SubjectTag& tag) const;

  // A new subject with a leaf of its own; Put it when its other rows are drawn.
  absl::StatusOr<OpenSubject> Draft(const tenants::Tenant& tenant, absl::Time now,
                                    Change& change) const;
  // Writes the header with its counter one up and a fresh etag, if nobody changed it meanwhile.
  void Put(OpenSubject& subject, storage::Batch& change) const;
  // The same in a batch that cannot fail: an erase has the subject to itself.
  void PutUnconditionally(OpenSubject& subject, storage::Batch& change) const;

 private:
  absl::StatusOr<OpenSubject> Open(const tenants::Tenant& tenant, const SubjectTag& tag,
                                   std::string row) const;
  absl::StatusOr<Secret> KeyOf(const tenants::Tenant& tenant, const SubjectTag& tag,
                               const Place& leaf) const;

  const storage::Engine& engine_;
  keytree::KeyTree& tree_;
  const ActStore& acts_;
  memory::KeyCache& cache_;
  Random& random_;
};

}  // namespace lethe::vault::records

#endif  // LETHE_VAULT_RECORDS_SUBJECT_STORE_H_
