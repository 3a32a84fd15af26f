#include "server/telling/status_map.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "server/telling/violations.h"
#include "tests/server/error_details.h"

namespace lethe::server {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr char kId[] = "0123456789abcdef";

std::vector<Reason> AllReasons() {
  std::vector<Reason> all;
  for (int i = static_cast<int>(kAllReasonsFirst); i <= static_cast<int>(kAllReasonsLast); ++i) {
    all.push_back(static_cast<Reason>(i));
  }
  return all;
}

TEST(StatusMapTest, EveryReasonTravelsWithItsCodeAndName) {
  for (const Reason reason : AllReasons()) {
    const grpc::Status status = ToGrpc(Refuse(reason, "no"), kId);
    EXPECT_EQ(static_cast<int>(status.error_code()), static_cast<int>(CodeOf(reason)));
    EXPECT_EQ(test::ReasonIn(status), NameOf(reason));
    EXPECT_EQ(test::DetailsOf(status).code(), static_cast<int>(CodeOf(reason)));
    EXPECT_EQ(test::DetailsOf(status).message(), status.error_message());
    const auto info = test::DetailOf<rpc::v1::ErrorInfo>(status);
    EXPECT_EQ(info->metadata().at("correlation_id"), kId);
  }
}

TEST(StatusMapTest, NamesFitWhatErrorInfoAllows) {
  for (const Reason reason : AllReasons()) {
    EXPECT_LE(NameOf(reason).size(), 63u);
    EXPECT_EQ(NameOf(reason).find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ_"),
              std::string_view::npos);
  }
}

TEST(StatusMapTest, OverloadAndUnavailabilitySayWhenToTryAgain) {
  for (const Reason reason : AllReasons()) {
    const bool again = CodeOf(reason) == absl::StatusCode::kResourceExhausted ||
                       CodeOf(reason) == absl::StatusCode::kUnavailable;
    const auto retry = test::DetailOf<rpc::v1::RetryInfo>(ToGrpc(Refuse(reason, "no"), kId));
    ASSERT_EQ(retry.has_value(), again) << NameOf(reason);
    if (again) {
      EXPECT_GT(retry->retry_delay().seconds() * 1'000'000'000 + retry->retry_delay().nanos(), 0);
    }
  }
}

TEST(StatusMapTest, OkStaysOk) { EXPECT_TRUE(ToGrpc(absl::OkStatus(), kId).ok()); }

TEST(StatusMapTest, BugsAndDamageTellNothingButACorrelationId) {
  constexpr char kInside[] = "row 4711 of column family leaves";
  for (const absl::Status& status :
       {absl::InternalError(kInside), absl::DataLossError(kInside), absl::UnknownError(kInside),
        absl::NotFoundError(kInside), Refuse(Reason::kLeafLost, kInside, kInside, kInside)}) {
    const grpc::Status told = ToGrpc(status, kId);
    EXPECT_THAT(told.error_message(), Not(HasSubstr("4711")));
    EXPECT_THAT(told.error_details(), Not(HasSubstr("4711")));
    EXPECT_THAT(told.error_message(), HasSubstr(kId));
  }
}

TEST(StatusMapTest, AnIdThatLeadsNowhereIsNotTold) {
  for (const auto& status : {absl::InternalError("x"), Refuse(Reason::kQuota, "x")}) {
    const grpc::Status told = ToGrpc(status, "");
    const auto info = test::DetailOf<rpc::v1::ErrorInfo>(told);
    EXPECT_FALSE(info->metadata().contains("correlation_id"));
    EXPECT_FALSE(told.error_message().empty());
  }
}

TEST(StatusMapTest, AStatusThatNobodyExplainedGetsTheReasonItsCodeStandsFor) {
  EXPECT_EQ(ReasonToTell(absl::DataLossError("x")), Reason::kDecryptFailed);
  EXPECT_EQ(ReasonToTell(absl::UnavailableError("x")), Reason::kSealed);
  EXPECT_EQ(ReasonToTell(absl::DeadlineExceededError("x")), Reason::kDeadlinePassed);
  EXPECT_EQ(ReasonToTell(absl::CancelledError("x")), Reason::kCancelled);
  EXPECT_EQ(ReasonToTell(absl::PermissionDeniedError("x")), Reason::kInternal);
}

TEST(StatusMapTest, OneFieldToBlameIsNamedInBothDetails) {
  const grpc::Status status =
      ToGrpc(Refuse(Reason::kFieldInvalid, "bad", "record.data", "json"), kId);
  const auto info = test::DetailOf<rpc::v1::ErrorInfo>(status);
  EXPECT_EQ(info->metadata().at("field"), "record.data");
  EXPECT_EQ(info->metadata().at("rule"), "json");
  const auto list = test::DetailOf<rpc::v1::BadRequest>(status);
  ASSERT_TRUE(list.has_value());
  EXPECT_EQ(list->field_violations(0).field(), "record.data");
}

TEST(StatusMapTest, AStatusWithoutAFieldHasNoBadRequest) {
  const grpc::Status status = ToGrpc(Refuse(Reason::kSubjectErased, "gone"), kId);
  EXPECT_FALSE(test::DetailOf<rpc::v1::BadRequest>(status).has_value());
}

TEST(StatusMapTest, AnErrorStaysSmallEnoughForItsTrailers) {
  std::vector<Violation> many;
  for (int i = 0; i < 20; ++i) {
    many.push_back({Reason::kFieldInvalid, std::string(300, 'f'), "rule", std::string(300, 't')});
  }
  const grpc::Status status = ToGrpc(StatusOf(many), kId);
  EXPECT_LE(status.error_details().size(), kDetailsBytesMax);
  EXPECT_LE(status.error_message().size(), kMessageBytesMax);
  const auto list = test::DetailOf<rpc::v1::BadRequest>(status);
  ASSERT_TRUE(list.has_value());
  EXPECT_GT(list->field_violations_size(), 0);
  EXPECT_LT(list->field_violations_size(), 20);
}

TEST(StatusMapTest, AMessageIsCutBetweenCharacters) {
  std::string text = "a";
  while (text.size() < 2 * kMessageBytesMax) text += "\xe2\x82\xac";
  const grpc::Status status = ToGrpc(Refuse(Reason::kTooMany, text), kId);
  EXPECT_LE(status.error_message().size(), kMessageBytesMax);
  EXPECT_EQ((status.error_message().size() - 1) % 3, 0u);
}

}  // namespace
}  // namespace lethe::server
