#include "vault/memory/key_cache.h"

#include <vector>

#include "base/random.h"
#include "gtest/gtest.h"

namespace lethe::vault::memory {
namespace {

class KeyCacheTest : public ::testing::Test {
 protected:
  Secret Key(Place place, std::optional<Place> second = std::nullopt) {
    Secret key = Secret::Draw(random_);
    cache_.Remember(place, key, second);
    return key;
  }

  SystemRandom random_;
  KeyCache cache_{1'600};
};

TEST_F(KeyCacheTest, GivesBackWhatItWasGiven) {
  const Secret key = Key({7, 1});
  EXPECT_TRUE(cache_.Find({7, 1}).Equals(key));
  EXPECT_TRUE(cache_.Find({7, 2}).empty());
}

TEST_F(KeyCacheTest, ForgetsByTheLeafAndByTheSecondLeaf) {
  Key({1, 1}, Place{9, 9});
  Key({1, 2}, Place{9, 9});
  Key({1, 3}, Place{9, 8});
  Key({1, 4});
  const std::vector<Place> shredded = {{9, 9}, {1, 4}};
  cache_.Forget(shredded);
  EXPECT_TRUE(cache_.Find({1, 1}).empty());
  EXPECT_TRUE(cache_.Find({1, 2}).empty());
  EXPECT_FALSE(cache_.Find({1, 3}).empty());
  EXPECT_TRUE(cache_.Find({1, 4}).empty());
  EXPECT_EQ(cache_.size(), 1u);
}

TEST_F(KeyCacheTest, StaysWithinItsBoundAndKeepsWhatIsUsed) {
  Key({0, 0});
  for (std::uint64_t i = 1; i < 10'000; ++i) {
    Key({i, 0}, Place{i % 7, 1});
    ASSERT_FALSE(cache_.Find({0, 0}).empty()) << "used all the time, gone after " << i;
  }
  EXPECT_LE(cache_.size(), 1'600u);
  EXPECT_GE(cache_.size(), 1'500u);
}

}  // namespace
}  // namespace lethe::vault::memory
