// What an operator sees of the root and its holders, and does to them.

#include "gtest/gtest.h"
#include "tests/support/test_vault.h"

namespace lethe::test {
namespace {

using vault::Caller;

class KeyCallsTest : public ::testing::Test {
 protected:
  static Caller Operator(const std::string& name = "ops") {
    return {.principal = {.id = "spiffe://example.org/operators/" + name, .tenant = {}},
            .tenant = {},
            .purpose = {},
            .request_id = {}};
  }

  TestVault vault_;
};

TEST_F(KeyCallsTest, TheStatusNamesEveryHolderAndSaysWhatItHolds) {
  const auto status = vault_->operations().GetKeyStatus(Operator());

  ASSERT_THAT(status, IsOk());
  EXPECT_EQ(status->generation, vault_->operations().Status().generation);
  EXPECT_FALSE(status->attempt_unresolved);
  ASSERT_EQ(status->holders.size(), 1u);
  EXPECT_EQ(status->holders[0].name, "file-1");
  EXPECT_EQ(status->holders[0].factors, std::vector<std::string>{"file"});
  EXPECT_TRUE(status->holders[0].reachable);
  EXPECT_TRUE(status->holders[0].current);
}

TEST_F(KeyCallsTest, ASilentHolderIsTold) {
  vault_.slots()->before_read = [] { return absl::UnavailableError("silent"); };
  const auto status = vault_->operations().GetKeyStatus(Operator());
  ASSERT_THAT(status, IsOk());
  EXPECT_FALSE(status->holders[0].reachable);
  EXPECT_FALSE(status->holders[0].current);
  EXPECT_FALSE(status->holders[0].why.empty());
}

TEST_F(KeyCallsTest, RotatingDrawsAFreshRootAndEverythingStaysReadable) {
  const auto subject = vault_.Create("1");
  const auto record = vault_.Put(subject.tag, "support", R"({"a":1})");
  const Secret before = vault_.CurrentRoot();
  const auto was = vault_->operations().GetKeyStatus(Operator());

  const auto status = vault_->operations().RotateRoot(Operator());

  ASSERT_THAT(status, IsOk());
  EXPECT_EQ(status->generation, was->generation + 1);
  EXPECT_TRUE(status->holders[0].current);
  EXPECT_FALSE(vault_.CurrentRoot().Equals(before));
  EXPECT_EQ(vault_.slots()->bytes.find(AsText(before.Reveal())), std::string::npos);
  EXPECT_THAT(vault_.Get(record, "support"), IsOk());
  vault_.Restart();
  EXPECT_THAT(vault_.Get(record, "support"), IsOk());
}

TEST_F(KeyCallsTest, ASilentHolderRefusesARotationAndNothingChanges) {
  const auto was = vault_->operations().GetKeyStatus(Operator());
  vault_.slots()->before_read = [] { return absl::UnavailableError("silent"); };
  EXPECT_THAT(vault_->operations().RotateRoot(Operator()), IsRefused(Reason::kHolderUnreachable));
  vault_.slots()->before_read = [] { return absl::OkStatus(); };
  EXPECT_EQ(vault_->operations().GetKeyStatus(Operator())->generation, was->generation);
}

TEST_F(KeyCallsTest, OnlyOperatorsSeeAndChangeKeys) {
  const Caller tenant = vault_.As("service");
  EXPECT_THAT(vault_->operations().GetKeyStatus(tenant), IsRefused(Reason::kRoleMissing));
  EXPECT_THAT(vault_->operations().RotateRoot(tenant), IsRefused(Reason::kRoleMissing));
  EXPECT_THAT(vault_->operations().StepHorizon(tenant), IsRefused(Reason::kRoleMissing));
  EXPECT_THAT(vault_->operations().AttestHorizon(tenant, "k"), IsRefused(Reason::kRoleMissing));
  EXPECT_THAT(vault_->operations().RetireHolder(tenant, "file-1"), IsRefused(Reason::kRoleMissing));
  EXPECT_THAT(vault_->operations().RejoinHolder(tenant, "file-1"), IsRefused(Reason::kRoleMissing));
}

TEST_F(KeyCallsTest, WithoutAKeyServiceThereIsNoHorizon) {
  EXPECT_THAT(vault_->operations().StepHorizon(Operator()), IsRefused(Reason::kKeyNotRotated));
  EXPECT_THAT(vault_->operations().AttestHorizon(Operator(), "k"),
              IsRefused(Reason::kResourceNotFound));
}

TEST_F(KeyCallsTest, TheLastHolderCannotBeRetired) {
  EXPECT_THAT(vault_->operations().RetireHolder(Operator("a"), "file-1"),
              IsRefused(Reason::kHolderNeeded));
  EXPECT_THAT(vault_->operations().RetireHolder(Operator("b"), "file-1"),
              IsRefused(Reason::kHolderNeeded));
}

// The committer looks at the holders' paths when it is asked anything.
TEST_F(KeyCallsTest, AHolderThatMovedRefusesChangesAndTellsTheWayBackWhileReadsGoOn) {
  const auto subject = vault_.Create("1");
  const auto record = vault_.Put(subject.tag, "support", R"({"a":1})");
  const auto put = [&] {
    vault::NewRecord another;
    another.category = "support";
    another.data = R"({"a":2})";
    return vault_->data().CreateRecord(vault_.As("support"), subject.tag, std::move(another));
  };
  ASSERT_THAT(put(), IsOk());
  const auto stands = std::make_shared<SlotDisk>();
  vault_.slots()->at_path = stands;
  vault_.slots()->moved = true;
  ASSERT_THAT(vault_->operations().GetKeyStatus(Operator()), IsOk());

  EXPECT_THAT(put(), IsRefused(Reason::kHolderUnreachable));
  EXPECT_THAT(vault_.Erase(subject.tag), IsRefused(Reason::kHolderUnreachable));
  EXPECT_THAT(vault_->operations().RotateRoot(Operator()), IsRefused(Reason::kHolderUnreachable));
  EXPECT_THAT(vault_.Get(record, "support"), IsOk());
  const auto alarms = vault_->operations().Status().alarms;
  ASSERT_EQ(alarms.size(), 1u);
  EXPECT_THAT(alarms[0], ::testing::HasSubstr("lethe key holder rejoin file-1"));

  const auto rejoined = vault_->operations().RejoinHolder(Operator(), "file-1");
  ASSERT_THAT(rejoined, IsOk());
  EXPECT_TRUE(rejoined->holders[0].current);
  EXPECT_TRUE(vault_->operations().Status().alarms.empty());
  EXPECT_THAT(put(), IsOk());
  EXPECT_THAT(vault_.Erase(subject.tag), IsOk());
}

TEST_F(KeyCallsTest, EachCallLeavesItsEvent) {
  const std::uint64_t before = vault_->operations().Status().journal_sequence;
  ASSERT_THAT(vault_->operations().GetKeyStatus(Operator()), IsOk());
  ASSERT_THAT(vault_->operations().RotateRoot(Operator()), IsOk());
  ASSERT_THAT(vault_->operations().RejoinHolder(Operator(), "file-1"), IsOk());
  std::vector<vault::audit::Method> methods;
  const auto rows = vault_.engine().Scan(vault::table::kEvent, {}, 1'000);
  for (const storage::Row& row : *rows) {
    const auto event = vault::audit::DecodeEvent(AsBytes(row.value));
    if (event->sequence > before) methods.push_back(event->event.method);
  }
  EXPECT_THAT(methods, ::testing::IsSupersetOf({vault::audit::Method::kGetKeyStatus,
                                                vault::audit::Method::kRotateRoot,
                                                vault::audit::Method::kRejoinHolder}));
}

}  // namespace
}  // namespace lethe::test
