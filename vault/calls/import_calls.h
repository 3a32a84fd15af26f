// Import: many records in one call, each a commit of its own, all of them durable when it returns.
#ifndef LETHE_VAULT_CALLS_IMPORT_CALLS_H_
#define LETHE_VAULT_CALLS_IMPORT_CALLS_H_

#include <span>
#include <vector>

#include "vault/calls/record_calls.h"
#include "vault/calls/subject_calls.h"
#include "vault/vault.h"

namespace lethe::vault::calls {

class ImportCalls {
 public:
  ImportCalls(Desk& desk, SubjectCalls& subjects, RecordCalls& records)
      : desk_(desk), s_(desk.s), subjects_(subjects), records_(records) {}

  std::vector<absl::StatusOr<ImportedRecord>> Import(const Caller& caller,
                                                     std::span<const ImportItem> items);

 private:
  absl::StatusOr<ImportedRecord> ImportOne(const Caller& caller, const ImportItem& item);
  absl::StatusOr<Target> ResolveOrCreate(Call& call, const ImportItem& item);

  Desk& desk_;
  Stores& s_;
  SubjectCalls& subjects_;
  RecordCalls& records_;
};

}  // namespace lethe::vault::calls

#endif  // LETHE_VAULT_CALLS_IMPORT_CALLS_H_
