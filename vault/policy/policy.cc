#include "vault/policy/policy.h"

#include <algorithm>

namespace lethe::vault::policy {
namespace {

bool Contains(const std::vector<std::string>& list, std::string_view name) {
  return std::ranges::find(list, name) != list.end();
}

}  // namespace

std::optional<absl::Time> EndOfDay(const Category& category, std::int32_t local_day,
                                   const absl::TimeZone& zone) {
  if (!category.counts_from_creation()) return std::nullopt;
  // Noon lies in its own local day in every zone, whatever a change of clocks does to midnight.
  const absl::CivilDay day = absl::CivilDay(1970, 1, 1) + local_day;
  return EndOfSpan(absl::FromCivil(absl::CivilHour(day) + 12, zone), *category.period, zone);
}

const Category* Policy::Find(std::string_view category) const {
  const auto found = std::ranges::find(categories_, category, &Category::name);
  return found == categories_.end() ? nullptr : &*found;
}

const Category* Policy::FindById(std::uint32_t id) const {
  const auto found = std::ranges::find(categories_, id, &Category::id);
  return found == categories_.end() ? nullptr : &*found;
}

std::optional<absl::Time> Policy::EraseTime(absl::Time now) const {
  if (!undo_window_.has_value()) return std::nullopt;
  return EndOfSpan(now, *undo_window_, time_zone_);
}

bool Policy::KnowsPurpose(std::string_view purpose) const {
  return all_purposes_ || Contains(purposes_, purpose);
}

bool Policy::Allows(std::string_view purpose, const Category& category) const {
  if (!KnowsPurpose(purpose)) return false;
  return category.purposes.empty() || Contains(category.purposes, purpose) ||
         ServesObligation(purpose, category);
}

bool Policy::ServesObligation(std::string_view purpose, const Category& category) const {
  return category.legal_obligation.has_value() &&
         Contains(category.legal_obligation->purposes, purpose);
}

bool Policy::ServesAnyObligation(std::string_view purpose) const {
  return std::ranges::any_of(
      categories_, [&](const Category& category) { return ServesObligation(purpose, category); });
}

std::optional<absl::Time> Policy::EndOf(const Category& category, absl::Time origin) const {
  if (!category.counts_from_creation()) return std::nullopt;
  return EndOfSpan(origin, *category.period, time_zone_);
}

}  // namespace lethe::vault::policy
