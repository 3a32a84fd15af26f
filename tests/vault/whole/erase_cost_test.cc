// What an erase costs, counted: so many syncs whoever is erased, and so many bytes.
#include <string>

#include "gtest/gtest.h"
#include "tests/support/test_vault.h"
#include "tests/vault/whole/erase_cost.h"

namespace lethe::test {
namespace {

using vault::Subject;

struct Setup {
  int holders;
  bool archive;
};

class EraseCostTest : public ::testing::TestWithParam<Setup> {
 protected:
  Subject Make(const std::string& number, int records) {
    const std::vector<vault::Identifier> identifiers = {CustomerNumber(number)};
    const auto subject = vault_->data().CreateSubject(Caller(), identifiers);
    EXPECT_THAT(subject, IsOk());
    for (int i = 0; i < records; ++i) Put(*subject);
    return *subject;
  }
  void Put(const Subject& subject) {
    const vault::NewRecord record{.category = "account", .data = "{}"};
    EXPECT_THAT(vault_->data().CreateRecord(Caller(), subject.tag, record), IsOk());
  }
  void Erase(const Subject& subject) {
    EXPECT_THAT(vault_->rights().EraseSubject(Caller(), {.subject = subject.tag}), IsOk());
  }
  vault::Caller Caller() {
    return {.principal = {"spiffe://test/tenants/acme/clients/one", "acme"},
            .tenant = "acme",
            .purpose = "service",
            .request_id = RowTag::Draw(vault_.random).ToString()};
  }

  RecordedVault vault_{{.archive = GetParam().archive, .holders = GetParam().holders}};
};

INSTANTIATE_TEST_SUITE_P(Setups, EraseCostTest,
                         ::testing::Values(Setup{1, true}, Setup{2, true}, Setup{1, false},
                                           Setup{2, false}),
                         [](const auto& info) {
                           return std::to_string(info.param.holders) + "Holders" +
                                  (info.param.archive ? "" : "NoArchive");
                         });

TEST_P(EraseCostTest, ThreeSyncsOneForTheArchiveTwoForEachFurtherHolder) {
  const Subject ann = Make("C-1", 3);
  const DiskCost erase = CostOf(vault_, [&] { Erase(ann); });
  EXPECT_EQ(erase.engine.syncs, 1u) << "PREPARED; what comes behind it rides along";
  EXPECT_EQ(erase.archive.syncs, GetParam().archive ? 1u : 0u);
  EXPECT_EQ(erase.holders.syncs, 2u * GetParam().holders) << "the new root in, the old one out";
  EXPECT_EQ(erase.syncs(), 3u + (GetParam().archive ? 1 : 0) + 2 * (GetParam().holders - 1));
}

TEST_P(EraseCostTest, ARecordIsSyncedOnceInEachPlaceAndTouchesNoHolder) {
  const Subject ann = Make("C-1", 0);
  const DiskCost put = CostOf(vault_, [&] { Put(ann); });
  EXPECT_EQ(put.engine.syncs, 1u);
  EXPECT_EQ(put.archive.syncs, GetParam().archive ? 1u : 0u);
  EXPECT_EQ(put.holders.syncs, 0u);
  const DiskCost two = CostOf(vault_, [&] {
    Put(ann);
    Put(ann);
  });
  EXPECT_EQ(two.syncs(), 2 * put.syncs()) << "the control: one sync more is counted";
}

// The promise P7 in small; bench/erase has it with 100,000 records.
TEST_P(EraseCostTest, TheCostDoesNotGrowWithTheRecords) {
  const Subject ann = Make("C-1", 1);
  const Subject bob = Make("C-2", 200);
  const DiskCost one = CostOf(vault_, [&] { Erase(ann); });
  const DiskCost many = CostOf(vault_, [&] { Erase(bob); });
  EXPECT_EQ(one.syncs(), many.syncs());
  EXPECT_NEAR(static_cast<double>(many.engine.bytes()), static_cast<double>(one.engine.bytes()),
              0.05 * static_cast<double>(one.engine.bytes()));
  EXPECT_GT(one.engine.bytes(), 4096u) << "a group and two pages at least";
}

}  // namespace
}  // namespace lethe::test
