#include "base/reason.h"

#include <gtest/gtest.h>

#include <cctype>
#include <set>

#include "absl/strings/cord.h"

namespace lethe {
namespace {

std::vector<Reason> AllReasons() {
  std::vector<Reason> all;
  for (int i = static_cast<int>(kAllReasonsFirst); i <= static_cast<int>(kAllReasonsLast); ++i) {
    all.push_back(static_cast<Reason>(i));
  }
  return all;
}

TEST(ReasonTest, EveryReasonHasItsOwnUpperSnakeName) {
  std::set<std::string_view> names;
  for (const Reason reason : AllReasons()) {
    const std::string_view name = NameOf(reason);
    EXPECT_FALSE(name.empty());
    for (const char c : name) EXPECT_TRUE(std::isupper(c) || c == '_') << name;
    EXPECT_TRUE(names.insert(name).second) << name;
  }
  EXPECT_EQ(names.size(), 42u);
}

TEST(ReasonTest, EveryReasonIsARefusalAndReadsBack) {
  for (const Reason reason : AllReasons()) {
    const absl::Status status = Refuse(reason, "message", "record.category", "known");
    EXPECT_FALSE(status.ok());
    EXPECT_EQ(status.code(), CodeOf(reason));
    EXPECT_EQ(std::string(status.message()), "message");
    EXPECT_EQ(ReasonOf(status), reason);
    EXPECT_EQ(FieldOf(status), "record.category");
    EXPECT_EQ(RuleOf(status), "known");
  }
}

TEST(ReasonTest, FieldAndRuleAreOptional) {
  const absl::Status status = Refuse(Reason::kDecryptFailed, "message");
  EXPECT_EQ(ReasonOf(status), Reason::kDecryptFailed);
  EXPECT_EQ(FieldOf(status), "");
  EXPECT_EQ(RuleOf(status), "");
}

TEST(ReasonTest, AStatusMadeElsewhereHasNoReason) {
  EXPECT_EQ(ReasonOf(absl::OkStatus()), std::nullopt);
  EXPECT_EQ(ReasonOf(absl::DataLossError("x")), std::nullopt);
  absl::Status garbled = Refuse(Reason::kQuota, "message", "field", "rule");
  garbled.SetPayload("lethe.vault/refusal", absl::Cord("garbage"));
  EXPECT_EQ(ReasonOf(garbled), std::nullopt);
  EXPECT_EQ(FieldOf(garbled), "");
}

}  // namespace
}  // namespace lethe
