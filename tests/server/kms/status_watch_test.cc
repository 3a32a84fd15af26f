#include "server/kms/status_watch.h"

#include <gtest/gtest.h>

#include <deque>

#include "absl/time/clock.h"
#include "base/reason.h"
#include "tests/server/kms/kms_fixture.h"

namespace lethe::test {
namespace {

using server::kms::PluginClient;
using server::kms::Sighting;
using server::kms::StatusWatch;

constexpr absl::Duration kAtOnce = absl::Milliseconds(1);

// What a watch tells, in order.
class Told {
 public:
  StatusWatch::Observer observer() {
    return [this](const Sighting& sighting) {
      const absl::MutexLock lock(&mutex_);
      sightings_.push_back(sighting);
    };
  }
  // Waits for the next; an empty one after `kAmple`.
  Sighting Next() {
    const absl::MutexLock lock(&mutex_);
    const auto any = [this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) { return !sightings_.empty(); };
    if (!mutex_.AwaitWithTimeout(absl::Condition(&any), kAmple)) return {};
    Sighting next = sightings_.front();
    sightings_.pop_front();
    return next;
  }
  bool empty() {
    const absl::MutexLock lock(&mutex_);
    return sightings_.empty();
  }

 private:
  absl::Mutex mutex_;
  std::deque<Sighting> sightings_ ABSL_GUARDED_BY(mutex_);
};

class StatusWatchTest : public KmsFixture {
 protected:
  Told told_;
};

TEST_F(StatusWatchTest, EachChangeIsToldOnce) {
  PluginClient client(endpoint(), kAmple, random_);
  StatusWatch watch(client, {.healthy = kAtOnce, .unwell = kAtOnce}, told_.observer());
  const Sighting first = told_.Next();
  EXPECT_TRUE(first.health.ok()) << first.health;
  EXPECT_EQ(first.key_id, "root-1");
  ASSERT_TRUE(plugin().AwaitStatusCalls(5));
  EXPECT_TRUE(told_.empty());  // Nothing new in five answers.

  plugin().Rotate();
  EXPECT_EQ(told_.Next().key_id, "root-2");
  plugin().SetSpoil({.status = [](v2::StatusResponse& a) { a.set_healthz("no"); }});
  const Sighting unwell = told_.Next();
  EXPECT_EQ(ReasonOf(unwell.health), Reason::kHolderUnreachable);
  EXPECT_EQ(unwell.key_id, "root-2");  // The last that is known.
  EXPECT_EQ(watch.Last().health, unwell.health);
  plugin().SetSpoil({});
  EXPECT_TRUE(told_.Next().health.ok());
}

TEST_F(StatusWatchTest, AHealthyPluginIsLeftInPeaceForItsMinute) {
  PluginClient client(endpoint(), kAmple, random_);
  const StatusWatch watch(client, {.healthy = absl::Hours(1), .unwell = kAtOnce}, told_.observer());
  EXPECT_TRUE(told_.Next().health.ok());
  plugin().Rotate();
  for (int i = 0; i < 20; ++i) ASSERT_TRUE(client.GetStatus().ok());
  EXPECT_EQ(plugin().status_calls(), 21);  // These and the watch's one.
  // Asking for the last sighting asks nobody either.
  EXPECT_EQ(watch.Last().key_id, "root-1");
}

TEST_F(StatusWatchTest, AnUnwellOneIsAskedAgainSooner) {
  plugin().SetSpoil({.status = [](v2::StatusResponse& a) { a.set_healthz("no"); }});
  PluginClient client(endpoint(), kAmple, random_);
  const StatusWatch watch(client, {.healthy = absl::Hours(1), .unwell = kAtOnce}, told_.observer());
  EXPECT_FALSE(told_.Next().health.ok());
  plugin().SetSpoil({});
  EXPECT_TRUE(told_.Next().health.ok());
}

TEST_F(StatusWatchTest, ItEndsWhileThePluginIsSilent) {
  plugin().Hold();
  PluginClient client(endpoint(), kAmple, random_);
  const absl::Time start = absl::Now();
  { const StatusWatch watch(client, {}, told_.observer()); }
  EXPECT_LT(absl::Now() - start, kAmple / 2);
  EXPECT_TRUE(told_.empty());
}

TEST(StatusWatchPaceTest, IsThatOfKubernetes) {
  EXPECT_EQ(StatusWatch::Pace().healthy, absl::Seconds(60));
  EXPECT_EQ(StatusWatch::Pace().unwell, absl::Seconds(10));
}

}  // namespace
}  // namespace lethe::test
