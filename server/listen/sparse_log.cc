#include "server/listen/sparse_log.h"

#include <utility>

namespace lethe::server {

void SparseLog::Count(std::string_view event, std::string_view why, absl::Duration now) {
  Kind& kind = kinds_[{event, why}];
  ++kind.count;
  if (now - kind.told >= kEvery) Flush(now);
}

void SparseLog::Flush(absl::Duration now) {
  for (auto& [name, kind] : kinds_) {
    if (kind.count == 0 || now - kind.told < kEvery) continue;
    log_.Write(Level::kWarn, name.first,
               {{"port", std::string_view(port_)}, {"why", name.second}, {"count", kind.count}});
    kind.count = 0;
    kind.told = now;
  }
}

}  // namespace lethe::server
