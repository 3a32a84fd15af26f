// Development certificates as OpenSSL's own program sees them, and the doctor's view of them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>

#include "cli/doctor/certificate_checks.h"
#include "cli/init/dev_certificates.h"
#include "crypto/certificate.h"
#include "crypto/dev_ca.h"
#include "tests/cli/support/cli_runner.h"

namespace lethe::cli {
namespace {

using test::ReadFile;
using testing::ElementsAre;
using testing::HasSubstr;

struct CertificatesTest : testing::Test {
  CertificatesTest() { EXPECT_TRUE(WriteDevCertificates(dir, {"acme"}, clock).ok()); }

  CertificateFiles Files(const std::string& name) const {
    return {
        .ca = dir + "/ca.crt", .cert = dir + "/" + name + ".crt", .key = dir + "/" + name + ".key"};
  }
  // What openssl prints, and whether it was content.
  std::pair<bool, std::string> Openssl(const std::string& arguments) const {
    const std::string out = runner.folder / "openssl.out";
    const bool content = std::system(("openssl " + arguments + " >" + out + " 2>&1").c_str()) == 0;
    return {content, ReadFile(out)};
  }

  test::CliRunner runner;
  SystemClock clock;
  std::string dir = runner.folder / "tls";
};

TEST_F(CertificatesTest, OpensslVerifiesEachForItsPurposeAndForNoOther) {
  const std::string verify = "verify -x509_strict -CAfile " + dir + "/ca.crt -purpose ";
  EXPECT_TRUE(Openssl(verify + "sslserver " + dir + "/server.crt").first);
  EXPECT_TRUE(Openssl(verify + "sslclient " + dir + "/acme.crt").first);
  EXPECT_FALSE(Openssl(verify + "sslclient " + dir + "/server.crt").first);
  EXPECT_FALSE(Openssl(verify + "sslserver " + dir + "/acme.crt").first);
}

TEST_F(CertificatesTest, AClientIsKnownByOneUriAndTheServerByItsAddresses) {
  const auto client = crypto::InspectCertificate(ReadFile(dir + "/acme.crt"));
  ASSERT_TRUE(client.ok());
  EXPECT_THAT(client->uris, ElementsAre("spiffe://lethe.dev/tenants/acme/clients/dev"));
  EXPECT_FALSE(client->is_ca);
  const auto text = Openssl("x509 -noout -ext subjectAltName -in " + dir + "/server.crt").second;
  EXPECT_THAT(text, HasSubstr("DNS:localhost, IP Address:127.0.0.1"));
}

TEST_F(CertificatesTest, KeysAreTheirOwnersAloneAndTheAuthoritysIsNotThere) {
  EXPECT_EQ(test::ModeOf(dir), 0700u);
  EXPECT_EQ(test::ModeOf(dir + "/server.key"), 0600u);
  EXPECT_EQ(test::ModeOf(dir + "/acme.key"), 0600u);
  EXPECT_FALSE(test::FileExists(dir + "/ca.key"));
}

TEST_F(CertificatesTest, AKeyMatchesItsOwnCertificateOnly) {
  const std::string cert = ReadFile(dir + "/acme.crt");
  EXPECT_TRUE(crypto::CheckKeyMatches(cert, ReadFile(dir + "/acme.key")).ok());
  EXPECT_FALSE(crypto::CheckKeyMatches(cert, ReadFile(dir + "/server.key")).ok());
  EXPECT_FALSE(crypto::CheckKeyMatches(cert, "no key").ok());
  EXPECT_FALSE(crypto::InspectCertificate("no certificate").ok());
}

TEST_F(CertificatesTest, OnlyTheirOwnAuthorityIssuedThem) {
  const auto other = crypto::DevCa::Create(clock.Now());
  ASSERT_TRUE(other.ok());
  const std::string cert = ReadFile(dir + "/acme.crt");
  EXPECT_TRUE(crypto::CheckIssuedBy(cert, ReadFile(dir + "/ca.crt")).ok());
  EXPECT_FALSE(crypto::CheckIssuedBy(cert, other->certificate_pem()).ok());
}

TEST_F(CertificatesTest, TheDoctorIsContentWithThem) {
  EXPECT_EQ(CheckServerCertificate(Files("server"), clock.Now()).health, Health::kFine);
  EXPECT_EQ(CheckClientCertificate(Files("acme"), clock.Now()).health, Health::kFine);
}

TEST_F(CertificatesTest, TheDoctorSeesExpiryBeforeAndAfterItHappens) {
  const absl::Time end = clock.Now() + crypto::DevCa::kValidity;
  const auto soon = CheckServerCertificate(Files("server"), end - absl::Hours(24));
  EXPECT_EQ(soon.health, Health::kWarning);
  const auto late = CheckServerCertificate(Files("server"), end + absl::Hours(1));
  EXPECT_EQ(late.health, Health::kBroken);
  EXPECT_THAT(late.found, HasSubstr("expired"));
  const auto early = CheckServerCertificate(Files("server"), clock.Now() - absl::Hours(48));
  EXPECT_EQ(early.health, Health::kBroken);
}

TEST_F(CertificatesTest, TheDoctorSeesAWrongKeyAnOpenKeyAndAClientWithoutUri) {
  CertificateFiles swapped = Files("acme");
  swapped.key = dir + "/server.key";
  EXPECT_THAT(CheckClientCertificate(swapped, clock.Now()).found, HasSubstr("is not the key"));
  EXPECT_THAT(CheckClientCertificate(Files("server"), clock.Now()).found, HasSubstr("one URI"));
  ::chmod((dir + "/acme.key").c_str(), 0644);
  EXPECT_THAT(CheckClientCertificate(Files("acme"), clock.Now()).found, HasSubstr("chmod 600"));
}

TEST_F(CertificatesTest, TheDoctorReadsTheRevocationListsOfAServer) {
  const auto ca = crypto::DevCa::Create(clock.Now());
  const auto own = ca->Issue({"server", {"DNS:localhost"}, true});
  CertificateFiles files = {.ca = dir + "/own-ca.crt",
                            .cert = dir + "/own.crt",
                            .key = dir + "/own.key",
                            .crl = dir + "/own.crl"};
  std::ofstream(files.ca) << ca->certificate_pem();
  std::ofstream(files.cert) << own->certificate_pem;
  std::ofstream(files.key) << own->key_pem;
  ::chmod(files.key.c_str(), 0600);
  std::ofstream(files.crl) << *ca->Revoke({});
  EXPECT_EQ(CheckServerCertificate(files, clock.Now()).health, Health::kFine);
  std::ofstream(files.crl) << *crypto::DevCa::Create(clock.Now())->Revoke({});
  EXPECT_THAT(CheckServerCertificate(files, clock.Now()).found,
              HasSubstr("no authority of tls.ca"));
}

}  // namespace
}  // namespace lethe::cli
