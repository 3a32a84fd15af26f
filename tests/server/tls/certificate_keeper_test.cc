// What becomes of the operator's files: taken up, or kept out with an alarm.
#include "server/tls/certificate_keeper.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "spdlog/sinks/ostream_sink.h"
#include "tests/server/tls/certificate_files.h"
#include "tests/server/tls/endless_list.h"
#include "tests/support/fake_clock.h"
#include "tests/support/temp_dir.h"

namespace lethe::server {
namespace {

namespace fs = std::filesystem;
using test::CertificateFiles;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

class CertificateKeeperTest : public testing::Test {
 protected:
  void Open() {
    auto opened = CertificateKeeper::Open(files_.paths(), log_, clock_, board_);
    ASSERT_TRUE(opened.ok()) << opened.status();
    keeper_ = *std::move(opened);
  }
  // A second passes.
  void Look(int times = 1) {
    for (int i = 0; i < times; ++i) {
      clock_.Advance(absl::Seconds(1));
      keeper_->Look();
    }
  }
  CertificateReport Report() const { return *board_.Get(); }
  // Until now, and nothing is left.
  std::string TakeLog() {
    std::string text = text_.str();
    text_.str("");
    return text;
  }
  // The old stays in service, with one line in the log, until `repair` makes it good.
  template <typename Repair>
  void ExpectAlarm(const std::string& what, Repair repair) {
    const CertificateReport before = Report();
    TakeLog();
    Look(2);
    EXPECT_EQ(Report().serial, before.serial);
    EXPECT_EQ(Report().loads, before.loads);
    ASSERT_THAT(Report().alarms, ElementsAre(HasSubstr(what)));
    EXPECT_THAT(Report().alarms.front(), Not(HasSubstr(dir_.path())));
    const std::string log = TakeLog();
    EXPECT_THAT(log, HasSubstr("certificates_refused"));
    EXPECT_THAT(log, HasSubstr(dir_.path()));
    Look(3);
    EXPECT_EQ(TakeLog(), "") << "an alarm is one line";
    repair();
    Look(2);
    EXPECT_THAT(Report().alarms, IsEmpty());
    EXPECT_THAT(TakeLog(), HasSubstr("certificates_sound"));
  }

  test::TempDir dir_;
  CertificateFiles files_{dir_.path()};
  test::FakeClock clock_{absl::Now()};
  std::ostringstream text_;
  const Log log_{"info", std::make_shared<spdlog::sinks::ostream_sink_mt>(text_)};
  CertificateBoard board_;
  std::unique_ptr<CertificateKeeper> keeper_;
};

TEST_F(CertificateKeeperTest, ARenewalIsTakenUpAtTheNextLook) {
  Open();
  const CertificateReport first = Report();
  EXPECT_EQ(first.loads, 1u);
  EXPECT_EQ(first.serial.size(), 32u);
  EXPECT_EQ(first.fingerprint.size(), 16u);
  files_.Renew();
  Look();
  EXPECT_EQ(Report().loads, 2u);
  EXPECT_NE(Report().serial, first.serial);
  EXPECT_GT(Report().loaded, first.loaded);
  EXPECT_THAT(Report().alarms, IsEmpty());
  Look(5);
  EXPECT_EQ(Report().loads, 2u);
}

TEST_F(CertificateKeeperTest, FilesThatOnlySeemNewChangeNothingUntilTheOperatorAsks) {
  Open();
  files_.Write("ca.crt", files_.Read("ca.crt"));
  Look(3);
  EXPECT_EQ(Report().loads, 1u);
  keeper_->Look(/*asked=*/true);
  EXPECT_EQ(Report().loads, 2u);
}

TEST_F(CertificateKeeperTest, AKeyOfAnotherCertificateIsKeptOut) {
  Open();
  files_.Write("server.key", CertificateFiles::ServerOf(files_.ca()).key_pem);
  ExpectAlarm("tls.key: is not the key of tls.cert", [&] { files_.Renew(); });
}

TEST_F(CertificateKeeperTest, TheMomentBetweenTwoFilesIsNoAlarm) {
  Open();
  TakeLog();
  const auto next = CertificateFiles::ServerOf(files_.ca());
  files_.Write("server.crt", next.certificate_pem);
  Look();
  EXPECT_THAT(Report().alarms, IsEmpty());
  files_.Write("server.key", next.key_pem);
  Look();
  EXPECT_EQ(Report().loads, 2u);
  EXPECT_THAT(TakeLog(), Not(HasSubstr("certificates_refused")));
}

TEST_F(CertificateKeeperTest, WhoAsksIsToldAtOnce) {
  Open();
  files_.Write("server.key", "garbage");
  keeper_->Look(/*asked=*/true);
  EXPECT_THAT(Report().alarms, ElementsAre(HasSubstr("tls.key")));
}

TEST_F(CertificateKeeperTest, AnExpiredCertificateIsKeptOut) {
  Open();
  const auto past = CertificateFiles::MakeCa(absl::Now() - absl::Hours(24 * 366));
  files_.Install(CertificateFiles::ServerOf(past));
  ExpectAlarm("tls.cert: has expired", [&] { files_.Renew(); });
}

TEST_F(CertificateKeeperTest, ACertificateOfTheFutureIsKeptOutUntilItBegins) {
  Open();
  const auto future = CertificateFiles::MakeCa(absl::Now() + absl::Hours(2));
  files_.Install(CertificateFiles::ServerOf(future));
  ExpectAlarm("tls.cert: is not valid yet", [&] { clock_.Advance(absl::Hours(2)); });
  EXPECT_EQ(Report().loads, 2u);
}

TEST_F(CertificateKeeperTest, AGarbledAuthorityIsKeptOut) {
  Open();
  const std::string good = files_.Read("ca.crt");
  files_.Write("ca.crt", "garbage");
  ExpectAlarm("tls.ca: holds no PEM certificate", [&] { files_.Write("ca.crt", good); });
  files_.Write("ca.crt", good + "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");
  ExpectAlarm("tls.ca: holds a certificate that is cut off or damaged",
              [&] { files_.Write("ca.crt", good); });
  const auto past = CertificateFiles::MakeCa(absl::Now() - absl::Hours(24 * 366));
  files_.Write("ca.crt", past.certificate_pem());
  ExpectAlarm("tls.ca: holds no authority that is in force", [&] { files_.Write("ca.crt", good); });
}

TEST_F(CertificateKeeperTest, AHalfWrittenFileIsKeptOutWhereverItEnds) {
  Open();
  const auto next = CertificateFiles::ServerOf(files_.ca());
  files_.Write("server.key", next.key_pem);
  for (std::size_t size = 0; size + 30 < next.certificate_pem.size(); size += 40) {
    // In place, as a tool does that knows no better.
    std::ofstream(files_.PathOf("server.crt")) << next.certificate_pem.substr(0, size);
    Look(2);
    EXPECT_EQ(Report().loads, 1u) << size;
    EXPECT_THAT(Report().alarms, ElementsAre(HasSubstr("tls.cert"))) << size;
  }
  std::ofstream(files_.PathOf("server.crt")) << next.certificate_pem;
  Look();
  EXPECT_EQ(Report().loads, 2u);
}

TEST_F(CertificateKeeperTest, AMissingFileIsAnAlarm) {
  Open();
  for (const char* name : {"ca.crt", "server.crt", "server.key"}) {
    const std::string text = files_.Read(name);
    files_.Remove(name);
    ExpectAlarm("cannot be read (No such file", [&] { files_.Write(name, text); });
  }
  const std::string text = files_.Read("server.key");
  files_.Remove("server.key");
  mkfifo(files_.PathOf("server.key").c_str(), 0600);  // Nobody may keep the server waiting.
  ExpectAlarm("tls.key: cannot be read (not a file)", [&] { files_.Write("server.key", text); });
}

TEST_F(CertificateKeeperTest, AWholeFolderIsSwappedAsKubernetesDoes) {
  const auto version = [&](const std::string& name, const crypto::CertifiedKey& own) {
    fs::create_directory(dir_ / name);
    std::ofstream(dir_ / name + "/ca.crt") << files_.ca().certificate_pem();
    std::ofstream(dir_ / name + "/server.crt") << own.certificate_pem;
    std::ofstream(dir_ / name + "/server.key") << own.key_pem;
  };
  version("..1", CertificateFiles::ServerOf(files_.ca()));
  fs::create_directory_symlink("..1", dir_ / "..data");
  for (const char* name : {"ca.crt", "server.crt", "server.key"}) {
    files_.Remove(name);
    fs::create_symlink(std::string("..data/") + name, dir_ / name);
  }
  Open();
  const auto next = CertificateFiles::ServerOf(files_.ca());
  version("..2", next);
  Look();
  EXPECT_EQ(Report().loads, 1u);
  fs::create_directory_symlink("..2", dir_ / "..data_tmp");
  fs::rename(dir_ / "..data_tmp", dir_ / "..data");
  fs::remove_all(dir_ / "..1");
  Look();
  EXPECT_EQ(Report().loads, 2u);
  EXPECT_EQ(Report().serial, crypto::InspectCertificate(next.certificate_pem)->serial);
}

TEST_F(CertificateKeeperTest, AListThatIsNoneIsKeptOutAndTheOldGoesOn) {
  const auto client = files_.ca().Issue({"one", {"URI:spiffe://a/tenants/b"}});
  files_.Withdraw({client->certificate_pem});
  Open();
  EXPECT_TRUE(Report().lists_due.has_value());
  const std::string good = files_.Read("ca.crl");
  files_.Write("ca.crl", good.substr(0, good.size() / 2));
  ExpectAlarm("tls.crl: holds no whole revocation list", [&] { files_.Write("ca.crl", good); });
  files_.Write("ca.crl", *CertificateFiles::MakeCa().Revoke({}));
  ExpectAlarm("tls.crl: holds a list that no authority", [&] { files_.Write("ca.crl", good); });
}

TEST_F(CertificateKeeperTest, AListThatDidNotComeIsAnAlarm) {
  files_.Withdraw({});
  Open();
  EXPECT_THAT(Report().alarms, IsEmpty());
  clock_.Advance(crypto::DevCa::kListValidity);
  Look();
  EXPECT_THAT(Report().alarms, ElementsAre(HasSubstr("tls.crl: the next revocation list was due")));
}

TEST_F(CertificateKeeperTest, AListThatNamesNoNextOneIsNeverDue) {
  files_.Withdraw({});
  files_.Write("ca.crt", test::kEndlessCa);
  files_.Write("ca.crl", test::kEndlessList);
  Open();
  EXPECT_FALSE(Report().lists_due.has_value());
  clock_.Advance(2 * crypto::DevCa::kListValidity);
  Look();
  EXPECT_THAT(Report().alarms, IsEmpty());
  // The control: another authority's list, which does.
  files_.Write("ca.crt", files_.ca().certificate_pem());
  files_.Withdraw({});
  Look();
  EXPECT_TRUE(Report().lists_due.has_value());
}

TEST_F(CertificateKeeperTest, TheEndIsToldFromAMonthAheadOnceADay) {
  Open();
  clock_.Advance(crypto::DevCa::kValidity - absl::Hours(24 * 30) - absl::Minutes(10));
  Look();
  EXPECT_THAT(Report().alarms, IsEmpty());
  TakeLog();
  clock_.Advance(absl::Minutes(20));
  Look();
  // The authority of these tests ends with its certificates.
  EXPECT_THAT(Report().alarms,
              ElementsAre(HasSubstr("tls.cert: the server's certificate ends on 20"),
                          HasSubstr("tls.ca: an authority ends on 20")));
  EXPECT_THAT(TakeLog(), HasSubstr("certificates_end"));
  Look(60);
  EXPECT_EQ(TakeLog(), "");
  clock_.Advance(absl::Hours(24));
  Look();
  EXPECT_THAT(TakeLog(), HasSubstr("certificates_end"));
  clock_.Advance(absl::Hours(24 * 30));
  Look();
  EXPECT_THAT(Report().alarms.front(), HasSubstr("ended on 20"));
}

TEST_F(CertificateKeeperTest, AStartWithAnExpiredCertificateServesAndTakesTheRenewalUp) {
  const auto past = CertificateFiles::MakeCa(absl::Now() - absl::Hours(24 * 366));
  files_.Install(CertificateFiles::ServerOf(past));
  Open();
  Look(3);
  EXPECT_THAT(Report().alarms, ElementsAre(HasSubstr("ended on 20")));
  files_.Renew();
  Look();
  EXPECT_THAT(Report().alarms, IsEmpty());
  EXPECT_EQ(Report().loads, 2u);
}

TEST_F(CertificateKeeperTest, AStartNamesThePathOfWhatCannotBeTaken) {
  files_.Write("server.key", "garbage");
  const auto opened = CertificateKeeper::Open(files_.paths(), log_, clock_, board_);
  EXPECT_EQ(opened.status().message(), "tls.key: " + dir_ / "server.key" +
                                           " is not the key of tls.cert (or under a password)");
}

// The errors of a descriptor table that is full change nothing, and pass.
TEST_F(CertificateKeeperTest, WithoutADescriptorTheOldStaysUntilThereIsOne) {
  Open();
  files_.Renew();
  std::vector<int> taken;
  for (int fd; (fd = dup(0)) >= 0;) taken.push_back(fd);
  Look(2);
  EXPECT_EQ(Report().loads, 1u);
  EXPECT_THAT(Report().alarms, ElementsAre(HasSubstr("Too many open files")));
  // One is enough to read, two are needed to install: none or all.
  close(taken.back());
  taken.pop_back();
  Look(2);
  EXPECT_EQ(Report().loads, 1u);
  for (const int fd : taken) close(fd);
  Look();
  EXPECT_EQ(Report().loads, 2u);
  EXPECT_THAT(Report().alarms, IsEmpty());
}

}  // namespace
}  // namespace lethe::server
