// Identifiers: what callers know a person by. Each is a row with a leaf of its own, so that it can
// die alone; there is no index of them on disk.
//
// Row in table kIdentifier, key tenant | subject | row:   U8 format | place 9 | sealed
//   sealed = AES-256-GCM(IdentifierRowKey, Short type | Short value | zeros up to 64, 128 or 384)
//
// The padding is for the attacker who holds every old image: the size of a dead row must not tell
// an address of 17 letters from one of 18.
#ifndef LETHE_VAULT_RECORDS_IDENTIFIER_STORE_H_
#define LETHE_VAULT_RECORDS_IDENTIFIER_STORE_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "base/random.h"
#include "storage/engine.h"
#include "vault/keytree/key_tree.h"
#include "vault/model/subject.h"
#include "vault/records/change.h"
#include "vault/records/subject_store.h"

namespace lethe::vault::records {

struct OpenIdentifier {
  RowTag row;
  Place leaf;
  Identifier identifier;
};

class IdentifierStore {
 public:
  IdentifierStore(const storage::Engine& engine, keytree::KeyTree& tree, Random& random)
      : engine_(engine), tree_(tree), random_(random) {}

  // All of a subject's, in the order of their row tags.
  absl::StatusOr<std::vector<OpenIdentifier>> All(const OpenSubject& subject) const;
  // One of them, from a row that a scan has read.
  absl::StatusOr<OpenIdentifier> Open(const OpenSubject& subject, const storage::Row& row) const;
  // Does the subject have it?
  absl::StatusOr<bool> Has(const OpenSubject& subject, const Identifier& identifier) const;

  // Puts a new one; the header's spot and count must be put in the same change.
  absl::StatusOr<RowTag> Add(OpenSubject& subject, const Identifier& identifier,
                             Change& change) const;
  // Deletes the row; its leaf is the caller's to shred.
  void Remove(const OpenSubject& subject, const RowTag& row, storage::Batch& change) const;

 private:
  const storage::Engine& engine_;
  keytree::KeyTree& tree_;
  Random& random_;
};

}  // namespace lethe::vault::records

#endif  // LETHE_VAULT_RECORDS_IDENTIFIER_STORE_H_
