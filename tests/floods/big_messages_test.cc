// Messages as large as the server takes any, many at once: requests that are refused, and pages
// that nobody reads.
#include <gtest/gtest.h>

#include <thread>

#include "absl/strings/str_format.h"
#include "absl/time/clock.h"
#include "lethe/v1/vault_service.grpc.pb.h"
#include "tests/floods/flood_world.h"
#include "tests/system/made_up.h"

namespace lethe::test {
namespace {

constexpr int kConnections = 8;
constexpr int kCalls = 64;
constexpr std::size_t kMessageBytes = (4u << 20) - 4096;

class BigMessagesTest : public ::testing::Test {
 protected:
  void SetUp() override {
    auto world = FloodWorld::Make({});
    ASSERT_TRUE(world.ok()) << world.status();
    world_ = std::move(*world);
    const auto subject = world_->flooder().CreateSubject({}, rng_.RequestId());
    ASSERT_TRUE(subject.ok()) << subject.error().ToText();
    subject_ = *subject;
  }

  Rng rng_{20260114, 0};
  std::unique_ptr<FloodWorld> world_;
  std::string subject_;
};

TEST_F(BigMessagesTest, RequestsOfFourMebibytes) {
  v1::CreateRecordRequest request;
  request.mutable_subject()->set_name(subject_);
  request.set_purpose(kService);
  request.set_request_id(rng_.RequestId());
  request.mutable_record()->set_category(kAccount);
  request.mutable_record()->set_data(std::string(kMessageBytes, ' '));
  ExpectBounded(
      "4 MiB requests", Measure(*world_, [&] {
        auto ended = std::make_shared<std::atomic<bool>>(false);
        auto senders = std::make_shared<std::vector<std::thread>>();
        for (int i = 0; i < kCalls; ++i) {
          if (i % (kCalls / kConnections) != 0) continue;
          const auto channel = world_->Connect(kTenant);
          for (int j = 0; j < kCalls / kConnections; ++j) {
            senders->emplace_back([&request, channel, ended] {
              const auto stub = v1::VaultService::NewStub(channel);
              do {
                grpc::ClientContext context;
                context.set_deadline(absl::ToChronoTime(absl::Now() + Client::kCallLimit));
                v1::Record record;
                const grpc::Status status = stub->CreateRecord(&context, request, &record);
                EXPECT_FALSE(status.ok());
              } while (!*ended);
            });
          }
        }
        return [ended, senders] {
          *ended = true;
          for (std::thread& sender : *senders) sender.join();
        };
      }));
}

}  // namespace
}  // namespace lethe::test
