#include "vault/policy/decision.h"

#include <optional>
#include <string>
#include <vector>

#include "base/reason.h"
#include "gtest/gtest.h"
#include "tests/support/test_vault.h"

namespace lethe::vault::policy {
namespace {

using A = Action;
using S = SubjectState;

// One line of the decision table. Everything not named is as usual: an active subject, the category
// account, the purpose service, a record without an end.
struct Case {
  const char* name;
  Action action;
  std::optional<Reason> refused;
  std::string purpose = "service";
  std::string category = "account";  // Empty: an act on the whole subject.
  SubjectFacts subject = {};
  std::optional<bool> ended = std::nullopt;  // Present: a record, ended or not.
};

class DecisionTest : public ::testing::TestWithParam<Case> {
 protected:
  DecisionTest() : policy_(*Policy::Parse(test::kTestPolicy)) {}

  absl::Status Ask(const Caller& caller) const {
    const Case& c = GetParam();
    RecordFacts record;
    if (c.ended.value_or(false)) {
      record.end = now_;
    } else {
      record.end = now_ + absl::Seconds(1);
    }
    return Decide(caller, c.action, c.purpose, c.subject, policy_.Find(c.category),
                  c.ended.has_value() ? &record : nullptr, policy_, now_);
  }

  const Policy policy_;
  const absl::Time now_ = absl::FromUnixSeconds(1'790'000'000);
};

TEST_P(DecisionTest, FollowsTheTable) {
  const absl::Status status = Ask({.principal = {"p", "acme"}, .tenant = "acme"});
  EXPECT_EQ(ReasonOf(status), GetParam().refused) << status;
  EXPECT_EQ(status.ok(), !GetParam().refused.has_value());
}

TEST_P(DecisionTest, IsAlwaysNoForAnotherTenant) {
  EXPECT_EQ(ReasonOf(Ask({.principal = {"p", "globex"}, .tenant = "acme"})),
            Reason::kTenantMismatch);
  EXPECT_EQ(ReasonOf(Ask({.principal = {"operator", ""}, .tenant = ""})), Reason::kTenantMismatch);
}

const std::vector<ActFacts> kRestriction = {{.kind = ActKind::kRestriction}};
const SubjectFacts kRestrictedFacts{.acts = kRestriction};
const SubjectFacts kPartial{.state = S::kPartiallyErased};
const SubjectFacts kErasedFacts{.state = S::kErased};
const SubjectFacts kErasing{.erasing = true};
const SubjectFacts kPersonWantsIt{.acts = kRestriction, .initiator = Initiator::kDataSubject};
const SubjectFacts kRestrictedPartial{.state = S::kPartiallyErased, .acts = kRestriction};

INSTANTIATE_TEST_SUITE_P(
    Usual, DecisionTest,
    ::testing::Values(
        Case{"PutAllowed", A::kPut, {}}, Case{"GetAllowed", A::kGet, {}},
        Case{"EraseAllowed", A::kErase, {}, "service", ""},
        Case{"UnknownPurpose", A::kGet, Reason::kPurposeNotAllowed, "ads"},
        Case{"PurposeOfAnotherCategory", A::kGet, Reason::kPurposeNotAllowed, "billing"},
        Case{"OwnAccessNeedsNoPurposeOfTheCategory", A::kAccess, {}, "access"},
        Case{"OwnAccessNeedsADeclaredPurpose", A::kAccess, Reason::kPurposeNotAllowed, "ads"},
        Case{"ExportOfPortable", A::kExport, {}},
        Case{"ExportOfNotPortable", A::kExport, Reason::kPurposeNotAllowed, "billing", "billing"},
        Case{"UnrestrictOfUnrestricted", A::kEndAct, Reason::kNotRestricted, "service", ""},
        Case{"DeleteAllowed", A::kDelete, {}, "service", "account", {}, false},
        Case{"DeleteOfWhatTheLawKeeps",
             A::kDelete,
             Reason::kLegalRetention,
             "billing",
             "billing",
             {},
             false},
        Case{"RectifyWhatTheLawKeeps", A::kUpdate, {}, "billing", "billing", {}, false}),
    [](const auto& info) { return info.param.name; });

INSTANTIATE_TEST_SUITE_P(
    Ended, DecisionTest,
    ::testing::Values(
        Case{"Put", A::kPut, Reason::kRetentionOver, "service", "telemetry", {}, true},
        Case{"Get", A::kGet, Reason::kResourceNotFound, "service", "telemetry", {}, true},
        Case{"Update", A::kUpdate, Reason::kResourceNotFound, "service", "telemetry", {}, true},
        Case{"Access", A::kAccess, Reason::kResourceNotFound, "access", "telemetry", {}, true},
        Case{"NotYet", A::kGet, {}, "service", "telemetry", {}, false},
        Case{"AccessWhileRestricted",
             A::kAccess,
             {},
             "access",
             "telemetry",
             kRestrictedFacts,
             true}),
    [](const auto& info) { return info.param.name; });

INSTANTIATE_TEST_SUITE_P(
    Restricted, DecisionTest,
    ::testing::Values(
        Case{"Get", A::kGet, Reason::kProcessingRestricted, "service", "account", kRestrictedFacts},
        Case{"Put", A::kPut, Reason::kProcessingRestricted, "service", "account", kRestrictedFacts},
        Case{"List", A::kList, Reason::kProcessingRestricted, "service", "", kRestrictedFacts},
        Case{"Update", A::kUpdate, Reason::kProcessingRestricted, "service", "account",
             kRestrictedFacts},
        Case{"Delete", A::kDelete, Reason::kProcessingRestricted, "service", "account",
             kRestrictedFacts},
        Case{"Export", A::kExport, Reason::kProcessingRestricted, "service", "", kRestrictedFacts},
        Case{"ChangeIdentifier", A::kChangeIdentifier, Reason::kProcessingRestricted, "service", "",
             kRestrictedFacts},
        Case{"Access", A::kAccess, {}, "access", "account", kRestrictedFacts},
        Case{"ReadSubject", A::kReadSubject, {}, "service", "", kRestrictedFacts},
        Case{"Unrestrict", A::kEndAct, {}, "service", "", kRestrictedFacts},
        Case{"RestrictAgain", A::kBeginAct, Reason::kProcessingRestricted, "service", "",
             kRestrictedFacts},
        Case{"ControllersErase", A::kErase, Reason::kProcessingRestricted, "service", "",
             kRestrictedFacts},
        Case{"PersonsErase", A::kErase, {}, "service", "", kPersonWantsIt}),
    [](const auto& info) { return info.param.name; });

INSTANTIATE_TEST_SUITE_P(
    Erased, DecisionTest,
    ::testing::Values(
        Case{"GetOfErased", A::kGet, Reason::kSubjectErased, "service", "account", kErasedFacts},
        Case{"AccessOfErased", A::kAccess, Reason::kSubjectErased, "access", "", kErasedFacts},
        Case{"WhileErasing", A::kPut, Reason::kErasureInProgress, "service", "account", kErasing},
        Case{"EraseWhileErasing", A::kErase, Reason::kErasureInProgress, "service", "", kErasing},
        Case{"WithheldForItsDuty", A::kGet, {}, "tax", "billing", kPartial},
        Case{"WithheldForItsOldPurpose", A::kGet, Reason::kSubjectErased, "billing", "billing",
             kPartial},
        Case{"WithheldListForDuty", A::kList, {}, "tax", "", kPartial},
        Case{"WithheldListForOthers", A::kList, Reason::kSubjectErased, "service", "", kPartial},
        Case{"WithheldLookUpForDuty", A::kLookUp, {}, "tax", "", kPartial},
        Case{"WithheldLookUpForOthers", A::kLookUp, Reason::kSubjectErased, "service", "",
             kPartial},
        Case{"WithheldOwnAccess", A::kAccess, {}, "access", "billing", kPartial},
        Case{"WithheldExport", A::kExport, Reason::kSubjectErased, "service", "", kPartial},
        Case{"WithheldEraseAgain", A::kErase, {}, "service", "", kPartial},
        Case{"WithheldNewIdentifier", A::kChangeIdentifier, Reason::kSubjectErased, "tax", "",
             kPartial},
        Case{"WithheldDelete", A::kDelete, Reason::kLegalRetention, "tax", "billing", kPartial,
             false},
        Case{"WithheldAndRestricted", A::kGet, Reason::kProcessingRestricted, "tax", "billing",
             kRestrictedPartial}),
    [](const auto& info) { return info.param.name; });

TEST(DecisionMessagesTest, NameTheRuleAndNoData) {
  const Policy policy = *Policy::Parse(test::kTestPolicy);
  const absl::Status status =
      Decide({.principal = {"p", "acme"}, .tenant = "acme"}, Action::kGet, "alice@example.org", {},
             policy.Find("account"), nullptr, policy, absl::Now());
  EXPECT_EQ(ReasonOf(status), Reason::kPurposeNotAllowed);
  EXPECT_EQ(RuleOf(status), "purposes");
  EXPECT_EQ(status.ToString().find("alice"), std::string::npos);
}

}  // namespace
}  // namespace lethe::vault::policy
