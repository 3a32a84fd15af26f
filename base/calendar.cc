#include "base/calendar.h"

#include <array>
#include <chrono>
#include <limits>
#include <optional>

#include "absl/time/civil_time.h"
#include "base/reason.h"

namespace lethe {
namespace {

namespace chrono = std::chrono;

constexpr std::string_view kUnits = "YMD";

// Reads digits without a leading zero (but "0") off the front of `rest`; nullopt for none of them
// or for more than `max`.
std::optional<int> TakeNumber(std::string_view& rest, int max) {
  std::size_t digits = 0;
  int value = 0;
  while (digits < rest.size() && rest[digits] >= '0' && rest[digits] <= '9') {
    value = value * 10 + (rest[digits] - '0');
    if (value > max) return std::nullopt;
    ++digits;
  }
  if (digits == 0 || (digits > 1 && rest[0] == '0')) return std::nullopt;
  rest.remove_prefix(digits);
  return value;
}

// The numbers before Y, M and D; nullopt if `text` is no duration of these.
std::optional<std::array<int, 3>> ReadUnits(std::string_view text) {
  static constexpr std::array<int, 3> kMax = {CalendarSpan::kYearsMax, CalendarSpan::kMonthsMax,
                                              CalendarSpan::kDaysMax};
  if (text.size() < 3 || text[0] != 'P') return std::nullopt;
  text.remove_prefix(1);
  std::array<int, 3> numbers{};
  std::size_t next_unit = 0;
  while (!text.empty()) {
    const auto number = TakeNumber(text, CalendarSpan::kDaysMax);
    if (!number.has_value() || text.empty()) return std::nullopt;
    const std::size_t unit = kUnits.find(text[0], next_unit);
    if (unit == std::string_view::npos || *number > kMax[unit]) return std::nullopt;
    numbers[unit] = *number;
    next_unit = unit + 1;
    text.remove_prefix(1);
  }
  return numbers;
}

// nullopt outside the years 1 to 9999, which no request can name.
std::optional<chrono::sys_days> LocalDate(absl::Time instant, const absl::TimeZone& zone) {
  const absl::CivilDay day = absl::ToCivilDay(instant, zone);
  if (day.year() < 1 || day.year() > 9999) return std::nullopt;
  return chrono::sys_days(chrono::year(static_cast<int>(day.year())) /
                          chrono::month(static_cast<unsigned>(day.month())) /
                          chrono::day(static_cast<unsigned>(day.day())));
}

chrono::sys_days AddMonthsClamped(chrono::sys_days date, int months) {
  chrono::year_month_day sum = chrono::year_month_day(date) + chrono::months(months);
  if (!sum.ok()) sum = sum.year() / sum.month() / chrono::last;
  return chrono::sys_days(sum);
}

absl::Time StartOfDay(chrono::sys_days date, const absl::TimeZone& zone) {
  const chrono::year_month_day ymd(date);
  return absl::FromCivil(absl::CivilDay(static_cast<int>(ymd.year()),
                                        static_cast<int>(static_cast<unsigned>(ymd.month())),
                                        static_cast<int>(static_cast<unsigned>(ymd.day()))),
                         zone);
}

}  // namespace

absl::StatusOr<CalendarSpan> CalendarSpan::Parse(std::string_view text) {
  const auto numbers = ReadUnits(text);
  if (!numbers.has_value()) {
    return Refuse(Reason::kFieldInvalid, "not a period of years, months and days", {}, "period");
  }
  CalendarSpan span;
  span.months_ = 12 * (*numbers)[0] + (*numbers)[1];
  span.days_ = (*numbers)[2];
  if (span.months_ > kMonthsMax) {
    return Refuse(Reason::kFieldInvalid, "period is longer than 200 years", {}, "period");
  }
  return span;
}

std::string CalendarSpan::ToString() const {
  std::string text = "P";
  if (months_ % 12 == 0 && months_ != 0) {
    text += std::to_string(months_ / 12) + "Y";
  } else if (months_ != 0) {
    text += std::to_string(months_) + "M";
  }
  if (days_ != 0 || months_ == 0) text += std::to_string(days_) + "D";
  return text;
}

absl::Time EndOfSpan(absl::Time anchor, const CalendarSpan& span, const absl::TimeZone& zone) {
  const auto date = LocalDate(anchor, zone);
  if (!date.has_value()) {
    return anchor < absl::UnixEpoch() ? absl::InfinitePast() : absl::InfiniteFuture();
  }
  const chrono::sys_days last_day =
      AddMonthsClamped(*date, span.months()) + chrono::days(span.days());
  return StartOfDay(last_day + chrono::days(1), zone);
}

std::int32_t LocalDay(absl::Time instant, const absl::TimeZone& zone) {
  using Limits = std::numeric_limits<std::int32_t>;
  const auto date = LocalDate(instant, zone);
  if (!date.has_value()) return instant < absl::UnixEpoch() ? Limits::min() : Limits::max();
  return static_cast<std::int32_t>(date->time_since_epoch().count());
}

}  // namespace lethe
