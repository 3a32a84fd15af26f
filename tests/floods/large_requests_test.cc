// Callers that send requests as long as gRPC lets them through, many at once.
#include <gtest/gtest.h>

#include "tests/floods/flood_world.h"
#include "tests/system/made_up.h"
#include "tests/system/vault_folder.h"

namespace lethe::test {
namespace {

TEST(LargeRequestsTest, SixtyFourSenders) {
  auto world = FloodWorld::Make({});
  ASSERT_TRUE(world.ok()) << world.status();
  Rng rng(20261129, 0);
  const auto subject = (*world)->flooder().CreateSubject({}, rng.RequestId());
  ASSERT_TRUE(subject.ok()) << subject.error().ToText();
  const auto begin = [&] { return (*world)->Flood("requests", kTenant, *subject); };
  ExpectBounded("requests", Measure(**world, begin));
}

}  // namespace
}  // namespace lethe::test
