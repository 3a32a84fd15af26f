// Imports: many records in one call.
#ifndef LETHE_VAULT_MODEL_IMPORT_H_
#define LETHE_VAULT_MODEL_IMPORT_H_

#include <string>
#include <vector>

#include "base/ids.h"
#include "vault/model/record.h"
#include "vault/model/subject.h"

namespace lethe::vault {

// One line of an import.
struct ImportItem {
  SubjectRef subject;                   // An identifier not yet known makes a new subject.
  std::vector<Identifier> identifiers;  // Further ones for a new subject.
  NewRecord record;
  std::string request_id;  // Makes a repeated line harmless.
};

struct ImportedRecord {
  SubjectTag subject;
  RecordTag record;
  bool already_there = false;  // This line was imported before.
};

}  // namespace lethe::vault

#endif  // LETHE_VAULT_MODEL_IMPORT_H_
