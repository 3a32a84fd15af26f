// Callers that ask for much and read nothing.
#include <gtest/gtest.h>

#include "absl/strings/str_format.h"
#include "absl/time/clock.h"
#include "lethe/v1/admin_service.grpc.pb.h"
#include "lethe/v1/rights_service.grpc.pb.h"
#include "lethe/v1/vault_service.grpc.pb.h"
#include "tests/floods/flood_world.h"
#include "tests/system/made_up.h"

namespace lethe::test {
namespace {

constexpr int kConnections = 8;
constexpr int kStreams = 64;
constexpr int kRecords = 24;
constexpr std::size_t kRecordBytes = 1'000'000;

class StalledStreamsTest : public ::testing::Test {
 protected:
  void SetUp() override {
    auto world = FloodWorld::Make({"--limits-stalled", "3s"});
    ASSERT_TRUE(world.ok()) << world.status();
    world_ = std::move(*world);
    const Client& client = world_->flooder();
    const auto subject = client.CreateSubject({}, rng_.RequestId());
    ASSERT_TRUE(subject.ok()) << subject.error().ToText();
    subject_ = *subject;
    for (int i = 0; i < kRecords; ++i) {
      const std::string data = "{\"text\":\"" + std::string(kRecordBytes, 'x') + "\"}";
      const auto record = client.CreateRecord(subject_, kAccount, data, rng_.RequestId());
      ASSERT_TRUE(record.ok()) << record.error().ToText();
    }
  }

  // A stream of any kind that nobody reads from.
  struct Stalled {
    grpc::ClientContext context;
    std::unique_ptr<grpc::ClientReader<v1::ArtifactChunk>> reader;
    std::unique_ptr<grpc::ClientReaderWriter<v1::ImportRecordsRequest, v1::ImportRecordsResponse>>
        import;
  };
  using Streams = std::vector<std::unique_ptr<Stalled>>;

  template <typename Open>
  std::function<void()> Open64(const std::string& who, const Open& open) {
    auto streams = std::make_shared<Streams>();
    std::vector<std::shared_ptr<grpc::Channel>> channels;
    for (int i = 0; i < kConnections; ++i) channels.push_back(world_->Connect(who));
    for (int i = 0; i < kStreams; ++i) {
      auto stream = std::make_unique<Stalled>();
      stream->context.set_wait_for_ready(true);
      open(channels[static_cast<std::size_t>(i % kConnections)], *stream);
      streams->push_back(std::move(stream));
    }
    return [streams] {
      for (const auto& stream : *streams) stream->context.TryCancel();
      for (const auto& stream : *streams) {
        if (stream->reader != nullptr) (void)stream->reader->Finish();
        if (stream->import != nullptr) (void)stream->import->Finish();
      }
    };
  }

  std::function<void()> Exports() {
    return Open64(kTenant, [this](const auto& channel, Stalled& stream) {
      v1::ExportSubjectRequest request;
      request.mutable_subject()->set_name(subject_);
      request.set_purpose(kService);
      stream.reader = v1::RightsService::NewStub(channel)->ExportSubject(&stream.context, request);
    });
  }
  std::function<void()> Reports() {
    return Open64(kTenant, [this](const auto& channel, Stalled& stream) {
      v1::GenerateAccessReportRequest request;
      request.mutable_subject()->set_name(subject_);
      request.set_purpose(kService);
      stream.reader =
          v1::RightsService::NewStub(channel)->GenerateAccessReport(&stream.context, request);
    });
  }
  std::function<void()> Backups() {
    return Open64("operator", [](const auto& channel, Stalled& stream) {
      stream.reader = v1::AdminService::NewStub(channel)->CreateBackup(&stream.context,
                                                                       v1::CreateBackupRequest());
    });
  }
  // One chunk of large lines each, whose acknowledgement nobody reads.
  std::function<void()> Imports() {
    return Open64(kTenant, [this](const auto& channel, Stalled& stream) {
      v1::ImportRecordsRequest request;
      request.set_parent(absl::StrFormat("tenants/%s", kTenant));
      request.set_purpose(kService);
      for (int line = 1; line <= 3; ++line) {
        v1::ImportItem* item = request.add_items();
        item->set_line(line);
        item->set_request_id(rng_.RequestId());
        item->mutable_subject()->set_name(subject_);
        item->mutable_record()->set_category(kAccount);
        item->mutable_record()->set_data("{\"text\":\"" + std::string(kRecordBytes, 'x') + "\"}");
      }
      stream.import = v1::VaultService::NewStub(channel)->ImportRecords(&stream.context);
      (void)stream.import->Write(request);
    });
  }

  Rng rng_{20260112, 0};
  std::unique_ptr<FloodWorld> world_;
  std::string subject_;
};

TEST_F(StalledStreamsTest, ExportsThatNobodyReads) {
  ExpectBounded("exports", Measure(*world_, [this] { return Exports(); }));
}

TEST_F(StalledStreamsTest, ReportsThatNobodyReads) {
  ExpectBounded("reports", Measure(*world_, [this] { return Reports(); }));
}

TEST_F(StalledStreamsTest, BackupsThatNobodyReads) {
  ExpectBounded("backups", Measure(*world_, [this] { return Backups(); }));
}

TEST_F(StalledStreamsTest, ImportsThatNobodyReads) {
  ExpectBounded("imports", Measure(*world_, [this] { return Imports(); }));
}

// All slots are taken by callers that do not read: they are cut off, and others get them.
TEST_F(StalledStreamsTest, SlotsComeBack) {
  const std::function<void()> end = Exports();
  Rng rng(20260113, 0);
  const auto own = world_->bystander().CreateSubject({}, rng.RequestId());
  ASSERT_TRUE(own.ok()) << own.error().ToText();
  const absl::Time start = absl::Now();
  bool refused = false;
  while (true) {
    const auto document = world_->bystander().Document(DocumentKind::kExport, *own);
    if (document.ok()) break;
    refused = true;
    EXPECT_EQ(document.error().reason, "QUEUE_FULL");
    ASSERT_LT(absl::Now() - start, absl::Seconds(15));
    absl::SleepFor(absl::Milliseconds(50));
  }
  EXPECT_TRUE(refused) << "the control: the slots were taken";
  end();
}

}  // namespace
}  // namespace lethe::test
