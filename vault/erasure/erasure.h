// Erasure (Art. 17): from what a plan says dies to the one shred that kills it.
//
// Which leaves, and why no others:
//   nothing is withheld    the subject's leaf and every category leaf. The subject's leaf is an
//                          input to the header and to every scope, request, identifier and act
//                          row, so their own leaves guard nothing once it is gone;
//                          records hang on category leaves, not on the subject's.
//   something is withheld  the category leaves that no law keeps, the leaves of the identifiers
//                          that no kept duty names, and the restrictions', if this request ends
//                          them.
// Record leaves are never among them: under a dead category leaf they guard nothing.
#ifndef LETHE_VAULT_ERASURE_ERASURE_H_
#define LETHE_VAULT_ERASURE_ERASURE_H_

#include <vector>

#include "absl/status/statusor.h"
#include "base/random.h"
#include "vault/erasure/receipt_store.h"
#include "vault/erasure/withholding.h"
#include "vault/keytree/key_tree.h"
#include "vault/model/erasure.h"
#include "vault/records/act_store.h"
#include "vault/records/subject_store.h"

namespace lethe::vault::erasure {

// An erase ready to run.
struct PreparedErase {
  Erasure erasure;                // Without its outcome.
  keytree::ShredRequest request;  // Without its event.
};

class Eraser {
 public:
  Eraser(const keytree::KeyTree& tree, const records::SubjectStore& subjects,
         const records::ActStore& acts, const records::IdentifierStore& identifiers,
         const ReceiptStore& receipts, Random& random)
      : tree_(tree),
        subjects_(subjects),
        acts_(acts),
        identifiers_(identifiers),
        receipts_(receipts),
        random_(random) {}

  // What the receipt will say: counts, categories, what is withheld.
  static Erasure Describe(const records::OpenSubject& subject, const ErasePlan& plan,
                          const EraseRequest& request, absl::Time now);
  // The nonce of an erase whose receipt was named before: the same each time, and gone with the
  // subject's key.
  static std::string NonceOf(const records::OpenSubject& subject, const ReceiptTag& receipt);
  // `subject` is left as the erase will leave it. `receipt`: the name that was given out for it;
  // none: a new one.
  absl::StatusOr<PreparedErase> Prepare(records::OpenSubject& subject, const ErasePlan& plan,
                                        const EraseRequest& request, absl::Time now,
                                        const ReceiptTag& receipt = {}) const;

 private:
  void ReplaceRows(records::OpenSubject& subject, const ErasePlan& plan,
                   const std::vector<records::Act>& ended, PreparedErase& prepared) const;
  absl::Status AddCommitments(PreparedErase& prepared) const;

  const keytree::KeyTree& tree_;
  const records::SubjectStore& subjects_;
  const records::ActStore& acts_;
  const records::IdentifierStore& identifiers_;
  const ReceiptStore& receipts_;
  Random& random_;
};

}  // namespace lethe::vault::erasure

#endif  // LETHE_VAULT_ERASURE_ERASURE_H_
