// A dry run counts exactly what the erase then destroys and what stays: random people, each
// previewed, erased, and looked at again.
//
// LETHE_SEED picks the first; every failure prints the seed that makes the same again.
#include <random>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "tests/support/replay.h"
#include "tests/support/test_vault.h"

namespace lethe::vault::erasure {
namespace {

using test::IsOk;
using test::TestVault;

constexpr int kPeople = 60;
constexpr int kActsEach = 14;

class PreviewTest : public ::testing::Test {
 protected:
  std::size_t Random(std::size_t below) { return random_() % below; }

  // Somebody with some records, changed, deleted, ended and cleared away, and some identifiers.
  Subject MakeSomebody(int number) {
    const Subject somebody = vault_.Create("C-" + std::to_string(number));
    identifiers_ = {test::CustomerNumber("C-" + std::to_string(number))};
    std::vector<Record> records;
    for (int i = 0; i < kActsEach; ++i) {
      static const char* const categories[] = {"account", "billing", "support", "telemetry"};
      const std::size_t act = Random(10);
      if (act < 6) {
        records.push_back(vault_.Put(somebody.tag, categories[Random(4)], "{}"));
      } else if (act < 7 && !records.empty()) {
        const Record& record = records[Random(records.size())];
        (void)vault_->data().DeleteRecord(
            vault_.As(record.category == "support" ? "support" : "service"), somebody.tag,
            record.tag, "");
      } else if (act < 9) {
        identifiers_.push_back({"email", std::to_string(number) + "-" + std::to_string(i)});
        EXPECT_THAT(
            vault_->data().AddIdentifier(vault_.As("service"), somebody.tag, identifiers_.back()),
            IsOk());
      } else {
        vault_.clock.Advance(absl::Hours(24 * static_cast<int>(Random(40))));
        EXPECT_THAT(vault_->RunHousekeeping(), IsOk());
      }
    }
    return somebody;
  }

  // What the person's own access report finds; nothing where there is nobody.
  std::int64_t RecordsOf(const SubjectTag& subject) {
    auto report = vault_->rights().AccessReport(vault_.As("access"), subject);
    if (!report.ok()) return 0;
    EXPECT_THAT(test::ReadAll(**report), IsOk());
    return (*report)->record_count();
  }

  // How many of the identifiers still lead to somebody, if only for a duty.
  std::int64_t Found() {
    std::int64_t found = 0;
    for (const Identifier& identifier : identifiers_) {
      found += vault_->data().GetSubject(vault_.As("tax"), identifier).ok() ? 1 : 0;
    }
    return found;
  }

  TestVault vault_;
  std::mt19937_64 random_;
  std::vector<Identifier> identifiers_;  // Of the last somebody.
};

std::int64_t Kept(const Erasure& erasure) {
  std::int64_t kept = 0;
  for (const Withheld& withheld : erasure.withheld) kept += withheld.record_count;
  return kept;
}

TEST_F(PreviewTest, CountsExactlyWhatDiesAndWhatStays) {
  const std::uint64_t first = test::SeedFromEnvironment(1);
  std::int64_t died = 0;
  std::int64_t stayed = 0;
  for (std::uint64_t seed = first; seed < first + kPeople && !HasFailure(); ++seed) {
    SCOPED_TRACE("LETHE_SEED=" + std::to_string(seed));
    random_.seed(seed);
    const Subject somebody = MakeSomebody(static_cast<int>(seed));
    ASSERT_THAT(vault_->RunHousekeeping(), IsOk());
    const std::int64_t records = RecordsOf(somebody.tag);
    const std::int64_t identifiers = Found();
    const auto preview = vault_->rights().EraseSubject(
        vault_.As("service"), {.subject = somebody.tag, .validate_only = true});
    ASSERT_THAT(preview, IsOk());
    EXPECT_EQ(RecordsOf(somebody.tag), records) << "a preview changes nothing";
    const auto erasure = vault_.Erase(somebody.tag);
    ASSERT_THAT(erasure, IsOk());

    EXPECT_EQ(preview->records_shredded, erasure->records_shredded);
    EXPECT_EQ(preview->identifiers_shredded, erasure->identifiers_shredded);
    EXPECT_EQ(preview->categories_shredded, erasure->categories_shredded);
    EXPECT_EQ(Kept(*preview), Kept(*erasure));
    EXPECT_EQ(records - RecordsOf(somebody.tag), preview->records_shredded);
    EXPECT_EQ(RecordsOf(somebody.tag), Kept(*preview));
    EXPECT_EQ(identifiers - Found(), preview->identifiers_shredded);
    died += preview->records_shredded;
    stayed += Kept(*preview);
  }
  EXPECT_GT(died, kPeople);
  EXPECT_GT(stayed, 0);
}

}  // namespace
}  // namespace lethe::vault::erasure
