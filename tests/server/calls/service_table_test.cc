#include "server/calls/service_table.h"

#include <gtest/gtest.h>

#include "lethe/v1/admin_service.grpc.pb.h"

namespace lethe::server {
namespace {

// What MakeServices goes by: were it not so, a method without a line would go unnoticed.
TEST(ServiceTableTest, WhatHasNoLineIsSynchronous) {
  EXPECT_TRUE(v1::AdminService::Service().has_synchronous_methods());
  EXPECT_FALSE(v1::AdminService::CallbackService().has_synchronous_methods());
}

}  // namespace
}  // namespace lethe::server
