#include "server/door/method_table.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "google/protobuf/descriptor.pb.h"
#include "lethe/v1/options.pb.h"

namespace lethe::server {
namespace {

using ::testing::HasSubstr;

// A service made at run time with one method, whose permission is `permission` if it is not null.
class MadeUpService {
 public:
  explicit MadeUpService(const char* permission)
      : pool_(google::protobuf::DescriptorPool::generated_pool()) {
    google::protobuf::FileDescriptorProto file;
    file.set_name("made_up_service.proto");
    file.set_package("lethe.v1");
    file.set_syntax("proto3");
    file.add_dependency("lethe/v1/options.proto");
    file.add_dependency("lethe/v1/admin_service.proto");
    auto* service = file.add_service();
    service->set_name("MadeUpService");
    auto* method = service->add_method();
    method->set_name("Peek");
    method->set_input_type(".lethe.v1.GetStatusRequest");
    method->set_output_type(".lethe.v1.GetStatusResponse");
    if (permission != nullptr) {
      method->mutable_options()->SetExtension(v1::permission, permission);
    }
    service_ = pool_.BuildFile(file)->service(0);
  }
  const google::protobuf::ServiceDescriptor* service() const { return service_; }

 private:
  google::protobuf::DescriptorPool pool_;
  const google::protobuf::ServiceDescriptor* service_;
};

TEST(MethodTableTest, EveryMethodOfTheApiHasAPermission) {
  const auto table = MethodTable::Build();
  ASSERT_TRUE(table.ok()) << table.status();
  EXPECT_EQ(table->methods().size(), 27u);
  EXPECT_EQ(table->Get("lethe.v1.VaultService/GetRecord").permission, "records.get");
  EXPECT_EQ(table->Get("lethe.v1.AdminService/GetStatus").audience, Audience::kAnybody);
  for (const char* method : {"CreateBackup", "GetKeyStatus", "RotateRoot", "StepHorizon",
                             "AttestHorizon", "RetireHolder"}) {
    EXPECT_EQ(table->Get(std::string("lethe.v1.AdminService/").append(method)).audience,
              Audience::kOperator);
  }
}

TEST(MethodTableTest, AMethodWithoutAPermissionStopsTheStart) {
  const auto table = MethodTable::Build({MadeUpService(nullptr).service()});
  ASSERT_FALSE(table.ok());
  EXPECT_THAT(std::string(table.status().message()), HasSubstr("lethe.v1.MadeUpService/Peek"));
}

TEST(MethodTableTest, APermissionNobodyCanHoldStopsTheStart) {
  EXPECT_FALSE(MethodTable::Build({MadeUpService("records.peek").service()}).ok());
  EXPECT_TRUE(MethodTable::Build({MadeUpService("records.get").service()}).ok());
}

}  // namespace
}  // namespace lethe::server
