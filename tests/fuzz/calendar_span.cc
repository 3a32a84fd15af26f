// A calendar span: written out and read back it is the same, and it never ends before it began.
#include "base/calendar.h"
#include "tests/fuzz/fuzz_target.h"

namespace lethe::fuzz {

LETHE_FUZZ_TARGET(calendar_span) {
  const auto parsed = CalendarSpan::Parse(AsText(input));
  if (!parsed.ok()) return Refused(parsed.status());
  LETHE_CHECK(parsed->months() >= 0 && parsed->months() <= CalendarSpan::kMonthsMax);
  LETHE_CHECK(parsed->days() >= 0 && parsed->days() <= CalendarSpan::kDaysMax);
  const auto again = CalendarSpan::Parse(parsed->ToString());
  LETHE_CHECK(again.ok() && *again == *parsed);

  absl::TimeZone zone;
  LETHE_CHECK(absl::LoadTimeZone("Europe/Rome", &zone));
  // The epoch, a leap day, the night a clock goes forward, and the last year there is.
  for (const std::int64_t seconds : {0L, 1'709'164'800L, 1'774'745'999L, 253'370'764'800L}) {
    const absl::Time anchor = absl::FromUnixSeconds(seconds);
    LETHE_CHECK(EndOfSpan(anchor, *parsed, zone) > anchor);
  }
  return true;
}

}  // namespace lethe::fuzz
