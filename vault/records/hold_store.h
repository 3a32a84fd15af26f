// Holds: a restriction outlives the secrets its records share with others. Before a period dies,
// the data key of each restricted record in it is sealed under the same derivation with the act's
// secret in the period's place; lifting the restriction shreds the act, and the record with it.
//
// Row in table kHold, key tenant | subject | record:
//   U8 format | place 9 of the act's leaf | sealed
//   sealed = AES-256-GCM(hold key, data key 32)
//   hold key = DataKey with the act's secret for the period's
#ifndef LETHE_VAULT_RECORDS_HOLD_STORE_H_
#define LETHE_VAULT_RECORDS_HOLD_STORE_H_

#include <string>

#include "absl/status/statusor.h"
#include "base/memory/secret.h"
#include "storage/engine.h"
#include "vault/keytree/place.h"

namespace lethe::vault::records {

using keytree::Place;

class HoldStore {
 public:
  explicit HoldStore(const storage::Engine& engine) : engine_(engine) {}

  static void Put(const std::string& record_key, const Place& act_leaf, const Secret& hold_key,
                  const Secret& data_key, storage::Batch& change);
  // Is the record held by this act? One of an earlier act holds nothing any more.
  absl::StatusOr<bool> Has(const std::string& record_key, const Place& act_leaf) const;
  // The data key. NOT_FOUND (kResourceNotFound): not held by this act.
  absl::StatusOr<Secret> Open(const std::string& record_key, const Place& act_leaf,
                              const Secret& hold_key) const;
  // Is any record whose key begins so held, by whatever act?
  absl::StatusOr<bool> AnyBelow(const std::string& subject_key) const;

 private:
  const storage::Engine& engine_;
};

}  // namespace lethe::vault::records

#endif  // LETHE_VAULT_RECORDS_HOLD_STORE_H_
