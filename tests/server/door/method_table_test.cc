#include "server/door/method_table.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "google/protobuf/descriptor.pb.h"
#include "lethe/v1/options.pb.h"
#include "server/door/permission.h"

namespace lethe::server {
namespace {

using ::testing::HasSubstr;

constexpr char kWithoutRequestId[] = ".lethe.v1.GetStatusRequest";
constexpr char kWithRequestId[] = ".lethe.v1.RotateRootRequest";

v1::MethodRules Rules(v1::Permission permission, bool changes = false) {
  v1::MethodRules rules;
  rules.set_permission(permission);
  rules.set_changes(changes);
  return rules;
}

// A service made at run time with one method, which has `rules` if they are not null.
class MadeUpService {
 public:
  explicit MadeUpService(const v1::MethodRules* rules, const char* request = kWithoutRequestId)
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
    method->set_input_type(request);
    method->set_output_type(".lethe.v1.GetStatusResponse");
    if (rules != nullptr) *method->mutable_options()->MutableExtension(v1::method) = *rules;
    service_ = pool_.BuildFile(file)->service(0);
  }
  const google::protobuf::ServiceDescriptor* service() const { return service_; }

 private:
  google::protobuf::DescriptorPool pool_;
  const google::protobuf::ServiceDescriptor* service_;
};

bool Starts(const v1::MethodRules& rules, const char* request = kWithoutRequestId) {
  return MethodTable::Build({MadeUpService(&rules, request).service()}).ok();
}

TEST(MethodTableTest, EveryMethodOfTheApiHasAPermission) {
  const auto table = MethodTable::Build();
  ASSERT_TRUE(table.ok()) << table.status();
  int methods = 0;
  for (const char* service : {"VaultService", "RightsService", "AdminService"}) {
    methods += google::protobuf::DescriptorPool::generated_pool()
                   ->FindServiceByName(std::string("lethe.v1.").append(service))
                   ->method_count();
  }
  EXPECT_EQ(table->methods().size(), static_cast<std::size_t>(methods));
  EXPECT_EQ(table->methods().at("lethe.v1.VaultService/GetRecord").permission,
            v1::PERMISSION_RECORD_READ);
  EXPECT_EQ(AudienceOf(table->methods().at("lethe.v1.AdminService/GetStatus").permission),
            v1::AUDIENCE_ANYBODY);
  for (const char* method : {"CreateBackup", "GetKeyStatus", "RotateRoot", "StepHorizon",
                             "AttestHorizon", "RetireHolder", "RejoinHolder"}) {
    const Method& found = table->methods().at(std::string("lethe.v1.AdminService/").append(method));
    EXPECT_EQ(AudienceOf(found.permission), v1::AUDIENCE_OPERATOR);
  }
}

TEST(MethodTableTest, EveryPermissionIsAskedFor) {
  std::set<int> asked = {v1::PERMISSION_UNSPECIFIED};
  const auto table = MethodTable::Build();
  ASSERT_TRUE(table.ok()) << table.status();
  for (const auto& [name, method] : table->methods()) asked.insert(method.permission);
  EXPECT_EQ(asked.size(), static_cast<std::size_t>(v1::Permission_descriptor()->value_count()));
}

TEST(MethodTableTest, AMethodWithoutAPermissionStopsTheStart) {
  const auto table = MethodTable::Build({MadeUpService(nullptr).service()});
  ASSERT_FALSE(table.ok());
  EXPECT_THAT(std::string(table.status().message()), HasSubstr("lethe.v1.MadeUpService/Peek"));
  EXPECT_FALSE(Starts(v1::MethodRules()));
}

TEST(MethodTableTest, APermissionNobodyCanHoldStopsTheStart) {
  EXPECT_FALSE(Starts(Rules(static_cast<v1::Permission>(999))));
  EXPECT_TRUE(Starts(Rules(v1::PERMISSION_RECORD_READ)));
}

TEST(MethodTableTest, TwoMethodsWithOneRequestStopTheStart) {
  const v1::MethodRules rules = Rules(v1::PERMISSION_STATUS_READ);
  const MadeUpService one(&rules);
  const MadeUpService other(&rules);
  EXPECT_TRUE(MethodTable::Build({one.service()}).ok());
  EXPECT_FALSE(MethodTable::Build({one.service(), other.service()}).ok());
}

TEST(MethodTableTest, AChangeThatCannotBeSentAgainStopsTheStart) {
  EXPECT_FALSE(Starts(Rules(v1::PERMISSION_RECORD_WRITE, true), kWithoutRequestId));
  EXPECT_TRUE(Starts(Rules(v1::PERMISSION_RECORD_WRITE, true), kWithRequestId));
  EXPECT_FALSE(Starts(Rules(v1::PERMISSION_RECORD_WRITE, false), kWithRequestId));
}

}  // namespace
}  // namespace lethe::server
