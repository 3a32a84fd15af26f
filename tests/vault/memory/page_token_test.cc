#include "vault/memory/page_token.h"

#include <vector>

#include "base/random.h"
#include "gtest/gtest.h"
#include "tests/support/test_vault.h"

namespace lethe::vault::memory {
namespace {

using test::IsRefused;

class PageTokenTest : public ::testing::Test {
 protected:
  PageScope Scope() const {
    return {.tenant = tenant_,
            .subject = subject_,
            .category = "account",
            .purpose = "service",
            .principal = "one"};
  }

  SystemRandom random_;
  PageTokens tokens_{random_};
  const TenantTag tenant_ = TenantTag::Draw(random_);
  const SubjectTag subject_ = SubjectTag::Draw(random_);
};

TEST_F(PageTokenTest, LeadsBackToItsPosition) {
  const std::string token = tokens_.Seal(Scope(), {.change_counter = 7, .after = "key"});
  const auto position = tokens_.Open(Scope(), token);
  ASSERT_TRUE(position.ok());
  EXPECT_EQ(position->change_counter, 7u);
  EXPECT_EQ(position->after, "key");
  EXPECT_LE(token.size(), 1'024u);
}

TEST_F(PageTokenTest, FitsNoOtherCallAndNoOtherCaller) {
  const std::string token = tokens_.Seal(Scope(), {.after = "key"});
  std::vector<PageScope> others(6, Scope());
  others[0].method = audit::Method::kListSubjects;
  others[1].tenant = TenantTag::Draw(random_);
  others[2].subject = SubjectTag::Draw(random_);
  others[3].category = "";
  others[4].purpose = "support";
  others[5].principal = "two";
  for (const PageScope& other : others) {
    EXPECT_THAT(tokens_.Open(other, token), IsRefused(Reason::kPageTokenInvalid));
  }
}

TEST_F(PageTokenTest, OfAnotherProcessOrAlteredIsNoToken) {
  const std::string token = tokens_.Seal(Scope(), {.after = "key"});
  EXPECT_THAT(PageTokens(random_).Open(Scope(), token), IsRefused(Reason::kPageTokenInvalid));
  for (std::size_t i = 0; i < token.size(); ++i) {
    std::string altered = token;
    altered[i] = altered[i] == '0' ? '1' : '0';
    EXPECT_THAT(tokens_.Open(Scope(), altered), IsRefused(Reason::kPageTokenInvalid)) << i;
    EXPECT_THAT(tokens_.Open(Scope(), token.substr(0, i)), IsRefused(Reason::kPageTokenInvalid));
  }
  EXPECT_THAT(tokens_.Open(Scope(), "zz"), IsRefused(Reason::kPageTokenInvalid));
}

TEST(PageSizeTest, HasADefaultAndALimit) {
  EXPECT_EQ(PageSize({}), 50u);
  EXPECT_EQ(PageSize({.size = 7}), 7u);
  EXPECT_EQ(PageSize({.size = 5'000}), 1'000u);
}

}  // namespace
}  // namespace lethe::vault::memory
