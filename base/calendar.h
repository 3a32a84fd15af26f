// Legal calendar arithmetic. Periods are counted in a tenant's time zone the way Regulation (EEC,
// Euratom) No 1182/71 and civil codes count them: by local days, the anchor's own day left out.
// absl's civil time normalises (31 January + 1 month = 3 March), which is wrong in law, so months
// are added with std::chrono's calendar; absl knows the zones.
#ifndef LETHE_BASE_CALENDAR_H_
#define LETHE_BASE_CALENDAR_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace lethe {

// A CalendarSpan is a whole number of years, months and days, such as P10Y, P1M, P30D or P1Y6M.
// Years are twelve months each: P1Y and P12M are the same span.
class CalendarSpan {
 public:
  // Longer spans than a human life are mistakes in a policy.
  static constexpr int kYearsMax = 200;
  static constexpr int kMonthsMax = 12 * kYearsMax;
  static constexpr int kDaysMax = 366 * kYearsMax;

  CalendarSpan() = default;  // P0D.

  // Reads an ISO 8601 duration of years, months and days, each at most once and in that order.
  // INVALID_ARGUMENT (kFieldInvalid): anything else: weeks, times of day, fractions, signs,
  // leading zeros, nothing after the P, or more than the limits above.
  static absl::StatusOr<CalendarSpan> Parse(std::string_view text);

  int months() const { return months_; }
  int days() const { return days_; }
  // Whole years as P10Y, other months as P18M, then days; without the parts that are zero, P0D for
  // none. Parse reads it back.
  std::string ToString() const;

  friend bool operator==(const CalendarSpan&, const CalendarSpan&) = default;

 private:
  int months_ = 0;
  int days_ = 0;
};

// The instant at which a span that began at `anchor` is over (exclusive): 00:00 local time of the
// day after its last day. Months are added at once from the anchor's local date and clamped to the
// last day of the month, then the days by count. Where a change of clocks skips that midnight, the
// first instant of that day. Infinite anchors, and those before year 1 or after year 9999, stay
// infinitely far.
absl::Time EndOfSpan(absl::Time anchor, const CalendarSpan& span, const absl::TimeZone& zone);

// The local date of `instant` as days since 1970-01-01; int32's ends where infinitely far.
std::int32_t LocalDay(absl::Time instant, const absl::TimeZone& zone);

}  // namespace lethe

#endif  // LETHE_BASE_CALENDAR_H_
