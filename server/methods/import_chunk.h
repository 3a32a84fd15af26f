// The import of one chunk: every line is checked by itself, the sound ones go to the vault
// together, and each that fails is named with its reason.
#ifndef LETHE_SERVER_METHODS_IMPORT_CHUNK_H_
#define LETHE_SERVER_METHODS_IMPORT_CHUNK_H_

#include "lethe/v1/vault_service.pb.h"
#include "server/calls/call_desk.h"

namespace lethe::server {

// The values are taken out of `chunk`, which was admitted for `caller`; its items were not yet
// looked into.
v1::ImportRecordsResponse ImportOne(CallDesk& desk, const vault::Caller& caller,
                                    v1::ImportRecordsRequest& chunk);

}  // namespace lethe::server

#endif  // LETHE_SERVER_METHODS_IMPORT_CHUNK_H_
