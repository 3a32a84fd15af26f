// A change on its way to the journal: the batch, and the leaves drawn for it.
#ifndef LETHE_VAULT_RECORDS_CHANGE_H_
#define LETHE_VAULT_RECORDS_CHANGE_H_

#include <vector>

#include "storage/batch.h"
#include "vault/keytree/leaf.h"

namespace lethe::vault::records {

struct Change {
  storage::Batch batch;
  // Their groups stay open while these live, so keep the Change until the commit has returned, and
  // drop it before asking for a shred.
  std::vector<keytree::LeafDraft> drafts;
};

}  // namespace lethe::vault::records

#endif  // LETHE_VAULT_RECORDS_CHANGE_H_
