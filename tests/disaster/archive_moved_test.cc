// The archive of a real server's vault is moved, deleted or cut under it: nothing is acknowledged
// that a restart would not find, reads go on, and the living come back by the command that the
// start names. The erased do not.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <functional>
#include <sstream>
#include <string>
#include <vector>

#include "tests/system/file_wait.h"
#include "tests/system/made_up.h"
#include "tests/system/running_vault.h"

namespace lethe::test {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

constexpr std::uint64_t kSeed = 20261001;
constexpr absl::Duration kToolLimit = absl::Seconds(30);

class ArchiveDisasterTest : public ::testing::Test {
 protected:
  void SetUp() override {
    auto made = RunningVault::Make();
    ASSERT_TRUE(made.ok()) << made.status();
    vault_ = *std::move(made);
    ASSERT_TRUE(vault_->Up().ok());
    living_ = NewSubject();
    kept_ = *Put(living_);
    gone_ = NewSubject();
    shredded_ = *Put(gone_);
  }

  const Client& client() const { return vault_->client(); }
  std::string Archive() const { return vault_->folder().data() + "/archive"; }
  std::string PathOf(const std::string& name) const { return vault_->folder().root() + "/" + name; }

  std::string NewSubject() {
    const auto name = client().CreateSubject({MakeEmail(++people_)}, rng_.RequestId());
    EXPECT_TRUE(name.ok()) << name.error().ToText();
    return *name;
  }
  Answer<std::string> Put(const std::string& subject) {
    return client().CreateRecord(subject, kAccount, MakeData(rng_, "account-disaster", 1),
                                 rng_.RequestId());
  }
  Answer<ErasureView> Erase(const std::string& subject) {
    return client().Erase(subject, rng_.RequestId());
  }
  std::string WhyReadFails(const std::string& record) {
    return client().GetRecord(record, kService).error().reason;
  }

  // While the archive is gone: every change is refused by that name, reads go on, and the status
  // says so.
  void ExpectNothingIsPromised() {
    EXPECT_TRUE(Put(living_).Is("ARCHIVE_MISSING")) << Put(living_).error().ToText();
    EXPECT_TRUE(Erase(living_).Is("ARCHIVE_MISSING"));
    EXPECT_TRUE(client().Restrict(living_, rng_.RequestId()).Is("ARCHIVE_MISSING"));
    EXPECT_EQ(WhyReadFails(kept_), "");
    EXPECT_TRUE(client().ListRecords(living_, kService).ok());
    EXPECT_TRUE(client().Document(DocumentKind::kReport, living_).ok());
    const auto status = client().Status();
    ASSERT_TRUE(status.ok());
    EXPECT_THAT(*status, HasSubstr("the archive's"));
    EXPECT_THAT(*status, testing::Not(HasSubstr("\"sealed\":true")));
    ExpectLogged("alarm");
  }
  // A line of the log with this event that is about the archive.
  void ExpectLogged(const std::string& event) {
    const auto told = [&](const std::string& text) {
      std::istringstream lines(text);
      for (std::string line; std::getline(lines, line);) {
        if (line.find("\"event\":\"" + event + "\"") == std::string::npos) continue;
        if (line.find("the archive's") != std::string::npos) return true;
      }
      return false;
    };
    const auto log =
        WaitForFile(vault_->server().log(), vault_->server().pidfd(), absl::Seconds(10), told);
    EXPECT_TRUE(log.ok()) << log.status();
  }

  // Runs `lethe` as the operator; its output is in said_.
  int Lethe(const std::vector<std::string>& words) {
    const std::string ca = PathOf("ca/");
    std::vector<std::string> argv = {"env",
                                     "LETHE_CONTEXTS=" + PathOf("contexts.yaml"),
                                     "LETHE_CA=" + ca + "ca.crt",
                                     "LETHE_CERT=" + ca + "operator.crt",
                                     "LETHE_KEY=" + ca + "operator.key",
                                     "LETHE_ADDR=" + vault_->server().address(),
                                     LETHE_CLI_PATH};
    argv.insert(argv.end(), words.begin(), words.end());
    const std::string output = vault_->folder().logs() + "/tool." + std::to_string(++tools_);
    const auto end = test::Run(argv, output, kToolLimit);
    said_ = ReadFile(output);
    EXPECT_TRUE(end.ok()) << end.status();
    return end.ok() ? end->code : -1;
  }
  void BackUp() { EXPECT_EQ(Lethe({"backup", "create", "--to", PathOf("backups")}), 0) << said_; }
  int Restore(const std::vector<std::string>& which, const std::string& to) {
    std::vector<std::string> words = {
        "backup",   "restore",       "--from",    PathOf("backups"),
        "--holder", HolderOfVault(), "--archive", PathOf("archive.new"),
        "--dev",    "--data-dir",    PathOf(to)};
    words.insert(words.end(), which.begin(), which.end());
    return Lethe(words);
  }
  std::string OldestBackup() const {
    std::uint64_t oldest = 0;
    for (const auto& entry : fs::directory_iterator(PathOf("backups"))) {
      if (entry.path().extension() != ".backup") continue;
      const std::uint64_t position = std::stoull(entry.path().stem().string());
      oldest = oldest == 0 ? position : std::min(oldest, position);
    }
    return std::to_string(oldest);
  }
  std::string HolderOfVault() const { return vault_->folder().data() + "/holder.slots"; }
  int Rebuild(const std::vector<std::string>& people) {
    std::vector<std::string> words = {"archive",    "rebuild",
                                      "--data-dir", vault_->folder().data(),
                                      "--archive",  PathOf("archive.new"),
                                      "--backups",  PathOf("backups"),
                                      "-o",         "json"};
    for (const std::string& name : people) words.insert(words.end(), {"--approved-by", name});
    return Lethe(words);
  }
  void ServeFrom(const std::string& data_dir) {
    std::string config = ReadFile(vault_->folder().config());
    const std::size_t at = config.find("data_dir: ");
    ASSERT_NE(at, std::string::npos);
    config.replace(at, config.find('\n', at) - at, "data_dir: " + data_dir);
    std::ofstream(vault_->folder().config()) << config;
  }

  std::unique_ptr<RunningVault> vault_;
  Rng rng_{kSeed, 1};
  std::uint64_t people_ = 0;
  int tools_ = 0;
  std::string said_;
  std::string living_, kept_, gone_, shredded_;
};

TEST_F(ArchiveDisasterTest, MovedAwayNothingIsPromisedAndPutBackEverythingGoesOn) {
  fs::rename(Archive(), PathOf("away"));
  ExpectNothingIsPromised();
  EXPECT_EQ(WhyReadFails(shredded_), "") << "refused, so not erased";
  fs::rename(PathOf("away"), Archive());

  const auto put = Put(living_);
  EXPECT_TRUE(put.ok()) << put.error().ToText();
  EXPECT_TRUE(Erase(gone_).ok());
  ExpectLogged("alarm_over");
  ASSERT_TRUE(vault_->server().Kill().ok());
  ASSERT_TRUE(vault_->Up().ok());
  EXPECT_EQ(WhyReadFails(kept_), "");
  EXPECT_EQ(WhyReadFails(*put), "");
  EXPECT_EQ(WhyReadFails(shredded_), "SUBJECT_ERASED");
}

TEST_F(ArchiveDisasterTest, AForeignFolderInItsPlaceIsNotWrittenTo) {
  fs::rename(Archive(), PathOf("away"));
  fs::copy(PathOf("away"), Archive(), fs::copy_options::recursive);
  ExpectNothingIsPromised();
  // The copy is whole, so the next start takes it up, with the reads of meanwhile.
  ASSERT_TRUE(vault_->server().Kill().ok());
  ASSERT_TRUE(vault_->Up().ok());
  EXPECT_EQ(WhyReadFails(kept_), "");
  EXPECT_TRUE(Erase(gone_).ok());
}

struct Loss {
  const char* name;
  std::function<void(const std::string& archive)> take;
};

std::string SegmentIn(const std::string& archive) {
  return fs::directory_iterator(archive)->path().string();
}

class ArchiveLossTest : public ArchiveDisasterTest, public ::testing::WithParamInterface<Loss> {};

TEST_P(ArchiveLossTest, TwoPeopleGoOnWithoutItAndTheErasedStayErased) {
  BackUp();
  ASSERT_TRUE(Erase(gone_).ok());
  const auto behind = Put(living_);
  ASSERT_TRUE(behind.ok());
  GetParam().take(Archive());
  ExpectNothingIsPromised();

  ASSERT_TRUE(vault_->server().Kill().ok());
  ASSERT_TRUE(vault_->server().Launch().ok());
  const absl::Status start = vault_->server().WaitUntilUp();
  EXPECT_THAT(std::string(start.message()), HasSubstr("lethe archive rebuild"));

  EXPECT_NE(Rebuild({"ada"}), 0);
  EXPECT_THAT(said_, HasSubstr("two different people"));
  ASSERT_EQ(Rebuild({"ada", "ben"}), 0) << said_;
  EXPECT_THAT(said_, HasSubstr(PathOf("backups"))) << "the backup that is lost with it";
  ASSERT_TRUE(vault_->Up().ok());
  EXPECT_EQ(WhyReadFails(kept_), "");
  EXPECT_EQ(WhyReadFails(*behind), "") << "acknowledged before the loss";
  EXPECT_EQ(WhyReadFails(shredded_), "SUBJECT_ERASED");

  BackUp();
  const std::string later = NewSubject();
  ASSERT_TRUE(Put(later).ok() && Erase(later).ok());
  ASSERT_TRUE(vault_->server().Kill().ok());
  EXPECT_NE(Restore({"--position", OldestBackup()}, "old"), 0);
  EXPECT_THAT(said_, HasSubstr("rebuilt"));
  ASSERT_EQ(Restore({}, "restored"), 0) << said_;
  ServeFrom(PathOf("restored"));
  ASSERT_TRUE(vault_->Up().ok());
  EXPECT_EQ(WhyReadFails(kept_), "");
  EXPECT_EQ(WhyReadFails(*behind), "");
  EXPECT_EQ(WhyReadFails(shredded_), "SUBJECT_ERASED");
  EXPECT_TRUE(client().GetSubject(later, kService).Is("SUBJECT_ERASED"));
}

INSTANTIATE_TEST_SUITE_P(
    Of, ArchiveLossTest,
    ::testing::Values(Loss{"folder", [](const std::string& archive) { fs::remove_all(archive); }},
                      Loss{"newest_segment",
                           [](const std::string& archive) { fs::remove(SegmentIn(archive)); }},
                      Loss{"the_newest_segments_end",
                           [](const std::string& archive) {
                             const std::string segment = SegmentIn(archive);
                             fs::resize_file(segment, fs::file_size(segment) / 2);
                           }}),
    [](const auto& info) { return std::string(info.param.name); });

}  // namespace
}  // namespace lethe::test
