#include "server/start/lookout.h"

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <optional>

#include "base/memory/heap.h"

namespace lethe::server {
namespace {

std::optional<std::int64_t> MemoryLimit(const ServerConfig& config) {
  if (config.limits.process_mb == 0) return CgroupLimit();
  return std::int64_t{config.limits.process_mb} << 20;
}

}  // namespace

Lookout::Lookout(const ServerConfig& config, vault::Vault& vault, const Server& server,
                 const Log& log)
    : vault_(vault),
      server_(server),
      memory_(MemoryLimit(config)),
      log_(log),
      chores_(log),
      alarms_(log) {}

Outlook Lookout::Look() {
  vault::VaultStatus status = vault_.operations().Status();
  chores_.Look(status.chores);
  std::ranges::move(server_.Alarms(), std::back_inserter(status.alarms));
  alarms_.Look(status.alarms);
  log_.WriteLeftOut();
  // First, since it is the one that no orderly end can follow.
  if (deaf_.IsDeaf(server_.ListenersSilentFor())) return Outlook::kDeaf;
  if (status.sealed) return Outlook::kSealed;
  return MemoryIsEnough() ? Outlook::kFair : Outlook::kMemoryFull;
}

// False: the kernel would soon kill this process. It ends in its own way and is started again.
bool Lookout::MemoryIsEnough() {
  if (memory_.ShouldGiveBack(ResidentBytes())) GiveBackFreeMemory();
  const std::int64_t resident = ResidentBytes();
  if (!memory_.IsFull(resident)) return true;
  log_.Write(Level::kError, "memory_full",
             {{"resident_mb", resident >> 20}, {"limit_mb", memory_.limit().value_or(0) >> 20}});
  return false;
}

}  // namespace lethe::server
