#include "crypto/revocation.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>

#include "absl/time/clock.h"
#include "crypto/dev_ca.h"

namespace lethe::crypto {
namespace {

using testing::HasSubstr;

DevCa MakeCa(absl::Time now = absl::Now()) { return *DevCa::Create(now); }

std::string ClientOf(const DevCa& ca) {
  return ca.Issue({"client", {"URI:spiffe://example.org/tenants/acme/clients/one"}})
      ->certificate_pem;
}

std::string FaultOf(const std::string& crl, const std::string& ca) {
  const auto lists = RevocationLists::Read(crl, ca, absl::Now());
  return lists.ok() ? "" : std::string(lists.status().message());
}

TEST(RevocationTest, OnlyWhatIsWithdrawnIsRefused) {
  const DevCa ca = MakeCa();
  const std::string kept = ClientOf(ca);
  const std::string gone = ClientOf(ca);
  const auto lists = RevocationLists::Read(*ca.Revoke({gone}), ca.certificate_pem(), absl::Now());
  ASSERT_TRUE(lists.ok()) << lists.status();
  EXPECT_TRUE(lists->Check(kept).ok());
  EXPECT_TRUE(absl::IsPermissionDenied(lists->Check(gone)));
  // Wherever in a chain it stands.
  EXPECT_TRUE(absl::IsPermissionDenied(lists->Check(kept + gone)));
  EXPECT_TRUE(absl::IsInvalidArgument(lists->Check("")));
}

TEST(RevocationTest, AnIssuerWithoutAListIsRefused) {
  const std::string path = testing::TempDir() + "/revocation_test.crt";
  const std::string command =
      "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=other "
      "-keyout /dev/null -out " +
      path + " 2>/dev/null";
  ASSERT_EQ(std::system(command.c_str()), 0);
  std::ifstream in(path);
  const std::string other{std::istreambuf_iterator<char>(in), {}};
  std::remove(path.c_str());
  const DevCa ca = MakeCa();
  const auto lists = RevocationLists::Read(*ca.Revoke({}), ca.certificate_pem(), absl::Now());
  ASSERT_TRUE(lists.ok());
  EXPECT_EQ(lists->Check(other).message(), "no list of the certificate's issuer");
  EXPECT_FALSE(lists->Check(ClientOf(ca) + other).ok());
}

TEST(RevocationTest, EveryAuthorityNeedsAListOfItsOwn) {
  const DevCa ca = MakeCa();
  const DevCa other = MakeCa();
  const std::string both = ca.certificate_pem() + other.certificate_pem();
  EXPECT_THAT(FaultOf(*ca.Revoke({}), both), HasSubstr("lacks the list"));
  EXPECT_EQ(FaultOf(*ca.Revoke({}) + *other.Revoke({}), both), "");
}

TEST(RevocationTest, AListOfAnotherAuthorityIsRefused) {
  const DevCa ca = MakeCa();
  const DevCa other = MakeCa();  // Of the same name: it is the signature that counts.
  EXPECT_THAT(FaultOf(*other.Revoke({}), ca.certificate_pem()), HasSubstr("no authority"));
}

TEST(RevocationTest, WhatIsCutOffOrNoListIsRefused) {
  const DevCa ca = MakeCa();
  const std::string list = *ca.Revoke({});
  EXPECT_THAT(FaultOf("", ca.certificate_pem()), HasSubstr("no whole revocation list"));
  EXPECT_THAT(FaultOf("garbage\n", ca.certificate_pem()), HasSubstr("no whole revocation list"));
  for (std::size_t size = 1; size + 2 < list.size(); size += 7) {
    EXPECT_NE(FaultOf(list.substr(0, size), ca.certificate_pem()), "") << size;
  }
  EXPECT_NE(FaultOf(list + list.substr(0, list.size() / 2), ca.certificate_pem()), "");
}

TEST(RevocationTest, AListOfTheFutureIsRefusedAndAnOverdueOneIsNot) {
  const DevCa future = MakeCa(absl::Now() + absl::Hours(24));
  EXPECT_THAT(FaultOf(*future.Revoke({}), future.certificate_pem()), HasSubstr("not in force yet"));
  const DevCa past = MakeCa(absl::Now() - absl::Hours(24 * 60));
  const std::string gone = ClientOf(past);
  const auto lists =
      RevocationLists::Read(*past.Revoke({gone}), past.certificate_pem(), absl::Now());
  ASSERT_TRUE(lists.ok());
  EXPECT_LT(lists->next_update(), absl::Now());
  EXPECT_TRUE(absl::IsPermissionDenied(lists->Check(gone)));
  EXPECT_TRUE(lists->Check(ClientOf(past)).ok());
}

}  // namespace
}  // namespace lethe::crypto
