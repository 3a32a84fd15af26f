// Every unary method once over the wire, and what errors look like there.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "absl/time/clock.h"
#include "base/reason.h"
#include "grpc/compression.h"
#include "grpcpp/impl/codegen/client_unary_call.h"
#include "lethe/v1/admin_service.grpc.pb.h"
#include "lethe/v1/rights_service.grpc.pb.h"
#include "lethe/v1/vault_service.grpc.pb.h"
#include "tests/server/error_details.h"
#include "tests/server/wire/test_server.h"
#include "tests/support/canary.h"

namespace lethe::test {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

const std::string kAlice = std::string(kCanary) + ".alice@example.org";

class CallsTest : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_TRUE(server_.Start().ok());
    channel_ = server_.Connect({kAcmeClient});
    vault_ = v1::VaultService::NewStub(channel_);
    rights_ = v1::RightsService::NewStub(channel_);
  }

  template <typename Request>
  static Request WithPurpose(Request request = {}) {
    request.set_purpose("service");
    if constexpr (requires { request.set_request_id(""); }) request.set_request_id(kUuid);
    return request;
  }

  v1::Subject CreateAlice() {
    auto request = WithPurpose<v1::CreateSubjectRequest>();
    request.set_parent("tenants/acme");
    auto* identifier = request.add_identifiers();
    identifier->set_type("email");
    identifier->set_value(kAlice);
    v1::Subject subject;
    CallContext context;
    EXPECT_TRUE(vault_->CreateSubject(&context, request, &subject).ok());
    return subject;
  }

  v1::Record CreateAccount(const std::string& subject) {
    auto request = WithPurpose<v1::CreateRecordRequest>();
    request.mutable_subject()->set_name(subject);
    request.mutable_record()->set_category("account");
    request.mutable_record()->set_data("{\"city\":\"Zürich\"}");
    v1::Record record;
    CallContext context;
    EXPECT_TRUE(vault_->CreateRecord(&context, request, &record).ok());
    return record;
  }

  template <typename Request>
  Request About(const std::string& subject) {
    auto request = WithPurpose<Request>();
    request.mutable_subject()->set_name(subject);
    return request;
  }

  TestServer server_;
  std::shared_ptr<grpc::Channel> channel_;
  std::unique_ptr<v1::VaultService::Stub> vault_;
  std::unique_ptr<v1::RightsService::Stub> rights_;
};

TEST_F(CallsTest, SubjectsAreMadeFoundAndListed) {
  const v1::Subject made = CreateAlice();
  EXPECT_THAT(made.name(), StartsWith("tenants/acme/subjects/"));
  EXPECT_EQ(made.state(), v1::Subject::STATE_ACTIVE);
  EXPECT_EQ(made.etag(), "\"s1\"");

  v1::Subject found;
  CallContext get;
  ASSERT_TRUE(vault_->GetSubject(&get, About<v1::GetSubjectRequest>(made.name()), &found).ok());
  EXPECT_EQ(found.name(), made.name());

  auto lookup = WithPurpose<v1::LookupSubjectRequest>();
  lookup.mutable_identifier()->set_parent("tenants/acme");
  lookup.mutable_identifier()->set_type("email");
  lookup.mutable_identifier()->set_value(kAlice);
  CallContext look;
  found.Clear();
  ASSERT_TRUE(vault_->LookupSubject(&look, lookup, &found).ok());
  EXPECT_EQ(found.name(), made.name());

  auto list = WithPurpose<v1::ListSubjectsRequest>();
  list.set_parent("tenants/acme");
  list.set_page_size(7);
  list.set_page_token("token");
  v1::ListSubjectsResponse page;
  CallContext listing;
  ASSERT_TRUE(vault_->ListSubjects(&listing, list, &page).ok());
  ASSERT_EQ(page.subjects_size(), 1);
  EXPECT_EQ(page.next_page_token(), "token+7");
}

TEST_F(CallsTest, IdentifiersComeAndGo) {
  const std::string subject = CreateAlice().name();
  auto add = About<v1::AddIdentifierRequest>(subject);
  add.mutable_identifier()->set_type("phone");
  add.mutable_identifier()->set_value("+41 44 000");
  v1::Subject answer;
  CallContext adding;
  EXPECT_TRUE(vault_->AddIdentifier(&adding, add, &answer).ok());

  auto remove = WithPurpose<v1::RemoveIdentifierRequest>();
  auto* by = remove.mutable_subject()->mutable_identifier();
  by->set_parent("tenants/acme");
  by->set_type("phone");
  by->set_value("+41 44 000");
  *remove.mutable_identifier() = add.identifier();
  CallContext removing;
  EXPECT_TRUE(vault_->RemoveIdentifier(&removing, remove, &answer).ok());
  CallContext again;
  EXPECT_EQ(ReasonIn(vault_->RemoveIdentifier(&again, remove, &answer)), "RESOURCE_NOT_FOUND");
}

TEST_F(CallsTest, RecordsAreMadeReadChangedAndDeleted) {
  const v1::Record made = CreateAccount(CreateAlice().name());
  EXPECT_EQ(made.media_type(), "application/json");

  auto get = WithPurpose<v1::GetRecordRequest>();
  get.set_name(made.name());
  v1::Record read;
  CallContext getting;
  ASSERT_TRUE(vault_->GetRecord(&getting, get, &read).ok());
  EXPECT_EQ(read.data(), "{\"city\":\"Zürich\"}");

  auto update = WithPurpose<v1::UpdateRecordRequest>();
  *update.mutable_record() = read;  // As read, with what changes in the mask.
  update.mutable_record()->set_data("{}");
  update.mutable_update_mask()->add_paths("data");
  v1::UpdateRecordResponse updated;
  CallContext updating;
  ASSERT_TRUE(vault_->UpdateRecord(&updating, update, &updated).ok());
  EXPECT_EQ(updated.record().version(), 2u);
  EXPECT_GT(updated.key_death_time().seconds(), 0);
  CallContext stale;
  EXPECT_EQ(ReasonIn(vault_->UpdateRecord(&stale, update, &updated)), "ETAG_MISMATCH");

  auto remove = WithPurpose<v1::DeleteRecordRequest>();
  remove.set_name(made.name());
  v1::DeleteRecordResponse deleted;
  CallContext deleting;
  ASSERT_TRUE(vault_->DeleteRecord(&deleting, remove, &deleted).ok());
  EXPECT_GT(deleted.key_death_time().seconds(), 0);
}

TEST_F(CallsTest, RecordsAreListedByCategory) {
  const std::string subject = CreateAlice().name();
  CreateAccount(subject);
  auto request = About<v1::ListRecordsRequest>(subject);
  request.set_category("account");
  v1::ListRecordsResponse page;
  CallContext context;
  ASSERT_TRUE(vault_->ListRecords(&context, request, &page).ok());
  EXPECT_EQ(page.records_size(), 1);
  request.set_category("billing");
  page.Clear();
  CallContext other;
  ASSERT_TRUE(vault_->ListRecords(&other, request, &page).ok());
  EXPECT_EQ(page.records_size(), 0);
}

TEST_F(CallsTest, AnErasureIsPreviewedDoneAndReadAgain) {
  const std::string subject = CreateAlice().name();
  CreateAccount(subject);
  auto request = About<v1::EraseSubjectRequest>(subject);
  request.set_ground(v1::ERASURE_GROUND_CONSENT_WITHDRAWN);
  request.set_initiator(v1::INITIATOR_DATA_SUBJECT);
  request.set_validate_only(true);
  v1::Erasure preview;
  CallContext previewing;
  ASSERT_TRUE(rights_->EraseSubject(&previewing, request, &preview).ok());
  EXPECT_EQ(preview.name(), "");
  EXPECT_EQ(preview.records_shredded(), 1);

  request.set_validate_only(false);
  v1::Erasure erasure;
  CallContext erasing;
  ASSERT_TRUE(rights_->EraseSubject(&erasing, request, &erasure).ok());
  EXPECT_THAT(erasure.name(), StartsWith("tenants/acme/erasures/"));
  EXPECT_EQ(erasure.subject(), subject);

  auto get = WithPurpose<v1::GetErasureRequest>();
  get.set_name(erasure.name());
  v1::Erasure again;
  CallContext getting;
  ASSERT_TRUE(rights_->GetErasure(&getting, get, &again).ok());
  EXPECT_EQ(again.SerializeAsString(), erasure.SerializeAsString());
}

TEST_F(CallsTest, AnErasureIsTakenBackByTheSubjectsName) {
  auto request = WithPurpose<v1::UndoErasureRequest>();
  request.set_name(CreateAlice().name());
  v1::Subject subject;
  CallContext context;
  ASSERT_TRUE(rights_->UndoErasure(&context, request, &subject).ok());
  EXPECT_EQ(subject.name(), request.name());
}

TEST_F(CallsTest, ATenantIsOffboardedAfterAPreviewAndItsReceiptNamesNobody) {
  CreateAlice();
  auto request = WithPurpose<v1::OffboardTenantRequest>();
  request.set_name("tenants/acme");
  request.set_validate_only(true);
  v1::Erasure erasure;
  CallContext previewing;
  ASSERT_TRUE(rights_->OffboardTenant(&previewing, request, &erasure).ok());
  EXPECT_EQ(erasure.name(), "");
  request.set_validate_only(false);
  CallContext offboarding;
  ASSERT_TRUE(rights_->OffboardTenant(&offboarding, request, &erasure).ok());
  EXPECT_THAT(erasure.name(), StartsWith("tenants/acme/erasures/"));
  EXPECT_EQ(erasure.subject(), "");

  request.set_name("tenants/globex");
  CallContext foreign;
  EXPECT_EQ(ReasonIn(rights_->OffboardTenant(&foreign, request, &erasure)), "TENANT_MISMATCH");
}

TEST_F(CallsTest, ARestrictionIsSetAndLifted) {
  const std::string subject = CreateAlice().name();
  auto restrict = About<v1::RestrictSubjectRequest>(subject);
  restrict.set_ground(v1::RESTRICTION_GROUND_ACCURACY_CONTESTED);
  restrict.set_reason("says the address is wrong");
  v1::Subject answer;
  CallContext restricting;
  ASSERT_TRUE(rights_->RestrictSubject(&restricting, restrict, &answer).ok());
  EXPECT_EQ(answer.state(), v1::Subject::STATE_RESTRICTED);

  auto lift = About<v1::UnrestrictSubjectRequest>(subject);
  CallContext uninformed;
  const grpc::Status refused = rights_->UnrestrictSubject(&uninformed, lift, &answer);
  EXPECT_EQ(DetailOf<rpc::v1::BadRequest>(refused)->field_violations(0).field(),
            "subject_informed_time");
  lift.mutable_subject_informed_time()->set_seconds(1'700'000'000);
  CallContext lifting;
  ASSERT_TRUE(rights_->UnrestrictSubject(&lifting, lift, &answer).ok());
  EXPECT_FALSE(answer.restricted());
}

TEST_F(CallsTest, TheStatusSaysHowTheVaultIs) {
  v1::GetStatusResponse status;
  CallContext context;
  ASSERT_TRUE(v1::AdminService::NewStub(channel_)->GetStatus(&context, {}, &status).ok());
  EXPECT_EQ(status.generation(), 3u);
  EXPECT_EQ(status.assurance(), v1::ASSURANCE_TEST);
  EXPECT_EQ(status.public_key().size(), 32u);
  EXPECT_FALSE(status.version().empty());
  EXPECT_GT(status.start_time().seconds(), 0);
}

TEST_F(CallsTest, AMethodThatDoesNotExistIsAnErrorLikeAnyOther) {
  CallContext context;
  v1::GetStatusResponse response;
  const grpc::Status status = grpc::internal::BlockingUnaryCall(
      channel_.get(),
      grpc::internal::RpcMethod("/lethe.v1.VaultService/StealEverything",
                                grpc::internal::RpcMethod::NORMAL_RPC),
      &context, v1::GetStatusRequest(), &response);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::UNIMPLEMENTED);
  EXPECT_EQ(ReasonIn(status), "METHOD_UNKNOWN");
}

TEST_F(CallsTest, ARefusedRequestNamesFieldsInItsDetailsAndReachesTheJournalOnly) {
  v1::Record record;
  CallContext context;
  const grpc::Status status = vault_->CreateRecord(&context, v1::CreateRecordRequest(), &record);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_EQ(ReasonIn(status), "FIELD_REQUIRED");
  EXPECT_EQ(DetailOf<rpc::v1::BadRequest>(status)->field_violations_size(), 4);
  EXPECT_EQ(server_.vault.calls(), 0);
  EXPECT_EQ(server_.vault.refusals().size(), 1u);
}

TEST_F(CallsTest, NeitherErrorsNorLogsEverHoldAValue) {
  const std::string subject = CreateAlice().name();
  auto request = WithPurpose<v1::CreateRecordRequest>();
  auto* by = request.mutable_subject()->mutable_identifier();
  by->set_parent("tenants/acme");
  by->set_type("email");
  by->set_value(kCanary);
  request.mutable_record()->set_category("account");
  request.mutable_record()->set_data(kCanary);
  v1::Record record;
  for (const char* purpose : {"service", kCanary, "No Label"}) {
    request.set_purpose(purpose);
    CallContext context;
    context.AddMetadata("x-note", kCanary);
    const grpc::Status status = vault_->CreateRecord(&context, request, &record);
    ASSERT_FALSE(status.ok());
    EXPECT_THAT(status.error_message() + status.error_details(), Not(HasSubstr(kCanary)));
  }
  server_.vault.FailNext(absl::InternalError(subject));
  CallContext context;
  v1::Subject answer;
  const grpc::Status bug =
      vault_->GetSubject(&context, About<v1::GetSubjectRequest>(subject), &answer);
  EXPECT_EQ(bug.error_code(), grpc::StatusCode::INTERNAL);
  EXPECT_THAT(bug.error_message() + bug.error_details(), Not(HasSubstr(subject)));

  server_.Stop();
  const std::string log = server_.log_text();
  EXPECT_THAT(log, Not(HasSubstr(kCanary)));
  // The control: what is to be in the log is there.
  EXPECT_THAT(log, HasSubstr("lethe.v1.VaultService/CreateRecord"));
  EXPECT_THAT(log, HasSubstr("RESOURCE_NOT_FOUND"));
}

TEST_F(CallsTest, ACorrelationIdLeadsFromEveryErrorToTheLog) {
  std::vector<std::string> ids;
  for (int i = 0; i < 10; ++i) {
    server_.vault.FailNext(absl::DataLossError("cause number " + std::to_string(i)));
    CallContext context;
    v1::Subject answer;
    const grpc::Status status = vault_->GetSubject(
        &context, About<v1::GetSubjectRequest>(std::string("tenants/acme/subjects/") + kUuid),
        &answer);
    ids.push_back(DetailOf<rpc::v1::ErrorInfo>(status)->metadata().at("correlation_id"));
    EXPECT_THAT(status.error_message(), HasSubstr(ids.back()));
  }
  server_.Stop();
  for (std::size_t i = 0; i < ids.size(); ++i) {
    EXPECT_THAT(server_.log_text(), HasSubstr("\"correlation_id\":\"" + ids[i] + "\",\"message\":" +
                                              "\"cause number " + std::to_string(i) + "\""));
  }
}

TEST_F(CallsTest, ACallWithoutADeadlineGetsOne) {
  grpc::ClientContext context;
  v1::Subject answer;
  (void)vault_->GetSubject(
      &context, About<v1::GetSubjectRequest>(std::string("tenants/acme/subjects/") + kUuid),
      &answer);
  EXPECT_LT(server_.vault.last_caller().deadline, absl::Now() + absl::Seconds(31));
  EXPECT_GT(server_.vault.last_caller().deadline, absl::Now());
}

TEST_F(CallsTest, ACompressedRequestIsRefused) {
  for (const auto algorithm : {GRPC_COMPRESS_GZIP, GRPC_COMPRESS_DEFLATE, GRPC_COMPRESS_NONE}) {
    auto request = WithPurpose<v1::CreateSubjectRequest>();
    request.set_parent("tenants/acme");
    v1::Subject subject;
    CallContext context;
    context.set_compression_algorithm(algorithm);
    EXPECT_EQ(
        vault_->CreateSubject(&context, request, &subject).error_code(),
        algorithm == GRPC_COMPRESS_NONE ? grpc::StatusCode::OK : grpc::StatusCode::UNIMPLEMENTED);
  }
}

TEST_F(CallsTest, AMessageAboveTheLimitIsRefused) {
  auto request = WithPurpose<v1::CreateRecordRequest>();
  request.mutable_record()->set_data(std::string(5 << 20, 'x'));
  v1::Record record;
  CallContext context;
  EXPECT_EQ(vault_->CreateRecord(&context, request, &record).error_code(),
            grpc::StatusCode::RESOURCE_EXHAUSTED);
}

}  // namespace
}  // namespace lethe::test
