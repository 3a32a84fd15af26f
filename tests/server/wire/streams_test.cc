// Reports, exports and imports over the wire.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/time/time.h"
#include "base/reason.h"
#include "crypto/hash.h"
#include "lethe/v1/admin_service.grpc.pb.h"
#include "lethe/v1/rights_service.grpc.pb.h"
#include "lethe/v1/vault_service.grpc.pb.h"
#include "tests/server/error_details.h"
#include "tests/server/wire/test_server.h"
#include "tests/support/canary.h"

namespace lethe::test {
namespace {

class StreamsTest : public ::testing::Test {
 protected:
  void SetUp() override {
    server_.config.limits.queue_streams = 1;
    ASSERT_TRUE(server_.Start().ok());
    const auto channel = server_.Connect({kAcmeClient});
    vault_ = v1::VaultService::NewStub(channel);
    rights_ = v1::RightsService::NewStub(channel);
  }

  std::string Someone() {
    v1::CreateSubjectRequest request;
    request.set_parent("tenants/acme");
    request.set_purpose("service");
    request.set_request_id(kUuid);
    v1::Subject subject;
    CallContext context;
    EXPECT_TRUE(vault_->CreateSubject(&context, request, &subject).ok());
    return subject.name();
  }

  struct Report {
    std::vector<v1::ArtifactChunk> chunks;
    std::string data;
    grpc::Status status;
  };

  Report Read(const std::string& subject) {
    v1::GenerateAccessReportRequest request;
    request.mutable_subject()->set_name(subject);
    request.set_purpose("access");
    Report report;
    CallContext context;
    const auto reader = rights_->GenerateAccessReport(&context, request);
    v1::ArtifactChunk chunk;
    while (reader->Read(&chunk)) {
      report.data += chunk.data();
      report.chunks.push_back(chunk);
    }
    report.status = reader->Finish();
    return report;
  }

  static v1::ImportItem Item(std::int64_t line, const std::string& email) {
    v1::ImportItem item;
    item.set_line(line);
    auto* by = item.mutable_subject()->mutable_identifier();
    by->set_parent("tenants/acme");
    by->set_type("email");
    by->set_value(kCanary + email);
    item.mutable_record()->set_category("account");
    item.mutable_record()->set_data("{}");
    item.set_request_id(kUuid);
    return item;
  }

  static v1::ImportRecordsRequest Chunk(std::vector<v1::ImportItem> items) {
    v1::ImportRecordsRequest chunk;
    chunk.set_parent("tenants/acme");
    chunk.set_purpose("service");
    for (auto& item : items) *chunk.add_items() = std::move(item);
    return chunk;
  }

  TestServer server_;
  std::unique_ptr<v1::VaultService::Stub> vault_;
  std::unique_ptr<v1::RightsService::Stub> rights_;
};

TEST_F(StreamsTest, AReportIsHeaderPiecesAndATrailerThatProvesThem) {
  server_.vault.SetArtifact({std::string(65536, 'a'), "b", "c"}, absl::OkStatus());
  const Report report = Read(Someone());
  ASSERT_TRUE(report.status.ok()) << report.status.error_message();
  ASSERT_EQ(report.chunks.size(), 5u);
  EXPECT_EQ(report.chunks.front().header().media_type(), "application/json");
  EXPECT_EQ(report.chunks.front().header().file_name(), "access-report.json");
  const v1::ArtifactTrailer& trailer = report.chunks.back().trailer();
  EXPECT_EQ(trailer.record_count(), 7);
  EXPECT_EQ(trailer.size_bytes(), static_cast<std::int64_t>(report.data.size()));
  const auto digest = crypto::Sha256(AsBytes(report.data));
  EXPECT_EQ(trailer.sha256(), std::string(AsText(digest)));
  EXPECT_EQ(trailer.withheld(0).category(), "billing");
}

TEST_F(StreamsTest, AnExportIsTheSame) {
  v1::ExportSubjectRequest request;
  request.mutable_subject()->set_name(Someone());
  request.set_purpose("portability");
  CallContext context;
  const auto reader = rights_->ExportSubject(&context, request);
  v1::ArtifactChunk chunk;
  ASSERT_TRUE(reader->Read(&chunk));
  EXPECT_EQ(chunk.header().file_name(), "export.json");
  while (reader->Read(&chunk)) continue;
  EXPECT_TRUE(chunk.has_trailer());
  EXPECT_TRUE(reader->Finish().ok());
}

TEST_F(StreamsTest, AnEraseInBetweenEndsTheStreamWithoutATrailer) {
  server_.vault.SetArtifact({"{"}, Refuse(Reason::kErasureInProgress, "the subject is erased"));
  const Report report = Read(Someone());
  EXPECT_EQ(ReasonIn(report.status), "ERASURE_IN_PROGRESS");
  ASSERT_EQ(report.chunks.size(), 2u);
  EXPECT_FALSE(report.chunks.back().has_trailer());
}

TEST_F(StreamsTest, ARefusedReportSendsNothing) {
  const Report absent = Read(std::string("tenants/acme/subjects/") + kUuid);
  EXPECT_EQ(ReasonIn(absent.status), "RESOURCE_NOT_FOUND");
  EXPECT_TRUE(absent.chunks.empty());
  const Report foreign = Read(std::string("tenants/globex/subjects/") + kUuid);
  EXPECT_EQ(ReasonIn(foreign.status), "TENANT_MISMATCH");
  EXPECT_EQ(server_.vault.refusals().size(), 1u);
}

TEST_F(StreamsTest, AClientThatGoesAwayFreesItsSlot) {
  const std::string subject = Someone();
  // Far more than the connection's window, so that the server is stuck in the middle of it.
  server_.vault.SetArtifact(std::vector<std::string>(256, std::string(65536, 'x')),
                            absl::OkStatus());
  {
    v1::GenerateAccessReportRequest request;
    request.mutable_subject()->set_name(subject);
    request.set_purpose("access");
    CallContext context;
    const auto reader = rights_->GenerateAccessReport(&context, request);
    v1::ArtifactChunk chunk;
    ASSERT_TRUE(reader->Read(&chunk));
    EXPECT_EQ(ReasonIn(Read(subject).status), "QUEUE_FULL");  // The only slot is taken.
    context.TryCancel();
    while (reader->Read(&chunk)) continue;
    EXPECT_EQ(reader->Finish().error_code(), grpc::StatusCode::CANCELLED);
  }
  Report report = Read(subject);
  while (ReasonIn(report.status) == "QUEUE_FULL") report = Read(subject);  // Until it is noticed.
  EXPECT_TRUE(report.status.ok()) << report.status.error_message();
}

TEST_F(StreamsTest, AStalledStreamEndsAtItsDeadline) {
  server_.vault.SetArtifact(std::vector<std::string>(256, std::string(65536, 'x')),
                            absl::OkStatus());
  v1::GenerateAccessReportRequest request;
  request.mutable_subject()->set_name(Someone());
  request.set_purpose("access");
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + std::chrono::milliseconds(300));
  const auto reader = rights_->GenerateAccessReport(&context, request);
  v1::ArtifactChunk chunk;
  EXPECT_TRUE(reader->Read(&chunk));
  // Nothing more is read; the server gives up by itself, or stopping it would wait.
  EXPECT_EQ(reader->Finish().error_code(), grpc::StatusCode::DEADLINE_EXCEEDED);
  server_.Stop(absl::Seconds(20));
}

class StalledTest : public StreamsTest {
 protected:
  void SetUp() override {
    server_.config.limits.stalled = absl::Seconds(1);
    StreamsTest::SetUp();
  }
};

TEST_F(StalledTest, WhoDoesNotReadIsCutOffAndToldWhy) {
  const std::string subject = Someone();
  server_.vault.SetArtifact(std::vector<std::string>(256, std::string(65536, 'x')),
                            absl::OkStatus());
  v1::GenerateAccessReportRequest request;
  request.mutable_subject()->set_name(subject);
  request.set_purpose("access");
  CallContext context;
  const auto reader = rights_->GenerateAccessReport(&context, request);
  v1::ArtifactChunk chunk;
  ASSERT_TRUE(reader->Read(&chunk));
  // Nothing more is read until somebody else has got the only slot.
  server_.vault.SetArtifact({"short"}, absl::OkStatus());
  Report other = Read(subject);
  while (ReasonIn(other.status) == "QUEUE_FULL") other = Read(subject);
  EXPECT_TRUE(other.status.ok()) << other.status.error_message();
  while (reader->Read(&chunk)) continue;
  EXPECT_EQ(reader->Finish().error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED);
  server_.Stop();
  EXPECT_THAT(server_.log_text(), ::testing::HasSubstr("\"reason\":\"QUOTA\""));
}

TEST_F(StreamsTest, AnImportIsAcknowledgedChunkByChunk) {
  CallContext context;
  const auto stream = vault_->ImportRecords(&context);
  v1::ImportRecordsResponse answer;
  ASSERT_TRUE(stream->Write(Chunk({Item(1, "a@example.org"), Item(2, "b@example.org")})));
  ASSERT_TRUE(stream->Read(&answer));
  EXPECT_EQ(answer.last_line(), 2);
  EXPECT_EQ(answer.imported_count(), 2);
  ASSERT_TRUE(stream->Write(Chunk({Item(5, "a@example.org"), Item(6, "c@example.org")})));
  ASSERT_TRUE(stream->Read(&answer));
  EXPECT_EQ(answer.last_line(), 6);
  EXPECT_EQ(answer.imported_count(), 1);
  EXPECT_EQ(answer.already_there_count(), 1);
  EXPECT_EQ(answer.failures_size(), 0);
  stream->WritesDone();
  EXPECT_FALSE(stream->Read(&answer));
  EXPECT_TRUE(stream->Finish().ok());
}

TEST_F(StreamsTest, ABadLineFailsAloneAndIsNamed) {
  v1::ImportItem no_data = Item(2, "no-data@example.org");
  no_data.mutable_record()->clear_data();
  v1::ImportItem foreign = Item(3, "c@example.org");
  foreign.mutable_subject()->mutable_identifier()->set_parent("tenants/globex");
  v1::ImportItem absent = Item(4, "");
  absent.mutable_subject()->set_name(std::string("tenants/acme/subjects/") + kUuid);
  CallContext context;
  const auto stream = vault_->ImportRecords(&context);
  stream->Write(Chunk({Item(1, "a@example.org"), no_data, foreign, absent, Item(5, "e@e.org")}));
  v1::ImportRecordsResponse answer;
  ASSERT_TRUE(stream->Read(&answer));
  stream->WritesDone();
  EXPECT_TRUE(stream->Finish().ok());
  EXPECT_EQ(answer.imported_count(), 2);
  ASSERT_EQ(answer.failures_size(), 3);
  EXPECT_EQ(answer.failures(0).line(), 2);
  EXPECT_EQ(answer.failures(0).reason(), "FIELD_REQUIRED");
  EXPECT_EQ(answer.failures(0).field(), "record.data");
  EXPECT_EQ(answer.failures(0).code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_EQ(answer.failures(1).reason(), "TENANT_MISMATCH");
  EXPECT_EQ(answer.failures(2).reason(), "RESOURCE_NOT_FOUND");
  EXPECT_EQ(answer.SerializeAsString().find(kCanary), std::string::npos);
}

TEST_F(StreamsTest, WhatDamagedTheVaultIsNotToldToAnImporter) {
  server_.vault.FailNext(absl::DataLossError("row 4711"));
  CallContext context;
  const auto stream = vault_->ImportRecords(&context);
  stream->Write(Chunk({Item(1, "a@example.org")}));
  v1::ImportRecordsResponse answer;
  ASSERT_TRUE(stream->Read(&answer));
  ASSERT_EQ(answer.failures_size(), 1);
  EXPECT_EQ(answer.failures(0).code(), grpc::StatusCode::DATA_LOSS);
  EXPECT_EQ(answer.failures(0).message(), "");
}

TEST_F(StreamsTest, LinesMustGrow) {
  CallContext context;
  const auto stream = vault_->ImportRecords(&context);
  v1::ImportRecordsResponse answer;
  stream->Write(Chunk({Item(4, "a@example.org")}));
  ASSERT_TRUE(stream->Read(&answer));
  stream->Write(Chunk({Item(4, "b@example.org")}));
  EXPECT_FALSE(stream->Read(&answer));
  const grpc::Status status = stream->Finish();
  EXPECT_EQ(DetailOf<rpc::v1::ErrorInfo>(status)->metadata().at("rule"), "order");
}

TEST_F(StreamsTest, AnImportMakesWayForTheShutdownBetweenTwoChunks) {
  CallContext context;
  const auto stream = vault_->ImportRecords(&context);
  server_.vault.Hold();
  stream->Write(Chunk({Item(1, "a@example.org")}));
  server_.vault.AwaitHeld(1);
  std::thread stopper([this] { server_.Stop(absl::Seconds(20)); });
  // A new connection is served no more once the server stops; then the chunk may go on.
  const auto late = v1::AdminService::NewStub(server_.Connect({kAcmeClient}));
  grpc::Status served;
  while (served.ok()) {
    CallContext asking;
    v1::GetStatusResponse answer;
    served = late->GetStatus(&asking, {}, &answer);
  }
  server_.vault.Release();
  v1::ImportRecordsResponse answer;
  EXPECT_TRUE(stream->Read(&answer));
  EXPECT_EQ(answer.last_line(), 1);
  EXPECT_FALSE(stream->Read(&answer));
  // The connection may end before the client has read why; what it must do is the same.
  EXPECT_EQ(stream->Finish().error_code(), grpc::StatusCode::UNAVAILABLE);
  stopper.join();
  EXPECT_THAT(server_.log_text(), ::testing::HasSubstr("SHUTTING_DOWN"));
}

TEST_F(StreamsTest, AnImportOfAStrangerNeverReadsALine) {
  const auto stub = v1::VaultService::NewStub(server_.Connect({kNobody}));
  CallContext context;
  const auto stream = stub->ImportRecords(&context);
  stream->Write(Chunk({Item(1, "a@example.org")}));
  v1::ImportRecordsResponse answer;
  EXPECT_FALSE(stream->Read(&answer));
  EXPECT_EQ(ReasonIn(stream->Finish()), "PEER_UNKNOWN");
  EXPECT_EQ(server_.vault.calls(), 0);
}

}  // namespace
}  // namespace lethe::test
