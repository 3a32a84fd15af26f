#include "server/telling/status_map.h"

#include "absl/strings/str_format.h"
#include "base/text/utf8.h"
#include "google/protobuf/any.pb.h"
#include "lethe/rpc/v1/error.pb.h"
#include "server/telling/violations.h"

namespace lethe::server {
namespace {

using google::protobuf::Message;

// The official addresses: client libraries know these types, and ours are their twins.
constexpr char kErrorInfoUrl[] = "type.googleapis.com/google.rpc.ErrorInfo";
constexpr char kBadRequestUrl[] = "type.googleapis.com/google.rpc.BadRequest";
constexpr char kRetryInfoUrl[] = "type.googleapis.com/google.rpc.RetryInfo";

void Pack(const char* url, const Message& detail, rpc::v1::Status& out) {
  auto* any = out.add_details();
  any->set_type_url(url);
  detail.SerializeToString(any->mutable_value());
}

// Whether the caller is to blame or can act; else it is told nothing of what happened inside.
bool IsForTheCaller(absl::StatusCode code) {
  return code != absl::StatusCode::kInternal && code != absl::StatusCode::kDataLoss;
}

rpc::v1::ErrorInfo InfoOf(const absl::Status& status, Reason reason, std::string_view correlation) {
  rpc::v1::ErrorInfo info;
  info.set_reason(std::string(NameOf(reason)));
  info.set_domain(kErrorDomain);
  if (IsForTheCaller(CodeOf(reason))) {
    if (auto field = FieldOf(status); !field.empty()) (*info.mutable_metadata())["field"] = field;
    if (auto rule = RuleOf(status); !rule.empty()) (*info.mutable_metadata())["rule"] = rule;
  }
  if (!correlation.empty()) {
    (*info.mutable_metadata())["correlation_id"] = std::string(correlation);
  }
  return info;
}

// As many violations as leave the details below their limit.
rpc::v1::BadRequest BadRequestOf(const std::vector<Violation>& violations, std::size_t room) {
  rpc::v1::BadRequest list;
  for (const Violation& violation : violations) {
    auto* row = list.add_field_violations();
    row->set_field(violation.field);
    row->set_description(violation.text);
    const bool full = static_cast<std::size_t>(list.field_violations_size()) > kViolationsMax ||
                      list.ByteSizeLong() + sizeof(kBadRequestUrl) + 16 > room;
    if (full) {
      list.mutable_field_violations()->RemoveLast();
      break;
    }
  }
  return list;
}

rpc::v1::RetryInfo RetryInfoOf(absl::Duration delay) {
  rpc::v1::RetryInfo info;
  const std::int64_t millis = absl::ToInt64Milliseconds(delay);
  info.mutable_retry_delay()->set_seconds(millis / 1000);
  info.mutable_retry_delay()->set_nanos(static_cast<std::int32_t>(millis % 1000) * 1'000'000);
  return info;
}

std::string MessageOf(const absl::Status& status, absl::StatusCode code,
                      std::string_view correlation) {
  if (!IsForTheCaller(code) && correlation.empty()) {
    return "the vault could not do this; its log tells more, of many alike";
  }
  if (!IsForTheCaller(code)) {
    return absl::StrFormat("the vault could not do this; its log tells more under %s",
                           std::string(correlation));
  }
  const std::string message(status.message());
  return std::string(CutUtf8(message, kMessageBytesMax));
}

}  // namespace

Reason ReasonToTell(const absl::Status& status) {
  if (const auto reason = ReasonOf(status); reason.has_value()) return *reason;
  switch (status.code()) {
    case absl::StatusCode::kDataLoss:
      return Reason::kDecryptFailed;
    case absl::StatusCode::kUnavailable:
      return Reason::kSealed;
    case absl::StatusCode::kDeadlineExceeded:
      return Reason::kDeadlinePassed;
    case absl::StatusCode::kCancelled:
      return Reason::kCancelled;
    default:
      return Reason::kInternal;  // Nobody chose to tell the caller this.
  }
}

absl::Duration RetryDelayOf(Reason reason) {
  switch (reason) {
    case Reason::kQueueFull:
      return absl::Milliseconds(100);  // A queue drains in tens of milliseconds.
    case Reason::kIndexLoading:
    case Reason::kShuttingDown:
    case Reason::kQuota:
    case Reason::kDescriptorReserve:
      return absl::Seconds(1);
    case Reason::kSealed:
    case Reason::kHolderUnreachable:
      return absl::Seconds(5);  // A restart, or a network's recovery.
    case Reason::kDiskReserve:
    case Reason::kArchiveMissing:
    case Reason::kDatabaseMissing:
      return absl::Seconds(60);  // Somebody has to make room, or to put the folder back.
    default:
      return absl::ZeroDuration();
  }
}

grpc::Status ToGrpc(const absl::Status& status, std::string_view correlation_id) {
  if (status.ok()) return grpc::Status::OK;
  const Reason reason = ReasonToTell(status);
  const absl::StatusCode code = CodeOf(reason);

  rpc::v1::Status details;
  details.set_code(static_cast<int>(code));
  details.set_message(MessageOf(status, code, correlation_id));
  Pack(kErrorInfoUrl, InfoOf(status, reason, correlation_id), details);
  if (const auto delay = RetryDelayOf(reason); delay > absl::ZeroDuration()) {
    Pack(kRetryInfoUrl, RetryInfoOf(delay), details);
  }
  if (const auto broken = ViolationsOf(status); IsForTheCaller(code) && !broken.empty()) {
    Pack(kBadRequestUrl, BadRequestOf(broken, kDetailsBytesMax - details.ByteSizeLong()), details);
  }
  // The codes of absl are those of gRPC, number for number.
  return grpc::Status(static_cast<grpc::StatusCode>(code), details.message(),
                      details.SerializeAsString());
}

}  // namespace lethe::server
