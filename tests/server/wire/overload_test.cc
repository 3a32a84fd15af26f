// What a server answers that has as much to do as it will queue.
#include <gtest/gtest.h>

#include <array>

#include "absl/strings/str_format.h"
#include "lethe/v1/vault_service.grpc.pb.h"
#include "tests/server/error_details.h"
#include "tests/server/wire/test_server.h"

namespace lethe::test {
namespace {

TEST(OverloadTest, AFullQueueAnswersAtOnceWithAdvice) {
  TestServer server;
  server.config.limits.workers = 1;
  server.config.limits.queue_unary = 1;
  ASSERT_TRUE(server.Start().ok());
  const auto channel = server.Connect({kAcmeClient});
  const auto stub = v1::VaultService::NewStub(channel);
  v1::GetSubjectRequest request;
  request.set_purpose("service");
  request.mutable_subject()->set_name(absl::StrFormat("tenants/acme/subjects/%s", kUuid));
  server.vault.Hold();

  // Of three calls one is held by the vault, one waits in the queue, and one is refused.
  struct Outcome {
    CallContext context;
    v1::Subject subject;
    grpc::Status status;
  };
  std::array<Outcome, 3> calls;
  absl::Mutex mutex;
  int done = 0;
  for (Outcome& call : calls) {
    if (&call == &calls[1]) server.vault.AwaitHeld(1);
    stub->async()->GetSubject(&call.context, &request, &call.subject, [&](grpc::Status status) {
      absl::MutexLock hold(&mutex);
      call.status = std::move(status);
      ++done;
    });
  }
  const auto await = [&](int count) {
    absl::MutexLock hold(&mutex);
    const auto reached = [&] { return done >= count; };
    mutex.Await(absl::Condition(&reached));
  };
  await(1);
  server.vault.Release();
  await(3);
  int full = 0;
  for (const Outcome& call : calls) {
    if (ReasonIn(call.status) == "QUEUE_FULL") {
      ++full;
      EXPECT_TRUE(DetailOf<rpc::v1::RetryInfo>(call.status).has_value());
    } else {
      EXPECT_EQ(ReasonIn(call.status), "RESOURCE_NOT_FOUND");
    }
  }
  EXPECT_EQ(full, 1);
}

}  // namespace
}  // namespace lethe::test
