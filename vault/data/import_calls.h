// Import: many records in one call, each a commit of its own, all of them durable when it returns.
#ifndef LETHE_VAULT_DATA_IMPORT_CALLS_H_
#define LETHE_VAULT_DATA_IMPORT_CALLS_H_

#include <span>
#include <vector>

#include "vault/data/record_calls.h"
#include "vault/data/subject_calls.h"
#include "vault/model/caller.h"
#include "vault/model/import.h"
#include "vault/vault.h"

namespace lethe::vault::data {

class ImportCalls : public virtual Data {
 public:
  ImportCalls(calls::Desk& desk, SubjectCalls& subjects, RecordCalls& records)
      : desk_(desk), stores_(desk.stores), subjects_(subjects), records_(records) {}

  std::vector<absl::StatusOr<ImportedRecord>> Import(const Caller& caller,
                                                     std::span<const ImportItem> items) override;

 private:
  absl::StatusOr<ImportedRecord> ImportOne(const Caller& caller, const ImportItem& item);
  absl::StatusOr<calls::Target> ResolveOrCreate(calls::Call& call, const ImportItem& item);

  calls::Desk& desk_;
  calls::Stores& stores_;
  SubjectCalls& subjects_;
  RecordCalls& records_;
};

}  // namespace lethe::vault::data

#endif  // LETHE_VAULT_DATA_IMPORT_CALLS_H_
