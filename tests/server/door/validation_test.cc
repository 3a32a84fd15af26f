#include "server/door/validation.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "base/reason.h"
#include "google/protobuf/descriptor.pb.h"
#include "lethe/v1/options.pb.h"
#include "lethe/v1/rights_service.pb.h"
#include "lethe/v1/vault_service.pb.h"
#include "server/door/method_table.h"
#include "server/door/permission.h"
#include "server/telling/violations.h"

namespace lethe::server {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr char kSubject[] = "tenants/acme/subjects/6f1c1d9e-3c5f-4b1a-9d0e-2f6f0a4b8c11";
constexpr char kUuid[] = "00000000-0000-4000-8000-000000000001";

class ValidationTest : public ::testing::Test {
 protected:
  ValidationTest() {
    auto planned = Validator::Plan(MethodTable::Build()->RequestTypes());
    EXPECT_TRUE(planned.ok()) << planned.status();
    validator_ = *std::move(planned);
    request_.mutable_subject()->set_name(kSubject);
    request_.mutable_record()->set_category("account");
    request_.mutable_record()->set_data("{}");
    request_.set_purpose("service");
    request_.set_request_id(kUuid);
  }

  // "field rule" of each violation.
  std::vector<std::string> Broken(const google::protobuf::Message& message) {
    const absl::Status status = validator_->Check(message);
    std::vector<std::string> broken;
    for (const Violation& violation : ViolationsOf(status)) broken.push_back(violation.field);
    if (!broken.empty()) rule_ = RuleOf(status);
    return broken;
  }

  std::unique_ptr<Validator> validator_;
  v1::CreateRecordRequest request_;
  std::string rule_;  // Of the first violation.
};

TEST_F(ValidationTest, EveryFieldOfEveryRequestHasARule) {
  // Planning fails on the first field without one (control below), so this is all of it. That the
  // API is really walked is seen by its number of methods.
  const auto methods = MethodTable::Build();
  ASSERT_TRUE(methods.ok());
  EXPECT_GE(methods->methods().size(), 19u);
  EXPECT_TRUE(Validator::Plan(methods->RequestTypes()).ok());
}

// The same seen without the planner: from the services down, every field of every message that a
// caller can send carries the option, and the option says something.
TEST_F(ValidationTest, EveryFieldThatACallerCanSendCarriesItsRules) {
  std::set<const google::protobuf::Descriptor*> seen;
  std::vector<const google::protobuf::Descriptor*> waiting;
  for (const char* service : {"VaultService", "RightsService", "AdminService"}) {
    const auto* found = google::protobuf::DescriptorPool::generated_pool()->FindServiceByName(
        std::string("lethe.v1.") + service);
    ASSERT_NE(found, nullptr) << service;
    for (int i = 0; i < found->method_count(); ++i) {
      waiting.push_back(found->method(i)->input_type());
    }
  }
  int fields = 0;
  while (!waiting.empty()) {
    const auto* type = waiting.back();
    waiting.pop_back();
    if (type->file()->package() != "lethe.v1" || !seen.insert(type).second) continue;
    for (int i = 0; i < type->field_count(); ++i, ++fields) {
      const auto* field = type->field(i);
      EXPECT_TRUE(field->options().HasExtension(v1::rules)) << field->full_name();
      EXPECT_GT(field->options().GetExtension(v1::rules).ByteSizeLong(), 0u) << field->full_name();
      if (field->message_type() != nullptr) waiting.push_back(field->message_type());
    }
  }
  EXPECT_GE(fields, 80);
}

// A message type made at run time, in the API's package, with one field.
class MadeUpType {
 public:
  explicit MadeUpType(const v1::FieldRules* rules)
      : pool_(google::protobuf::DescriptorPool::generated_pool()) {
    google::protobuf::FileDescriptorProto file;
    file.set_name("made_up.proto");
    file.set_package("lethe.v1");
    file.set_syntax("proto3");
    auto* message = file.add_message_type();
    message->set_name("MadeUpRequest");
    auto* field = message->add_field();
    field->set_name("colour");
    field->set_number(1);
    field->set_type(google::protobuf::FieldDescriptorProto::TYPE_STRING);
    field->set_label(google::protobuf::FieldDescriptorProto::LABEL_OPTIONAL);
    if (rules != nullptr) *field->mutable_options()->MutableExtension(v1::rules) = *rules;
    file.add_dependency("lethe/v1/options.proto");
    type_ = pool_.BuildFile(file)->message_type(0);
  }
  const google::protobuf::Descriptor* type() const { return type_; }

 private:
  google::protobuf::DescriptorPool pool_;
  const google::protobuf::Descriptor* type_;
};

TEST_F(ValidationTest, AFieldWithoutARuleStopsTheStart) {
  const auto planned = Validator::Plan({MadeUpType(nullptr).type()});
  ASSERT_FALSE(planned.ok());
  EXPECT_THAT(std::string(planned.status().message()), HasSubstr("MadeUpRequest.colour"));
}

TEST_F(ValidationTest, RulesThatSayNothingStopTheStart) {
  const v1::FieldRules nothing;
  EXPECT_FALSE(Validator::Plan({MadeUpType(&nothing).type()}).ok());
}

TEST_F(ValidationTest, APatternThatDoesNotCompileStopsTheStart) {
  v1::FieldRules rules;
  rules.set_pattern("[a-z");
  EXPECT_FALSE(Validator::Plan({MadeUpType(&rules).type()}).ok());
  rules.set_pattern("[a-z]+");
  EXPECT_TRUE(Validator::Plan({MadeUpType(&rules).type()}).ok());
}

TEST_F(ValidationTest, ASoundRequestPasses) { EXPECT_TRUE(validator_->Check(request_).ok()); }

TEST_F(ValidationTest, EverythingMissingIsNamedAtOnce) {
  const v1::CreateRecordRequest empty;
  EXPECT_THAT(Broken(empty), ElementsAre("subject", "record", "purpose", "request_id"));
  EXPECT_EQ(ReasonOf(validator_->Check(empty)), Reason::kFieldRequired);
}

TEST_F(ValidationTest, ACreationNeedsWhatAnUpdateDoesNot) {
  request_.mutable_record()->Clear();
  EXPECT_THAT(Broken(request_), ElementsAre("record.category", "record.data"));
  v1::UpdateRecordRequest update;
  update.set_purpose("service");
  update.set_request_id(kUuid);
  update.mutable_record()->set_media_type("text/plain");
  EXPECT_THAT(Broken(update), ElementsAre("record.name"));
}

TEST_F(ValidationTest, WhatTheServerSetsIsIgnoredInARequest) {
  request_.mutable_record()->set_name("whatever was read");
  request_.mutable_record()->set_version(7);
  EXPECT_TRUE(validator_->Check(request_).ok());
}

TEST_F(ValidationTest, ASubjectMustBeNamedOneWayOrTheOther) {
  request_.mutable_subject()->Clear();
  request_.mutable_subject();
  EXPECT_THAT(Broken(request_), ElementsAre("subject.ref"));
  request_.mutable_subject()->mutable_identifier()->set_type("Email");
  EXPECT_THAT(Broken(request_), ElementsAre("subject.identifier.parent", "subject.identifier.type",
                                            "subject.identifier.value"));
}

TEST_F(ValidationTest, LimitsHoldToTheByte) {
  request_.mutable_record()->set_data(std::string(1 << 20, 'x'));
  EXPECT_TRUE(validator_->Check(request_).ok());
  request_.mutable_record()->set_data(std::string((1 << 20) + 1, 'x'));
  EXPECT_THAT(Broken(request_), ElementsAre("record.data"));
  EXPECT_EQ(rule_, "max_bytes");
}

TEST_F(ValidationTest, AListMayNotBeLongerThanItsLimit) {
  v1::CreateSubjectRequest request;
  request.set_parent("tenants/acme");
  request.set_purpose("service");
  request.set_request_id(kUuid);
  for (int i = 0; i < 16; ++i) {
    request.add_identifiers()->set_type("email");
    request.mutable_identifiers(i)->set_value("a@example.org");
  }
  EXPECT_TRUE(validator_->Check(request).ok());
  request.mutable_identifiers(3)->clear_value();
  EXPECT_THAT(Broken(request), ElementsAre("identifiers[3].value"));
  request.add_identifiers();
  EXPECT_THAT(Broken(request), ElementsAre("identifiers"));
  EXPECT_EQ(rule_, "max_items");
}

TEST_F(ValidationTest, ValuesThatThisVersionDoesNotKnowAreRefused) {
  request_.mutable_record()->set_source(static_cast<v1::Source>(99));
  EXPECT_THAT(Broken(request_), ElementsAre("record.source"));
  EXPECT_EQ(rule_, "known_value");
}

TEST_F(ValidationTest, TextMustBeUtf8AndDataNeedNot) {
  request_.mutable_record()->set_source_detail("\xff");
  EXPECT_THAT(Broken(request_), ElementsAre("record.source_detail"));
  EXPECT_EQ(rule_, "utf8");
  request_.mutable_record()->clear_source_detail();
  request_.mutable_record()->set_data("\xff");
  EXPECT_TRUE(validator_->Check(request_).ok());
}

TEST_F(ValidationTest, ATimestampMustLieInItsRange) {
  request_.mutable_record()->mutable_origin_time()->set_nanos(-1);
  EXPECT_THAT(Broken(request_), ElementsAre("record.origin_time"));
  request_.mutable_record()->mutable_origin_time()->set_nanos(0);
  request_.mutable_record()->mutable_origin_time()->set_seconds(253'402'300'800);
  EXPECT_THAT(Broken(request_), ElementsAre("record.origin_time"));
}

TEST_F(ValidationTest, ANegativePageSizeIsRefused) {
  v1::ListSubjectsRequest request;
  request.set_parent("tenants/acme");
  request.set_purpose("service");
  request.set_page_size(-1);
  EXPECT_THAT(Broken(request), ElementsAre("page_size"));
  request.set_page_size(1'000'000);  // Coerced, not refused.
  EXPECT_TRUE(validator_->Check(request).ok());
}

TEST_F(ValidationTest, LinesOfAnImportAreNotTheChunksBusiness) {
  v1::ImportRecordsRequest chunk;
  chunk.set_parent("tenants/acme");
  chunk.set_purpose("service");
  EXPECT_THAT(Broken(chunk), ElementsAre("items"));
  chunk.add_items();
  EXPECT_TRUE(validator_->Check(chunk).ok());
  EXPECT_THAT(Broken(chunk.items(0)), ElementsAre("line", "subject", "record", "request_id"));
}

TEST_F(ValidationTest, AtMostTwentyViolationsAreListed) {
  v1::CreateSubjectRequest request;
  for (int i = 0; i < 16; ++i) request.add_identifiers();  // Two violations each.
  EXPECT_EQ(Broken(request).size(), kViolationsMax);
}

TEST_F(ValidationTest, AnErrorNeverRepeatsAValue) {
  constexpr char kNeedle[] = "needle-4711-needle";
  const std::string bad = std::string(kNeedle) + "\xff!";
  request_.mutable_subject()->mutable_identifier()->set_parent(bad);
  request_.mutable_subject()->mutable_identifier()->set_type(bad);
  request_.mutable_subject()->mutable_identifier()->set_value(bad);
  request_.mutable_record()->set_category(bad);
  request_.mutable_record()->set_media_type(bad);
  request_.mutable_record()->set_source_detail(bad);
  request_.mutable_record()->set_etag(bad);
  request_.set_purpose(bad);
  request_.set_request_id(bad);
  const absl::Status status = validator_->Check(request_);
  EXPECT_EQ(ViolationsOf(status).size(), 9u);
  EXPECT_THAT(status.ToString(absl::StatusToStringMode::kWithEverything), Not(HasSubstr(kNeedle)));
}

TEST_F(ValidationTest, NamesThatDecideWhoseDataItIsAreAllSeen) {
  std::vector<std::string> seen;
  const auto visit = [&seen](const std::string& name) { seen.push_back(name); };
  request_.mutable_record()->set_name("ignored: the server sets it");
  validator_->ForEachName(request_, visit);
  EXPECT_THAT(seen, ElementsAre(kSubject));
  seen.clear();
  request_.mutable_subject()->mutable_identifier()->set_parent("tenants/other");
  validator_->ForEachName(request_, visit);
  EXPECT_THAT(seen, ElementsAre("tenants/other"));
  seen.clear();
  v1::UpdateRecordRequest update;
  update.mutable_record()->set_name("tenants/other/subjects/x/records/y");
  validator_->ForEachName(update, visit);
  EXPECT_THAT(seen, ElementsAre("tenants/other/subjects/x/records/y"));
}

TEST_F(ValidationTest, EveryRequestOfATenantNamesItsTenant) {
  const auto methods = MethodTable::Build();
  for (const auto& [name, method] : methods->methods()) {
    if (AudienceOf(method.permission) != v1::AUDIENCE_TENANT) continue;
    const auto* type = method.descriptor->input_type();
    const bool names = type->FindFieldByName("parent") != nullptr ||
                       type->FindFieldByName("name") != nullptr ||
                       type->FindFieldByName("subject") != nullptr ||
                       type->FindFieldByName("identifier") != nullptr ||
                       type->FindFieldByName("record") != nullptr;
    EXPECT_TRUE(names) << name;
    EXPECT_NE(type->FindFieldByName("purpose"), nullptr) << name;
  }
}

}  // namespace
}  // namespace lethe::server
