// MACs of request bodies, to tell a replay from another request under the same id.
#ifndef LETHE_VAULT_CALLS_BODY_MAC_H_
#define LETHE_VAULT_CALLS_BODY_MAC_H_

#include "base/memory/secret.h"
#include "vault/model/record.h"
#include "vault/records/request_rows.h"

namespace lethe::vault::calls {

// Bodies that hold personal data are MACed under the category's key: a guess at erased data must
// not be checkable with what an old image and a living subject still have.
records::BodyMac BodyMacOf(const Secret& category_key, const NewRecord& record);
records::BodyMac BodyMacOf(const Secret& category_key, const RecordTag& record,
                           const std::string& etag, const RecordPatch& patch);
// One that does not.
records::BodyMac BodyMacOf(const Secret& key, std::string_view plain_fields);

}  // namespace lethe::vault::calls

#endif  // LETHE_VAULT_CALLS_BODY_MAC_H_
