#include "server/door/permission.h"

#include <gtest/gtest.h>

namespace lethe::server {
namespace {

const vault::Principal kClient{"spiffe://example.org/tenants/acme/clients/billing", "acme"};
const vault::Principal kOperator{"spiffe://example.org/operators/dora", ""};

TEST(PermissionTest, EveryPermissionIsSomebodys) {
  const auto* permissions = v1::Permission_descriptor();
  for (int i = 0; i < permissions->value_count(); ++i) {
    const auto permission = static_cast<v1::Permission>(permissions->value(i)->number());
    if (permission == v1::PERMISSION_UNSPECIFIED) continue;
    EXPECT_NE(AudienceOf(permission), v1::AUDIENCE_UNSPECIFIED) << permissions->value(i)->name();
    EXPECT_TRUE(Allows(kClient, permission) || Allows(kOperator, permission))
        << permissions->value(i)->name();
  }
}

TEST(PermissionTest, DataIsForTheClientsOfATenantAlone) {
  EXPECT_TRUE(Allows(kClient, v1::PERMISSION_RECORD_READ));
  EXPECT_FALSE(Allows(kOperator, v1::PERMISSION_RECORD_READ));
  EXPECT_TRUE(Allows(kClient, v1::PERMISSION_TENANT_END));
  EXPECT_FALSE(Allows(kOperator, v1::PERMISSION_TENANT_END));
}

TEST(PermissionTest, KeysAndBackupsAreForOperatorsAlone) {
  for (const auto permission :
       {v1::PERMISSION_BACKUP, v1::PERMISSION_KEY_READ, v1::PERMISSION_KEY_CHANGE}) {
    EXPECT_TRUE(Allows(kOperator, permission));
    EXPECT_FALSE(Allows(kClient, permission));
  }
}

TEST(PermissionTest, TheStatusIsForBoth) {
  EXPECT_TRUE(Allows(kClient, v1::PERMISSION_STATUS_READ));
  EXPECT_TRUE(Allows(kOperator, v1::PERMISSION_STATUS_READ));
}

TEST(PermissionTest, WhatTheProtoDoesNotKnowIsNobodys) {
  for (const auto permission : {v1::PERMISSION_UNSPECIFIED, static_cast<v1::Permission>(999)}) {
    EXPECT_EQ(AudienceOf(permission), v1::AUDIENCE_UNSPECIFIED);
    EXPECT_FALSE(Allows(kClient, permission));
    EXPECT_FALSE(Allows(kOperator, permission));
  }
}

}  // namespace
}  // namespace lethe::server
