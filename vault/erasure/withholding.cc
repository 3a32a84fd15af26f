#include "vault/erasure/withholding.h"

#include <algorithm>
#include <string>
#include <utility>

#include "base/status_macros.h"

namespace lethe::vault::erasure {
namespace {

// Bodies come along with a scan, up to 1 MiB each.
constexpr std::size_t kRowsPerScan = 32;

bool Keeps(const policy::Category& category, const std::string& identifier_type) {
  const auto& types = category.legal_obligation->keep_identifiers;
  return std::ranges::find(types, identifier_type) != types.end();
}

}  // namespace

std::int64_t ErasePlan::records_shredded() const {
  std::uint64_t records = 0;
  for (const records::Scope& scope : shredded) records += scope.records;
  return static_cast<std::int64_t>(records);
}

absl::StatusOr<ErasePlan> Withholding::Plan(const records::OpenSubject& subject,
                                            absl::Time now) const {
  ErasePlan plan;
  LETHE_ASSIGN(auto scopes, scopes_.All(subject));
  std::vector<const policy::Category*> duties;
  for (records::Scope& scope : scopes) {
    LETHE_ASSIGN(std::optional<Withheld> withheld, Of(subject, scope, now));
    if (!withheld.has_value()) {
      plan.shredded.push_back(std::move(scope));
      continue;
    }
    duties.push_back(subject.tenant->policy.FindById(scope.category_id));
    plan.withheld.push_back(*std::move(withheld));
    plan.kept.push_back(std::move(scope));
  }
  LETHE_ASSIGN(auto identifiers, identifiers_.All(subject));
  for (records::OpenIdentifier& opened : identifiers) {
    const bool kept = std::ranges::any_of(duties, [&](const policy::Category* category) {
      return Keeps(*category, opened.identifier.type);
    });
    (kept ? plan.identifiers_kept : plan.identifiers_gone).push_back(std::move(opened));
  }
  return plan;
}

absl::StatusOr<std::optional<Withheld>> Withholding::Of(const records::OpenSubject& subject,
                                                        const records::Scope& scope,
                                                        absl::Time now) const {
  const policy::Category* category = subject.tenant->policy.FindById(scope.category_id);
  if (category == nullptr || !category->legal_obligation.has_value() || scope.records == 0) {
    return std::optional<Withheld>();
  }
  const bool ahead = scope.without_end > 0 || (scope.last_end.has_value() && *scope.last_end > now);
  if (!ahead) return std::optional<Withheld>();
  Withheld withheld{.category = category->name,
                    .reference = category->legal_obligation->reference,
                    .record_count = static_cast<std::int64_t>(scope.records)};
  if (scope.without_end == 0) withheld.until = scope.last_end;
  // Some have ended already and wait for their period's death: only a look at each tells how many.
  if (scope.first_end.has_value() && *scope.first_end <= now) {
    LETHE_ASSIGN(withheld.record_count, CountLiving(subject, scope, now));
  }
  if (withheld.record_count == 0) return std::optional<Withheld>();
  return std::optional<Withheld>(std::move(withheld));
}

absl::StatusOr<std::int64_t> Withholding::CountLiving(const records::OpenSubject& subject,
                                                      const records::Scope& scope,
                                                      absl::Time now) const {
  std::int64_t living = 0;
  std::string after;
  while (true) {
    LETHE_ASSIGN(auto page, records_.NextPage(subject, after, kRowsPerScan));
    for (storage::Row& row : page.rows) {
      LETHE_ASSIGN(const auto found, records_.Describe(subject, std::move(row)));
      if (!found.has_value() || found->scope.selector != scope.selector) continue;
      const bool over = found->period.has_value() && !found->period->living;
      if (!over && (!found->end.has_value() || *found->end > now)) ++living;
    }
    if (page.last) return living;
  }
}

}  // namespace lethe::vault::erasure
