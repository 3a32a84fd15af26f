// The Data facet, put together from its calls.
#ifndef LETHE_VAULT_DATA_DATA_CALLS_H_
#define LETHE_VAULT_DATA_DATA_CALLS_H_

#include "vault/calls/desk.h"
#include "vault/data/change_calls.h"
#include "vault/data/import_calls.h"
#include "vault/data/record_calls.h"
#include "vault/data/subject_calls.h"

namespace lethe::vault::data {

// Thread-safe.
class DataCalls final : public SubjectCalls,
                        public RecordCalls,
                        public ChangeCalls,
                        public ImportCalls {
 public:
  explicit DataCalls(calls::Desk& desk)
      : SubjectCalls(desk),
        RecordCalls(desk),
        ChangeCalls(desk, *this),
        ImportCalls(desk, *this, *this) {}
};

}  // namespace lethe::vault::data

#endif  // LETHE_VAULT_DATA_DATA_CALLS_H_
