// A restart changes nothing that can be observed.
#include <map>
#include <string>

#include "gtest/gtest.h"
#include "tests/support/test_vault.h"

namespace lethe::vault {
namespace {

using test::CustomerNumber;
using test::Disk;
using test::IsOk;
using test::IsRefused;
using test::TestVault;

class RestartTest : public ::testing::Test {
 protected:
  // Everything a caller can learn about everybody, as text.
  std::string Observe() {
    std::string all;
    for (const char* number : {"C-1", "C-2", "C-3", "C-4"}) {
      for (const char* purpose : {"service", "tax"}) {
        const auto subject = vault_->data().GetSubject(vault_.As(purpose), CustomerNumber(number));
        all += number + std::string(" ") + purpose + " ";
        all += subject.ok() ? subject->etag + std::to_string(subject->change_counter)
                            : subject.status().ToString();
        if (!subject.ok()) continue;
        const auto page = vault_->data().ListRecords(vault_.As(purpose), subject->tag, "", {});
        if (!page.ok()) all += page.status().ToString();
        if (!page.ok()) continue;
        for (const Record& record : page->items) {
          all += record.tag.ToString() + record.category + record.data + record.etag +
                 std::to_string(record.version) + absl::FormatTime(record.update_time);
        }
      }
    }
    return all;
  }

  TestVault vault_{{.disk = Disk::kRocks}};
};

TEST_F(RestartTest, ChangesNothingThatCanBeObserved) {
  const Subject ann = vault_.Create("C-1");
  const Subject bob = vault_.Create("C-2");
  const Subject cyd = vault_.Create("C-3");
  const Subject dan = vault_.Create("C-4");
  for (const Subject& subject : {ann, bob, cyd, dan}) {
    for (const char* category : {"account", "billing", "telemetry"}) {
      vault_.Put(subject.tag, category, R"({"v":1})");
    }
  }
  const Record changed = vault_.Put(ann.tag, "account", R"({"v":1})");
  ASSERT_THAT(vault_->data().UpdateRecord(vault_.As("service"), ann.tag, changed.tag, "",
                                          {.data = R"({"v":2})"}),
              IsOk());
  const Record deleted = vault_.Put(ann.tag, "account", R"({"v":3})");
  ASSERT_THAT(vault_->data().DeleteRecord(vault_.As("service"), ann.tag, deleted.tag, ""), IsOk());
  ASSERT_THAT(vault_.Erase(bob.tag), IsOk());
  ASSERT_THAT(vault_->rights().BeginAct(vault_.As("service"), cyd.tag, Restriction{}), IsOk());

  const std::string before = Observe();
  vault_.Restart();
  EXPECT_EQ(Observe(), before);
  vault_.clock.Advance(absl::Minutes(2));
  ASSERT_THAT(vault_->RunHousekeeping(), IsOk());
  EXPECT_EQ(Observe(), before) << "housekeeping is not observed either";
  vault_.Restart();
  EXPECT_EQ(Observe(), before);
}

TEST_F(RestartTest, ANewTenantAndANewCategoryJoinTheOldOnes) {
  const Subject ann = vault_.Create("C-1");
  const Record record = vault_.Put(ann.tag, "account", "{}");
  vault_.options.tenants.push_back({"initech", test::kTestPolicy});
  vault_.options.tenants[0].policy_yaml += "  - {name: extra, id: 5, anchor: created}\n";
  vault_.Restart();
  EXPECT_THAT(vault_.Get(record, "service"), IsOk());
  vault_.Put(ann.tag, "extra", "{}");
  vault_.Create("C-1", "initech");
}

TEST_F(RestartTest, ATenantLeftOutIsNotServedAndNotLost) {
  const Subject ann = vault_.Create("C-1");
  auto tenants = vault_.options.tenants;
  vault_.options.tenants.erase(vault_.options.tenants.begin());
  vault_.Restart();
  EXPECT_THAT(vault_->data().GetSubject(vault_.As("service"), ann.tag),
              IsRefused(Reason::kTenantMismatch));
  vault_.options.tenants = tenants;
  vault_.Restart();
  EXPECT_THAT(vault_->data().GetSubject(vault_.As("service"), ann.tag), IsOk());
}

TEST_F(RestartTest, APolicyMayNotGiveACategoryAnotherMeaning) {
  const auto with = [&](const std::string& from, const std::string& to) {
    vault_.Close();
    const std::string good = vault_.options.tenants[0].policy_yaml;
    std::string& policy = vault_.options.tenants[0].policy_yaml;
    policy.replace(policy.find(from), from.size(), to);
    const absl::Status status = vault_.Open();
    vault_.options.tenants[0].policy_yaml = good;
    return status;
  };
  EXPECT_THAT(with("id: 4", "id: 5"), IsRefused(Reason::kFieldInvalid));
  EXPECT_THAT(with("name: telemetry", "name: metrics"), IsRefused(Reason::kFieldInvalid));
  EXPECT_THAT(with("period: P1M", "period: P2M"), IsOk()) << "a rule may change";
}

TEST_F(RestartTest, AShorterRuleActsAtOnceAndALongerOneOnWhatComesLater) {
  const Subject ann = vault_.Create("C-1");
  const Record record = vault_.Put(ann.tag, "telemetry", "{}");
  const auto restart_with = [&](const std::string& period) {
    std::string& policy = vault_.options.tenants[0].policy_yaml;
    policy = test::kTestPolicy;
    policy.replace(policy.find("P1M"), 3, period);
    vault_.Restart();
  };
  restart_with("P2M");
  EXPECT_EQ(vault_.Get(record, "service")->expire_time, record.expire_time);
  EXPECT_GT(vault_.Put(ann.tag, "telemetry", "{}").expire_time, record.expire_time);
  restart_with("P7D");
  EXPECT_LT(vault_.Get(record, "service")->expire_time, record.expire_time);
  vault_.clock.Advance(absl::Hours(24 * 9));
  EXPECT_THAT(vault_.Get(record, "service"), IsRefused(Reason::kResourceNotFound));
}

}  // namespace
}  // namespace lethe::vault
