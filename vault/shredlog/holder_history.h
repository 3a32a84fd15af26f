// What was true of the holders at an earlier entry of the shred log: the facts of now, with every
// entry since then taken back, the newest first.
#ifndef LETHE_VAULT_SHREDLOG_HOLDER_HISTORY_H_
#define LETHE_VAULT_SHREDLOG_HOLDER_HISTORY_H_

#include "vault/shredlog/holder_facts.h"
#include "vault/shredlog/shred_log.h"

namespace lethe::vault::shredlog {

// `facts` are those behind `entry`; afterwards they are those before it. Who wants to give a holder
// up is not in the log.
void TakeBack(const LogEntry& entry, HolderFacts& facts);

}  // namespace lethe::vault::shredlog

#endif  // LETHE_VAULT_SHREDLOG_HOLDER_HISTORY_H_
