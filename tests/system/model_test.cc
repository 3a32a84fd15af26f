// The judge is judged: the model must name every broken promise, and no kept one.
#include "tests/system/model.h"

#include <gtest/gtest.h>

#include "tests/system/made_up.h"
#include "tests/system/needles.h"
#include "tests/system/observer.h"
#include "tests/system/vault_folder.h"

namespace lethe::test {
namespace {

const Identifier kMail = {kEmail, "a@example.org"};
const Identifier kNumber = {kCustomerNumber, "4711"};

// Ann has a mail address, a customer number, a note and a bill.
SubjectModel Ann() {
  SubjectModel ann("ann");
  ann.Acknowledge(Creation({kMail, kNumber}));
  ann.Acknowledge(Put("account-1", "note"));
  ann.Acknowledge(Put("billing-1", "bill"));
  return ann;
}

TEST(ModelTest, AnAcknowledgedStateIsTheOnlyOneBelieved) {
  SubjectModel ann = Ann();
  const SubjectState kept = ann.state();
  EXPECT_FALSE(ann.Observe(kept).has_value());

  SubjectState seen = kept;
  seen.records.erase("account-1");
  const auto fault = ann.Observe(seen);

  ASSERT_TRUE(fault.has_value());
  EXPECT_EQ(fault->kind, Fault::Kind::kLost);
}

TEST(ModelTest, AnOldValueAfterAnAcknowledgedUpdateIsLost) {
  SubjectModel ann = Ann();
  const SubjectState old = ann.state();
  ann.Acknowledge(Put("account-1", "new note"));

  const auto fault = ann.Observe(old);

  ASSERT_TRUE(fault.has_value());
  EXPECT_EQ(fault->kind, Fault::Kind::kLost);
}

TEST(ModelTest, AnOpenUpdateMayShowEitherValueButNoThird) {
  SubjectModel ann = Ann();
  const SubjectState old = ann.state();
  SubjectState updated = old;
  updated.records["account-1"] = "new note";
  SubjectState third = old;
  third.records["account-1"] = "other";
  ann.LeaveOpen(Put("account-1", "new note"));
  SubjectModel second = ann;
  SubjectModel both = ann;

  EXPECT_FALSE(ann.Observe(old).has_value());
  EXPECT_FALSE(second.Observe(updated).has_value());
  EXPECT_TRUE(both.Observe(third).has_value());
}

TEST(ModelTest, WhatWasSeenOnceMayNotChangeAgain) {
  SubjectModel ann = Ann();
  const SubjectState old = ann.state();
  ann.LeaveOpen(Put("account-1", "new note"));
  SubjectState updated = old;
  updated.records["account-1"] = "new note";
  ASSERT_FALSE(ann.Observe(updated).has_value());

  EXPECT_TRUE(ann.Observe(old).has_value());
}

TEST(ModelTest, AnErasureKeepsWhatTheLawKeepsAndNothingElse) {
  SubjectModel ann = Ann();
  ann.Acknowledge(Erasure());

  EXPECT_EQ(ann.state().life, Life::kPartiallyErased);
  EXPECT_EQ(ann.state().identifiers, std::set<Identifier>{kNumber});
  EXPECT_EQ(ann.state().records, (std::map<std::string, std::string>{{"billing-1", "bill"}}));
}

TEST(ModelTest, WhatComesBackAfterAnErasureIsUndone) {
  SubjectModel ann = Ann();
  const SubjectState alive = ann.state();
  ann.Acknowledge(Erasure());
  SubjectState with_mail = ann.state();
  with_mail.identifiers.insert(kMail);
  SubjectModel again = ann;

  const auto resurrected = ann.Observe(alive);
  const auto known = again.Observe(with_mail);

  ASSERT_TRUE(resurrected.has_value());
  EXPECT_EQ(resurrected->kind, Fault::Kind::kUndone);
  ASSERT_TRUE(known.has_value());
  EXPECT_EQ(known->kind, Fault::Kind::kUndone);
}

TEST(ModelTest, ALostRestrictionIsSeen) {
  SubjectModel ann = Ann();
  const SubjectState free = ann.state();
  ann.Acknowledge(RestrictionSet(true));

  EXPECT_TRUE(ann.Observe(free).has_value());
}

TEST(ModelTest, RecordsAreFoundInADocumentWhereverTheyStand) {
  Rng rng(1, 1);
  const std::string nested = MakeData(rng, "account-1", 1);
  const std::string quoted = MakeData(rng, "support-2", 7);
  const std::string document = R"({"categories":[{"records":[{"data":)" + nested + R"(},{"text":)" +
                               ::testing::PrintToString(quoted) + "}]}]}";

  const auto found = RecordsIn(document);

  EXPECT_EQ(found,
            (std::map<std::string, std::string>{{"account-1", nested}, {"support-2", quoted}}));
}

TEST(RngTest, TheSameSeedDrawsTheSameAndAnotherDoesNot) {
  EXPECT_EQ(Rng(7, 3).RequestId(), Rng(7, 3).RequestId());
  EXPECT_NE(Rng(7, 3).RequestId(), Rng(7, 4).RequestId());
  EXPECT_NE(Rng(7, 3).RequestId(), Rng(8, 3).RequestId());
  EXPECT_EQ(Rng(7, 3).RequestId().size(), 36u);
}

}  // namespace
}  // namespace lethe::test
