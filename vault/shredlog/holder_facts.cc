#include "vault/shredlog/holder_facts.h"

#include <algorithm>

#include "base/codec.h"
#include "base/reason.h"
#include "base/status_macros.h"
#include "vault/rows/row_schema.h"

namespace lethe::vault::shredlog {
namespace {

constexpr std::uint8_t kFormat = 1;
constexpr char kRow[] = "keytree.holders";

}  // namespace

bool HolderFacts::IsRetired(const std::string& holder) const {
  return std::ranges::find(retired, holder) != retired.end();
}

void HolderFacts::OpenHorizon(const holders::ServiceKey& key) {
  if (std::ranges::find(horizons, key) == horizons.end()) horizons.push_back(key);
}

std::string FormerFileOf(const std::string& holder) { return "a former file of " + holder; }

absl::StatusOr<HolderFacts> LoadHolderFacts(const storage::Engine& engine) {
  HolderFacts facts;
  const auto row = engine.Get(table::kMeta, kRow);
  if (absl::IsNotFound(row.status())) return facts;
  LETHE_TRY(row.status());
  ByteReader in(*row);
  if (in.U8() != kFormat) {
    return Refuse(Reason::kUnsupportedFormat,
                  "the row about holders has a format this version does not know");
  }
  for (std::uint8_t left = in.U8(); left > 0 && in.ok(); --left) {
    facts.retired.emplace_back(in.Short());
  }
  for (std::uint8_t left = in.U8(); left > 0 && in.ok(); --left) {
    std::string service(in.Short());
    facts.horizons.push_back({std::move(service), std::string(in.Short())});
  }
  HolderFacts::Asked asked;
  asked.holder = in.Short();
  asked.by =
      ArrayFrom<std::tuple_size_v<PrincipalMac>>(in.Raw(asked.by.size())).value_or(PrincipalMac{});
  asked.when = absl::FromUnixMicros(in.I64());
  LETHE_TRY(in.Finish());
  if (!asked.holder.empty()) facts.asked = std::move(asked);
  return facts;
}

void StoreHolderFacts(const HolderFacts& facts, storage::Batch& change) {
  const HolderFacts::Asked asked = facts.asked.value_or(HolderFacts::Asked{});
  ByteWriter out;
  out.U8(kFormat).U8(static_cast<std::uint8_t>(facts.retired.size()));
  for (const std::string& holder : facts.retired) out.Short(holder);
  out.U8(static_cast<std::uint8_t>(facts.horizons.size()));
  for (const holders::ServiceKey& key : facts.horizons) out.Short(key.service).Short(key.key_id);
  out.Short(asked.holder).Raw(asked.by);
  out.I64(facts.asked.has_value() ? absl::ToUnixMicros(asked.when) : 0);
  change.Put(table::kMeta, kRow, out.Take());
}

}  // namespace lethe::vault::shredlog
