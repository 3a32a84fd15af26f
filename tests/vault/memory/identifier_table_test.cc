#include "vault/memory/identifier_table.h"

#include <utility>
#include <vector>

#include "base/random.h"
#include "gtest/gtest.h"
#include "tests/support/test_vault.h"

namespace lethe::vault::memory {
namespace {

using test::IsRefused;
using Fingerprint = IdentifierTable::Fingerprint;

class IdentifierTableTest : public ::testing::Test {
 protected:
  Fingerprint Of(const std::string& value) { return table_.Of(tenant_, {"email", value}); }

  SystemRandom random_;
  IdentifierTable table_{random_};
  const TenantTag tenant_ = TenantTag::Draw(random_);
  const SubjectTag ann_ = SubjectTag::Draw(random_);
  const SubjectTag bob_ = SubjectTag::Draw(random_);
};

TEST_F(IdentifierTableTest, FingerprintsDifferByTypeValueTenantAndProcess) {
  EXPECT_EQ(Of("a"), Of("a"));
  EXPECT_NE(Of("a"), Of("b"));
  EXPECT_NE(Of("a"), table_.Of(tenant_, {"phone", "a"}));
  EXPECT_NE(Of("a"), table_.Of(TenantTag::Draw(random_), {"email", "a"}));
  EXPECT_NE(Of("a"), IdentifierTable(random_).Of(tenant_, {"email", "a"}));
}

TEST_F(IdentifierTableTest, AReservationIsInvisibleUntilPublished) {
  auto reservation = table_.Reserve({Of("a")});
  ASSERT_TRUE(reservation.ok());
  EXPECT_EQ(table_.Find(Of("a"), true), std::nullopt);
  EXPECT_THAT(table_.Reserve({Of("b"), Of("a")}), IsRefused(Reason::kConcurrentChange));
  std::move(*reservation).Publish(ann_);
  EXPECT_EQ(table_.Find(Of("a"), false), ann_);
  EXPECT_THAT(table_.Reserve({Of("a")}), IsRefused(Reason::kIdentifierTaken));
}

TEST_F(IdentifierTableTest, ADroppedReservationFreesWhatItHeld) {
  { auto dropped = table_.Reserve({Of("a")}); }
  EXPECT_TRUE(table_.Reserve({Of("a")}).ok());
}

TEST_F(IdentifierTableTest, ARefusedReservationHoldsNothing) {
  table_.Load(Of("a"), ann_, false);
  EXPECT_FALSE(table_.Reserve({Of("b"), Of("a")}).ok());
  EXPECT_TRUE(table_.Reserve({Of("b")}).ok());
}

TEST_F(IdentifierTableTest, AGapIsOfOneTenantAndHidesNobodyWhoWasRead) {
  table_.Load(Of("a"), ann_, false);
  EXPECT_TRUE(table_.CheckWhole(tenant_).ok());
  table_.MarkGap(tenant_);
  EXPECT_EQ(table_.Find(Of("a"), false), ann_);
  EXPECT_THAT(table_.CheckWhole(tenant_), IsRefused(Reason::kDecryptFailed));
  EXPECT_TRUE(table_.CheckWhole(TenantTag::Draw(random_)).ok());
}

TEST_F(IdentifierTableTest, WhatTheLawKeepsIsFoundByThoseWhoMayKnowAndFreeForOthers) {
  table_.Load(Of("gone"), ann_, false);
  table_.Load(Of("kept"), ann_, false);
  table_.Erase(ann_, {{Of("gone")}}, {{Of("kept")}});
  EXPECT_EQ(table_.Find(Of("gone"), true), std::nullopt);
  EXPECT_EQ(table_.Find(Of("kept"), false), std::nullopt);
  EXPECT_EQ(table_.Find(Of("kept"), true), ann_);

  auto second_life = table_.Reserve({Of("kept")});
  ASSERT_TRUE(second_life.ok());
  std::move(*second_life).Publish(bob_);
  EXPECT_EQ(table_.Find(Of("kept"), true), bob_) << "the living first";
  table_.Erase(bob_, {{Of("kept")}}, {});
  EXPECT_EQ(table_.Find(Of("kept"), true), ann_) << "bob's end is not ann's";
}

TEST_F(IdentifierTableTest, LoadingTwiceAddsNothing) {
  table_.Load(Of("a"), ann_, true);
  table_.Load(Of("a"), ann_, true);
  table_.Erase(ann_, {{Of("a")}}, {});
  EXPECT_EQ(table_.size(), 0u);
}

TEST_F(IdentifierTableTest, AnswersNothingUntilComplete) {
  EXPECT_THAT(table_.CheckComplete(), IsRefused(Reason::kIndexLoading));
  table_.MarkComplete();
  EXPECT_TRUE(table_.CheckComplete().ok());
}

}  // namespace
}  // namespace lethe::vault::memory
