// lethe backup list, verify, status and restore over a folder of backups, without a server.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/private_file.h"
#include "base/random.h"
#include "cli/backup/backup_health.h"
#include "cli/backup/pace.h"
#include "tests/cli/support/cli_runner.h"
#include "tests/support/fake_clock.h"
#include "vault/backup/manifest.h"
#include "vault/backup/standing.h"
#include "vault/backup/store.h"

namespace lethe::test {
namespace {

namespace fs = std::filesystem;
using cli::ExitCode;
using nlohmann::json;
using testing::AllOf;
using testing::Each;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using vault::backup::BackupStore;
using vault::backup::File;
using vault::backup::Manifest;

// A folder with two backups that share a file: position 5, "shared" and "old"; 9, "shared" and
// "new".
class BackupTest : public testing::Test {
 protected:
  BackupTest() : store_(*BackupStore::Make(folder_)), key_(Secret::Draw(random_)) {
    Add(5, absl::Now() - absl::Hours(20), {"shared", "old"});
    Add(9, absl::Now() - absl::Hours(1), {"shared", "new"});
  }

  void Add(std::uint64_t position, absl::Time time, const std::vector<std::string>& names) {
    Manifest manifest{
        .vault = vault_, .position = position, .archived = false, .create_time = time};
    for (const std::string& name : names) {
      const std::string bytes = name + std::string(5000, 'x');
      const File file{name, bytes.size(), crypto::Sha256(AsBytes(bytes))};
      ASSERT_TRUE(WritePrivateFile(store_.PathOf(file.sha256), bytes).ok());
      manifest.files.push_back(file);
    }
    ASSERT_TRUE(store_.Publish(position, Sign(manifest, key_)).ok());
  }

  // What a disk does to "old", "new" or "shared": another byte under the old time.
  void Rot(const std::string& name) {
    const std::string path = PathOf(name);
    const auto time = fs::last_write_time(path);
    std::ofstream(path, std::ios::in | std::ios::out | std::ios::binary) << "X";
    fs::last_write_time(path, time);
  }

  std::string PathOf(const std::string& name) const {
    return store_.PathOf(crypto::Sha256(AsBytes(name + std::string(5000, 'x'))));
  }

  CliResult Run(const std::string& verb, std::vector<std::string> more = {}) {
    std::vector<std::string> words = {"backup", verb, "--from", folder_};
    words.insert(words.end(), more.begin(), more.end());
    return lethe_(words);
  }
  json States() {
    json states = json::object();
    const json list = json::parse(Run("list", {"-o", "json"}).out);
    for (const json& each : list.at("backups")) {
      states[absl::StrCat(each.at("position").get<int>())] = each.at("state");
    }
    return states;
  }

  CliRunner lethe_;
  const std::string folder_ = lethe_.folder / "backups";
  SystemRandom random_;
  BackupStore store_;
  const crypto::SigningKey key_;
  const VaultId vault_ = VaultId::Draw(random_);
};

TEST_F(BackupTest, NothingIsCalledGoodBeforeItWasRead) {
  EXPECT_EQ(States(), (json{{"5", "UNVERIFIED"}, {"9", "UNVERIFIED"}}));
  const CliResult read = Run("list", {"--verify", "-o", "json"});
  EXPECT_EQ(read.code, ExitCode::kOk) << read.err;
  const json list = json::parse(read.out);
  for (const json& each : list.at("backups")) EXPECT_EQ(each.at("state"), "GOOD");
  EXPECT_EQ(States(), (json{{"5", "VERIFIED"}, {"9", "VERIFIED"}}));
}

TEST_F(BackupTest, VerifyReadsTheNewestOneOrAll) {
  EXPECT_EQ(Run("verify").code, ExitCode::kOk);
  EXPECT_EQ(States(), (json{{"5", "UNVERIFIED"}, {"9", "VERIFIED"}}));
  EXPECT_EQ(Run("verify", {"--all", "--verify-rate", "0"}).code, ExitCode::kOk);
  EXPECT_EQ(States(), (json{{"5", "VERIFIED"}, {"9", "VERIFIED"}}));
  Rot("old");
  EXPECT_EQ(States(), (json{{"5", "VERIFIED"}, {"9", "VERIFIED"}})) << "then reading finds nothing";
  const CliResult all = Run("verify", {"--all"});
  EXPECT_EQ(all.code, ExitCode::kLocal);
  EXPECT_THAT(all.err, AllOf(HasSubstr("position 5"), HasSubstr("old OTHER_BYTES"),
                             HasSubstr("DATA_LOSS"), Not(HasSubstr("position 9"))));
  EXPECT_EQ(States(), (json{{"5", "DAMAGED"}, {"9", "VERIFIED"}}));
  EXPECT_EQ(Run("verify", {"--position", "9"}).code, ExitCode::kOk);
  EXPECT_EQ(Run("verify", {"--position", "5"}).code, ExitCode::kLocal);
  EXPECT_THAT(Run("verify", {"--position", "6"}).err, HasSubstr("NOT_FOUND"));
  EXPECT_EQ(Run("list", {"--verify"}).code, ExitCode::kLocal);
}

TEST_F(BackupTest, AMissingOrEmptiedFileIsSeenWithoutReading) {
  fs::remove(PathOf("old"));
  EXPECT_EQ(States().at("5"), "DAMAGED");
  fs::resize_file(PathOf("shared"), 0);
  EXPECT_EQ(States(), (json{{"5", "DAMAGED"}, {"9", "DAMAGED"}}));
}

TEST_F(BackupTest, ARestoreOfADamagedBackupMakesNothingAndNamesAnother) {
  Rot("new");
  const std::vector<std::string> rest = {"--data-dir",        lethe_.folder / "restored",
                                         "--holder",          lethe_.folder / "holder.slots",
                                         "--gap-approved-by", "ada",
                                         "--gap-approved-by", "ben"};
  const CliResult refused = Run("restore", rest);
  EXPECT_EQ(refused.code, ExitCode::kLocal);
  EXPECT_THAT(refused.err, AllOf(HasSubstr("file new"), HasSubstr("nothing was changed"),
                                 HasSubstr("whole: --position 5")));
  EXPECT_FALSE(fs::exists(lethe_.folder / "restored"));
  fs::resize_file(PathOf("old"), 1);
  EXPECT_THAT(Run("restore", rest).err, HasSubstr("No other backup of this folder is whole"));
  EXPECT_FALSE(fs::exists(lethe_.folder / "restored"));
}

TEST_F(BackupTest, ADamagedManifestHidesNoOtherAndIsNamed) {
  std::ofstream(folder_ + "/00000000000000000009.backup") << "gone";
  const CliResult list = Run("list");
  EXPECT_EQ(list.code, ExitCode::kOk);
  EXPECT_THAT(list.out, HasSubstr("its manifest"));
  EXPECT_THAT(Run("verify", {"--all"}).err,
              HasSubstr("position 9 cannot be restored: its manifest"));
  EXPECT_THAT(Run("restore", {"--data-dir", lethe_.folder / "restored", "--holder",
                              lethe_.folder / "holder.slots"})
                  .err,
              AllOf(HasSubstr("position 9 is damaged"), HasSubstr("whole: --position 5")));
}

TEST_F(BackupTest, StatusTellsAgeAndResultAndFailsWhereSomethingIsWrong) {
  EXPECT_EQ(Run("status").code, ExitCode::kLocal) << "nothing was ever verified";
  ASSERT_EQ(Run("verify", {"--all"}).code, ExitCode::kOk);
  const CliResult well = Run("status", {"-o", "json"});
  EXPECT_EQ(well.code, ExitCode::kOk) << well.err;
  const json status = json::parse(well.out);
  EXPECT_TRUE(status.at("good").get<bool>());
  EXPECT_NEAR(status.at("ageSeconds").get<int>(), 3600, 60);
  EXPECT_LT(status.at("oldestVerifySeconds").get<int>(), 60);
  EXPECT_EQ(status.at("newest").at("position"), 9);

  const CliResult old = Run("status", {"--max-age", "30m"});
  EXPECT_EQ(old.code, ExitCode::kLocal);
  EXPECT_THAT(old.err, HasSubstr("the newest backup was 1h ago, more than 30m"));
  EXPECT_EQ(Run("status", {"--max-age", "0"}).code, ExitCode::kOk);
  EXPECT_EQ(Run("status", {"--max-age", "a day"}).code, ExitCode::kLocal);
  fs::remove(PathOf("old"));
  EXPECT_THAT(Run("status").err, HasSubstr("the backup of position 5 is damaged"));
}

TEST_F(BackupTest, AnAgeOfTheLastVerificationIsHeldAgainstItsLimit) {
  ASSERT_EQ(Run("verify", {"--all"}).code, ExitCode::kOk);
  const auto all = *AllStandings(store_);
  const auto problems = [&](absl::Time now) {
    return cli::HealthOf(all, {.age = absl::InfiniteDuration(), .verify_age = absl::Hours(192)},
                         now)
        .problems;
  };
  EXPECT_THAT(problems(absl::Now()), IsEmpty());
  EXPECT_THAT(problems(absl::Now() + absl::Hours(193)), Each(HasSubstr("more than 192h")));
  EXPECT_THAT(problems(absl::Now() - absl::Hours(30)), Each(HasSubstr("lies in the future")));
  EXPECT_EQ(problems(absl::Now() - absl::Hours(30)).size(), 3u);
}

TEST(PaceTest, HoldsToItsRateAndMakesUpForNoMoreThanATenthOfASecond) {
  FakeClock clock(absl::Now());
  cli::Pace pace(1000, clock);
  EXPECT_EQ(pace.After(100), absl::ZeroDuration()) << "a small work is held up";
  EXPECT_EQ(pace.After(1000), absl::Seconds(1));
  clock.Advance(absl::Seconds(60));
  EXPECT_EQ(pace.After(100), absl::ZeroDuration()) << "made up for";
  EXPECT_EQ(pace.After(1000), absl::Seconds(1)) << "but once";
  cli::Pace none(0, clock);
  EXPECT_EQ(none.After(1u << 30), absl::ZeroDuration());
}

}  // namespace
}  // namespace lethe::test
