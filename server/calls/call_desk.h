// What every call needs at hand. One for the whole server; outlives every call.
#ifndef LETHE_SERVER_CALLS_CALL_DESK_H_
#define LETHE_SERVER_CALLS_CALL_DESK_H_

#include <atomic>

#include "base/clock.h"
#include "base/random.h"
#include "server/calls/byte_budget.h"
#include "server/calls/stream_slots.h"
#include "server/calls/under_way.h"
#include "server/calls/worker_pool.h"
#include "server/door/access.h"
#include "server/door/method_table.h"
#include "server/telling/certificate_report.h"
#include "server/telling/log.h"
#include "server/telling/operator_files.h"
#include "vault/vault.h"

namespace lethe::server {

struct CallDesk {
  vault::Vault& vault;
  const MethodTable& methods;
  const Validator& validator;
  const Access& access;
  const Log& log;
  const Clock& clock;
  Random& random;
  // Apart, so that streams never starve reads, reads never hold up a right, and nobody's megabytes
  // take the workers of small calls.
  WorkerPool& data;
  WorkerPool& large;
  WorkerPool& rights;
  WorkerPool& streams;
  StreamSlots& stream_slots;
  // Set when the server ends: long streams stop at their next safe point.
  const std::atomic<bool>& draining;
  absl::Time start_time;
  const CertificateBoard& certificates;
  const OperatorFiles& files;
  UnderWay& under_way;
  ByteBudget& in_flight;
  // How long the server waits for a caller to read what it asked for.
  absl::Duration stalled;
};

}  // namespace lethe::server

#endif  // LETHE_SERVER_CALLS_CALL_DESK_H_
