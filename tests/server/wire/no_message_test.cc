// What is no message of the method it is sent to, or longer than any, over the wire: of every
// method there is.
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "google/protobuf/descriptor.h"
#include "grpcpp/completion_queue.h"
#include "grpcpp/generic/generic_stub.h"
#include "lethe/v1/admin_service.grpc.pb.h"
#include "lethe/v1/rights_service.grpc.pb.h"
#include "lethe/v1/vault_service.grpc.pb.h"
#include "server/calls/incoming.h"
#include "tests/server/error_details.h"
#include "tests/server/wire/test_server.h"

namespace lethe::test {
namespace {

using google::protobuf::MethodDescriptor;

std::vector<const MethodDescriptor*> EveryMethod() {
  std::vector<const MethodDescriptor*> methods;
  for (const char* service :
       {v1::VaultService::service_full_name(), v1::RightsService::service_full_name(),
        v1::AdminService::service_full_name()}) {
    const auto* found =
        google::protobuf::DescriptorPool::generated_pool()->FindServiceByName(service);
    for (int i = 0; i < found->method_count(); ++i) methods.push_back(found->method(i));
  }
  return methods;
}

class NoMessageTest : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_TRUE(server_.Start().ok());
    for (const char* who : {kAcmeClient, "URI:spiffe://example.org/operators/dora"}) {
      channels_.push_back(server_.Connect({who}));
    }
  }

  // By whoever may call it.
  grpc::Status Send(const MethodDescriptor& method, const std::string& bytes) {
    grpc::Status status;
    for (const auto& channel : channels_) {
      status = SendOver(channel, method, bytes);
      ++sent_;
      if (ReasonIn(status) != "ROLE_MISSING") break;
    }
    return status;
  }

  static grpc::Status SendOver(const std::shared_ptr<grpc::Channel>& channel,
                               const MethodDescriptor& method, const std::string& bytes) {
    grpc::GenericStub stub(channel);
    grpc::CompletionQueue queue;
    CallContext context;
    const auto call = stub.PrepareCall(
        &context, "/" + method.service()->full_name() + "/" + method.name(), &queue);
    const auto done = [&queue] {
      void* tag = nullptr;
      bool ok = false;
      return queue.Next(&tag, &ok) && ok;
    };
    call->StartCall(nullptr);
    grpc::ByteBuffer answer;
    if (done()) {
      const grpc::Slice slice(bytes);
      call->WriteLast(grpc::ByteBuffer(&slice, 1), {}, nullptr);
      (void)done();
      call->Read(&answer, nullptr);
      EXPECT_FALSE(done()) << method.full_name() << " answers";
    }
    grpc::Status status;
    call->Finish(&status, nullptr);
    (void)done();
    return status;
  }

  static std::string RuleIn(const grpc::Status& status) {
    const auto info = DetailOf<rpc::v1::ErrorInfo>(status);
    if (!info.has_value()) return "none";
    const auto rule = info->metadata().find("rule");
    return rule == info->metadata().end() ? "none" : rule->second;
  }

  TestServer server_;
  std::vector<std::shared_ptr<grpc::Channel>> channels_;
  std::size_t sent_ = 0;
};

// Who asks for a document names a subject and little else.
bool IsTooLongFor(const MethodDescriptor& method, std::int64_t bytes) {
  return method.server_streaming() && !method.client_streaming() &&
         method.name() != "CreateBackup" && bytes > server::kParsedAtOnceMax;
}

TEST_F(NoMessageTest, BytesThatAreNoMessageAreRefusedWithAReasonByEveryMethod) {
  // One that is parsed at once, and one that a worker parses.
  for (const std::size_t size : {std::size_t{16}, std::size_t{200'000}}) {
    const std::string bytes(size, '\xff');
    for (const MethodDescriptor* method : EveryMethod()) {
      const grpc::Status status = Send(*method, bytes);
      EXPECT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT) << method->full_name();
      EXPECT_EQ(ReasonIn(status), "FIELD_INVALID") << method->full_name();
      EXPECT_EQ(RuleIn(status),
                IsTooLongFor(*method, static_cast<std::int64_t>(size)) ? "max_bytes" : "message")
          << method->full_name();
    }
  }
  EXPECT_EQ(server_.vault.calls(), 0);
  EXPECT_EQ(server_.vault.refusals().size(), sent_);
  for (const FakeVault::Refusal& refusal : server_.vault.refusals()) {
    EXPECT_EQ(refusal.caller.tenant, refusal.caller.principal.tenant) << refusal.method;
  }
}

TEST_F(NoMessageTest, WhatIsLongerThanAnyRequestIsNotParsed) {
  const std::string bytes(2 << 20, '\xff');
  for (const MethodDescriptor* method : EveryMethod()) {
    // An import's chunk may be as long, and what a backup's caller has already.
    if (method->client_streaming() || method->name() == "CreateBackup") continue;
    EXPECT_EQ(RuleIn(Send(*method, bytes)), "max_bytes") << method->full_name();
  }
  EXPECT_EQ(server_.vault.calls(), 0);
}

}  // namespace
}  // namespace lethe::test
