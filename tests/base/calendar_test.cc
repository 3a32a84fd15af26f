#include "base/calendar.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>
#include <ostream>
#include <string>

#include "absl/time/civil_time.h"
#include "base/reason.h"

namespace lethe {
namespace {

absl::TimeZone Zone(const char* name) {
  absl::TimeZone zone;
  EXPECT_TRUE(absl::LoadTimeZone(name, &zone)) << name;
  return zone;
}

// A local day ("2026-06-30", its first instant) or an instant with an offset.
absl::Time At(const std::string& text, const absl::TimeZone& zone) {
  absl::CivilDay day;
  if (absl::ParseCivilTime(text, &day)) return absl::FromCivil(day, zone);
  absl::Time time;
  std::string error;
  EXPECT_TRUE(absl::ParseTime(absl::RFC3339_full, text, &time, &error)) << text << ": " << error;
  return time;
}

CalendarSpan P(std::string_view text) { return CalendarSpan::Parse(text).value(); }

std::string Utc(absl::Time time) {
  return absl::FormatTime("%Y-%m-%dT%H:%M:%SZ", time, absl::UTCTimeZone());
}

// Each row is a published case: its id there, the anchor, the period, and the end (exclusive).
struct Case {
  const char* id;
  const char* anchor;
  const char* period;
  const char* end;
};
void PrintTo(const Case& row, std::ostream* out) { *out << row.id; }

constexpr Case kRomeCases[] = {
    {"A-R1-1", "2026-06-30", "P0D", "2026-06-30T22:00:00Z"},
    {"A-R1-2 leap day", "2028-02-29", "P0D", "2028-02-29T23:00:00Z"},
    {"A-R1L-1", "2026-06-30", "P10Y", "2036-06-30T22:00:00Z"},
    {"A-R1L-2 leap day", "2028-02-29", "P10Y", "2038-02-28T23:00:00Z"},
    {"A-R2-1 month end", "2026-01-31T10:15:00+01:00", "P1M", "2026-02-28T23:00:00Z"},
    {"A-R2-2 leap year", "2028-01-30T23:59:59+01:00", "P1M", "2028-02-29T23:00:00Z"},
    {"A-R2-4 clocks go back", "2026-10-20T08:00:00+02:00", "P7D", "2026-10-27T23:00:00Z"},
    {"A-R2-6", "2026-05-10T08:00:00+02:00", "P7D", "2026-05-17T22:00:00Z"},
    {"A-R2-7", "2026-08-31T09:00:00+02:00", "P1M", "2026-09-30T22:00:00Z"},
    {"A-R3-1", "2026-03-31T18:00:00+02:00", "P1M", "2026-04-30T22:00:00Z"},
    {"A-R3-2", "2027-12-31T23:59:59.999+01:00", "P1M", "2028-01-31T23:00:00Z"},
    {"A-R4-1", "2026-01-15T11:00:00+01:00", "P10Y", "2036-01-15T23:00:00Z"},
    {"A-R4-2 leap day", "2028-02-29T16:00:00+01:00", "P10Y", "2038-02-28T23:00:00Z"},
    {"A-R5-1", "2026-12-31", "P0D", "2026-12-31T23:00:00Z"},
    {"A-R5-2", "2027-12-31", "P0D", "2027-12-31T23:00:00Z"},
    {"A-R6-1 leap day", "2028-02-29", "P1Y", "2029-02-28T23:00:00Z"},
    {"A-R6-2 clocks go forward", "2026-03-28", "P1Y", "2027-03-28T22:00:00Z"},
    {"B-R1-1", "2026-01-31", "P30D", "2026-03-02T23:00:00Z"},
    {"B-R1-2 leap year", "2028-01-31", "P30D", "2028-03-01T23:00:00Z"},
    {"B-R1-4", "2026-10-10", "P30D", "2026-11-09T23:00:00Z"},
    {"B-R2-1 no month end", "2027-02-28", "P12M", "2028-02-28T23:00:00Z"},
    {"B-R2-2 leap day", "2028-02-29", "P12M", "2029-02-28T23:00:00Z"},
    {"B-R3-1", "2026-04-30T12:00:00+02:00", "P10Y", "2036-04-30T22:00:00Z"},
    {"B-R3-2 leap day", "2024-02-29", "P10Y", "2034-02-28T23:00:00Z"},
    {"B-R4-1", "2027-02-28T07:00:00+01:00", "P12M", "2028-02-28T23:00:00Z"},
    {"B-R4-2", "2028-02-29T07:00:00+01:00", "P12M", "2029-02-28T23:00:00Z"},
    {"B-R5-1", "2026-02-28T09:00:00+01:00", "P2Y", "2028-02-28T23:00:00Z"},
    {"B-R5-2 leap day", "2028-02-29T23:59:00+01:00", "P2Y", "2030-02-28T23:00:00Z"},
    {"B-R5-4", "2027-01-15T09:00:00+01:00", "P2Y", "2029-01-15T23:00:00Z"},
    {"B-R6-1", "2026-07-31T17:00:00+02:00", "P3Y", "2029-07-31T22:00:00Z"},
    {"B-R6-2 leap day", "2028-02-29T17:00:00+01:00", "P3Y", "2031-02-28T23:00:00Z"},
    {"B-R8-1", "2026-08-31T12:00:00+02:00", "P12M", "2027-08-31T22:00:00Z"},
    {"B-R8-2 leap day", "2028-02-29T12:00:00+01:00", "P12M", "2029-02-28T23:00:00Z"},
    {"X-7 before", "2026-08-20", "P1M", "2026-09-20T22:00:00Z"},
    {"X-7 after", "2026-09-02", "P3M", "2026-12-02T23:00:00Z"},
    {"DUE-1 promise", "2026-01-30", "P30D", "2026-03-01T23:00:00Z"},
    {"DUE-3 promise", "2026-03-06", "P30D", "2026-04-05T22:00:00Z"},
    {"NOT-2", "2026-05-01", "P15D", "2026-05-16T22:00:00Z"},
    {"combined: month clamped, then days", "2026-01-31", "P1M1D", "2026-03-01T23:00:00Z"},
};

class RomeTest : public testing::TestWithParam<Case> {};

TEST_P(RomeTest, SpanEndsWhenTheCaseSays) {
  const absl::TimeZone rome = Zone("Europe/Rome");
  const absl::Time anchor = At(GetParam().anchor, rome);
  const absl::Time end = EndOfSpan(anchor, P(GetParam().period), rome);

  EXPECT_EQ(Utc(end), GetParam().end);
  // The same end from every instant of the anchor's local day.
  const absl::CivilDay day = absl::ToCivilDay(anchor, rome);
  const absl::Time last_instant = absl::FromCivil(day + 1, rome) - absl::Nanoseconds(1);
  EXPECT_EQ(EndOfSpan(absl::FromCivil(day, rome), P(GetParam().period), rome), end);
  EXPECT_EQ(EndOfSpan(last_instant, P(GetParam().period), rome), end);
  EXPECT_NE(EndOfSpan(last_instant + absl::Nanoseconds(1), P("P0D"), rome),
            EndOfSpan(last_instant, P("P0D"), rome));
}

INSTANTIATE_TEST_SUITE_P(Published, RomeTest, testing::ValuesIn(kRomeCases));

TEST(CalendarTest, TheSameInstantIsAnotherDayInAnotherZone) {
  const absl::Time instant = At("2026-03-31T23:30:00Z", absl::UTCTimeZone());

  EXPECT_EQ(Utc(EndOfSpan(instant, P("P1M"), absl::UTCTimeZone())), "2026-05-01T00:00:00Z");
  EXPECT_EQ(Utc(EndOfSpan(instant, P("P1M"), Zone("Europe/Rome"))), "2026-05-01T22:00:00Z");
  EXPECT_EQ(LocalDay(instant, Zone("Europe/Rome")), LocalDay(instant, absl::UTCTimeZone()) + 1);
}

TEST(CalendarTest, ASpanIsWrittenWithTheLargestUnitThatFits) {
  EXPECT_EQ(P("P120M").ToString(), "P10Y");
  EXPECT_EQ(P("P1Y6M").ToString(), "P18M");
  EXPECT_EQ(P("P1Y5D").ToString(), "P1Y5D");
  EXPECT_EQ(P("P0D").ToString(), "P0D");
}

TEST(CalendarTest, ADayWithoutMidnightBeginsAtItsFirstInstant) {
  // Clocks in São Paulo went from 2018-11-03 23:59:59 to 2018-11-04 01:00:00.
  const absl::TimeZone zone = Zone("America/Sao_Paulo");
  EXPECT_EQ(Utc(EndOfSpan(At("2018-11-02", zone), P("P1D"), zone)), "2018-11-04T03:00:00Z");
}

TEST(CalendarTest, MonthsAreAddedOnceSoAClampIsNotSticky) {
  const absl::TimeZone utc = absl::UTCTimeZone();
  static constexpr struct {
    const char* period;
    const char* end;
  } kRows[] = {{"P0M", "2026-02-01"},
               {"P1M", "2026-03-01"},
               {"P2M", "2026-04-01"},
               {"P3M", "2026-05-01"},
               {"P4M", "2026-06-01"}};
  for (const auto& row : kRows) {
    EXPECT_EQ(EndOfSpan(At("2026-01-31", utc), P(row.period), utc), At(row.end, utc)) << row.end;
  }
}

TEST(CalendarTest, LocalDayCountsFromTheEpoch) {
  const absl::TimeZone rome = Zone("Europe/Rome");
  EXPECT_EQ(LocalDay(absl::UnixEpoch(), absl::UTCTimeZone()), 0);
  EXPECT_EQ(LocalDay(At("1969-12-31", rome), rome), -1);
  EXPECT_EQ(LocalDay(At("2000-03-01", rome), rome), 11017);
  EXPECT_EQ(LocalDay(At("2026-06-30T23:59:59.999+02:00", rome), rome),
            LocalDay(At("2026-06-30", rome), rome));
}

TEST(CalendarTest, WhatIsInfinitelyFarStaysThere) {
  const absl::TimeZone rome = Zone("Europe/Rome");
  EXPECT_EQ(EndOfSpan(absl::InfiniteFuture(), P("P1M"), rome), absl::InfiniteFuture());
  EXPECT_EQ(EndOfSpan(absl::InfinitePast(), P("P1M"), rome), absl::InfinitePast());
  EXPECT_EQ(LocalDay(absl::InfiniteFuture(), rome), std::numeric_limits<std::int32_t>::max());
  EXPECT_EQ(LocalDay(absl::InfinitePast(), rome), std::numeric_limits<std::int32_t>::min());
}

TEST(CalendarSpanTest, ReadsYearsMonthsAndDays) {
  EXPECT_EQ(P("P30D").days(), 30);
  EXPECT_EQ(P("P12M").months(), 12);
  EXPECT_EQ(P("P10Y").months(), 120);
  EXPECT_EQ(P("P1Y2M3D").months(), 14);
  EXPECT_EQ(P("P1Y2M3D").days(), 3);
  EXPECT_EQ(P("P0D"), CalendarSpan());
  EXPECT_EQ(P("P1Y"), P("P12M"));
  EXPECT_EQ(P("P200Y").months(), CalendarSpan::kMonthsMax);
}

TEST(CalendarSpanTest, PrintsWhatParseReadsBack) {
  EXPECT_EQ(P("P0D").ToString(), "P0D");
  EXPECT_EQ(P("P1Y2M3D").ToString(), "P14M3D");
  for (const char* text : {"P30D", "P12M", "P1M", "P10Y", "P7M40D"}) {
    EXPECT_EQ(P(P(text).ToString()), P(text)) << text;
  }
}

TEST(CalendarSpanTest, RefusesWhatIsNoWholeSpan) {
  for (const char* text : {"",        "P",
                           "PD",      "30D",
                           "P30",     "P30d",
                           "p30D",    "P-1D",
                           "P+1D",    "P1.5M",
                           "P1W",     "PT1H",
                           "P1DT1H",  "P1D2D",
                           "P1D1M",   "P1M1Y",
                           "P01D",    "P00D",
                           " P1D",    "P1D ",
                           "P1 D",    "P201Y",
                           "P2401M",  "P73201D",
                           "P200Y1M", "P99999999999999999999D",
                           "P1Y2"}) {
    const auto period = CalendarSpan::Parse(text);
    EXPECT_EQ(ReasonOf(period.status()), Reason::kFieldInvalid) << "'" << text << "'";
  }
  EXPECT_FALSE(CalendarSpan::Parse(std::string_view("P1D\0", 4)).ok());
}

}  // namespace
}  // namespace lethe
