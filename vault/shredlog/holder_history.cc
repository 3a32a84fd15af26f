#include "vault/shredlog/holder_history.h"

#include <string>
#include <vector>

#include "base/codec.h"

namespace lethe::vault::shredlog {
namespace {

holders::ServiceKey KeyOf(const std::string& fact) {
  ByteReader in(fact);
  std::string service(in.Short());
  return {std::move(service), std::string(in.Short())};
}

// Empty: nothing that was not given up before.
std::string GivenUpIn(const std::string& fact) {
  ByteReader in(fact);
  in.Short();
  in.U8();
  return std::string(in.Short());
}

}  // namespace

void TakeBack(const LogEntry& entry, HolderFacts& facts) {
  for (const std::string& fact : entry.facts) {
    if (entry.kind == EntryKind::kHolderRetired) {
      std::erase(facts.retired, std::string(ByteReader(fact).Short()));
    } else if (entry.kind == EntryKind::kHolderRejoined) {
      std::erase(facts.retired, GivenUpIn(fact));
    } else if (entry.kind == EntryKind::kHorizonStepped) {
      std::erase(facts.horizons, KeyOf(fact));
    } else if (entry.kind == EntryKind::kHorizonAttested) {
      facts.OpenHorizon(KeyOf(fact));
    }
  }
}

}  // namespace lethe::vault::shredlog
