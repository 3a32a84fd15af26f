// Subjects: reading and changing their headers.
#ifndef LETHE_VAULT_RECORDS_SUBJECT_STORE_H_
#define LETHE_VAULT_RECORDS_SUBJECT_STORE_H_

#include <string>

#include "absl/status/statusor.h"
#include "base/random.h"
#include "storage/engine.h"
#include "vault/keytree/key_tree.h"
#include "vault/policy/decision.h"
#include "vault/records/change.h"
#include "vault/records/key_cache.h"
#include "vault/records/subject_header.h"
#include "vault/records/tenants.h"

namespace lethe::vault::records {

// A subject with its header opened; what every act on one starts from. Valid while the caller holds
// the subject's lock.
struct OpenSubject {
  const Tenant* tenant = nullptr;
  SubjectTag tag;
  std::string row_key;
  std::string row;  // As read; empty for one not written yet.
  Place leaf;
  Secret key;  // SubjectKey.
  SubjectHeader header;
};

policy::SubjectFacts FactsOf(const SubjectHeader& header);
std::string EtagOf(const SubjectHeader& header);
Subject ToSubject(const OpenSubject& subject);

// Thread-safe, like everything it stands on; locks are the caller's.
class SubjectStore {
 public:
  SubjectStore(const storage::Engine& engine, keytree::KeyTree& tree, KeyCache& cache,
               Random& random)
      : engine_(engine), tree_(tree), cache_(cache), random_(random) {}

  // NOT_FOUND (kResourceNotFound, kSubjectErased); DATA_LOSS (kLeafLost).
  absl::StatusOr<OpenSubject> Load(const Tenant& tenant, const SubjectTag& tag) const;
  // The same from a row that a scan has read.
  absl::StatusOr<OpenSubject> Open(const Tenant& tenant, const SubjectTag& tag,
                                   std::string row) const;

  // A new subject with a leaf of its own; Put it when its other rows are drawn.
  absl::StatusOr<OpenSubject> Draft(const Tenant& tenant, absl::Time now, Change& change) const;
  // Writes the header with its counter one up and a fresh etag, if nobody changed it meanwhile.
  void Put(OpenSubject& subject, storage::Batch& change) const;
  // The same in a batch that cannot fail: an erase has the subject to itself.
  void PutUnconditionally(OpenSubject& subject, storage::Batch& change) const;

 private:
  absl::StatusOr<Secret> KeyOf(const Tenant& tenant, const SubjectTag& tag,
                               const Place& leaf) const;

  const storage::Engine& engine_;
  keytree::KeyTree& tree_;
  KeyCache& cache_;
  Random& random_;
};

}  // namespace lethe::vault::records

#endif  // LETHE_VAULT_RECORDS_SUBJECT_STORE_H_
