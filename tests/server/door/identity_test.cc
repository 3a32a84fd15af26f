#include "server/door/identity.h"

#include <gtest/gtest.h>

#include "base/reason.h"

namespace lethe::server {
namespace {

TEST(IdentityTest, AClientOfATenantIsKnownByItsUri) {
  const auto principal = PrincipalFrom({"spiffe://example.org/tenants/acme/clients/billing"});
  ASSERT_TRUE(principal.ok());
  EXPECT_EQ(principal->id, "spiffe://example.org/tenants/acme/clients/billing");
  EXPECT_EQ(principal->tenant, "acme");
}

TEST(IdentityTest, AnOperatorBelongsToNoTenant) {
  const auto principal = PrincipalFrom({"spiffe://example.org/operators/dora"});
  ASSERT_TRUE(principal.ok());
  EXPECT_EQ(principal->tenant, "");
}

TEST(IdentityTest, NoUriAndTwoUrisAreNobody) {
  EXPECT_EQ(ReasonOf(PrincipalFrom({}).status()), Reason::kPeerUnknown);
  const auto two = PrincipalFrom({"spiffe://example.org/tenants/acme/clients/a",
                                  "spiffe://example.org/tenants/acme/clients/b"});
  EXPECT_EQ(ReasonOf(two.status()), Reason::kPeerUnknown);
}

TEST(IdentityTest, OtherFormsAreNobody) {
  for (const std::string& uri :
       {std::string(""), std::string("spiffe://"), std::string("spiffe://example.org"),
        std::string("spiffe:///tenants/acme/x"), std::string("https://example.org/tenants/acme/x"),
        std::string("spiffe://example.org/tenants"), std::string("spiffe://example.org/tenants/"),
        std::string("spiffe://example.org/tenants//x"),
        std::string("spiffe://example.org/tenants/Acme/x"),
        std::string("spiffe://example.org/tenants/-/x"),
        std::string("spiffe://example.org/workloads/acme/x"),
        std::string("spiffe://example.org/operators"),
        std::string("spiffe://example.org/operators/dora/tenants/acme"),
        std::string("spiffe://example.org/tenants/acme/a b"),
        std::string("spiffe://example.org/tenants/acme/a\n"),
        std::string("spiffe://example.org/tenants/acme/") + std::string(300, 'a')}) {
    EXPECT_EQ(ReasonOf(PrincipalFrom({uri}).status()), Reason::kPeerUnknown) << uri;
  }
}

}  // namespace
}  // namespace lethe::server
