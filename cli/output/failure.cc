#include "cli/output/failure.h"

#include <grpcpp/support/status.h>

#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

#include "absl/strings/cord.h"
#include "base/reason.h"
#include "lethe/rpc/v1/error.pb.h"

namespace lethe::cli {
namespace {

constexpr char kPayload[] = "lethe.cli/failure";

// The codes that a status has no word for ride in the payload.
absl::Status Make(absl::StatusCode status_code, ExitCode exit, const std::string& code,
                  const std::string& message) {
  absl::Status status(status_code, message);
  const nlohmann::json payload = {{"exit", static_cast<int>(exit)}, {"code", code}};
  status.SetPayload(kPayload, absl::Cord(payload.dump()));
  return status;
}

lethe::rpc::v1::ErrorInfo ErrorInfoOf(const grpc::Status& status) {
  lethe::rpc::v1::Status details;
  lethe::rpc::v1::ErrorInfo info;
  if (!details.ParseFromString(status.error_details())) return info;
  for (const auto& detail : details.details()) {
    if (detail.type_url() == "type.googleapis.com/google.rpc.ErrorInfo") {
      info.ParseFromString(detail.value());
    }
  }
  return info;
}

std::optional<nlohmann::json> PayloadOf(const absl::Status& status) {
  const auto cord = status.GetPayload(kPayload);
  if (!cord.has_value()) return std::nullopt;
  return nlohmann::json::parse(std::string(*cord));
}

}  // namespace

absl::Status Usage(const std::string& message) {
  return Make(absl::StatusCode::kInvalidArgument, ExitCode::kLocal, "USAGE", message);
}

absl::Status Declined(const std::string& message) {
  return Make(absl::StatusCode::kCancelled, ExitCode::kDeclined, "DECLINED", message);
}

absl::Status Interrupted(const std::string& message) {
  return Make(absl::StatusCode::kCancelled, ExitCode::kInterrupted, "INTERRUPTED", message);
}

absl::Status FromRpc(const grpc::Status& status, const std::string& request_id) {
  if (status.ok()) return absl::OkStatus();
  const auto code = static_cast<absl::StatusCode>(status.error_code());
  const auto info = ErrorInfoOf(status);
  nlohmann::json payload = {{"exit", static_cast<int>(ExitCodeOf(code))},
                            {"code", std::string(absl::StatusCodeToString(code))},
                            {"reason", info.reason()},
                            {"request_id", request_id},
                            {"metadata", nlohmann::json::object()}};
  for (const auto& [key, value] : info.metadata()) payload["metadata"][key] = value;
  absl::Status result(code, status.error_message());
  // The server's text is UTF-8 by contract; were it not, a replacement character is better than a
  // thrown exception.
  constexpr auto kReplace = nlohmann::json::error_handler_t::replace;
  result.SetPayload(kPayload, absl::Cord(payload.dump(-1, ' ', false, kReplace)));
  return result;
}

Failure Describe(const absl::Status& status) {
  Failure failure;
  failure.message = std::string(status.message());
  failure.code = std::string(absl::StatusCodeToString(status.code()));
  if (const auto payload = PayloadOf(status); payload.has_value()) {
    failure.exit = static_cast<ExitCode>(payload->value("exit", 1));
    failure.code = payload->value("code", failure.code);
    failure.reason = payload->value("reason", "");
    failure.request_id = payload->value("request_id", "");
    const auto metadata = payload->value("metadata", nlohmann::json::object());
    for (const auto& [key, value] : metadata.items()) {
      failure.metadata[key] = value.get<std::string>();
    }
  } else if (const auto reason = ReasonOf(status); reason.has_value()) {
    failure.reason = std::string(NameOf(*reason));
  }
  return failure;
}

ExitCode ExitCodeOf(absl::StatusCode code) {
  switch (code) {
    case absl::StatusCode::kOk:
      return ExitCode::kOk;
    case absl::StatusCode::kCancelled:
      return ExitCode::kDeclined;
    case absl::StatusCode::kUnauthenticated:
    case absl::StatusCode::kPermissionDenied:
      return ExitCode::kDenied;
    case absl::StatusCode::kNotFound:
      return ExitCode::kNotFound;
    case absl::StatusCode::kAborted:
    case absl::StatusCode::kAlreadyExists:
      return ExitCode::kConflict;
    default:
      return ExitCode::kServer;
  }
}

std::string ToJson(const Failure& failure) {
  const nlohmann::ordered_json json = {{"code", failure.code},
                                       {"reason", failure.reason},
                                       {"message", failure.message},
                                       {"metadata", failure.metadata},
                                       {"request_id", failure.request_id}};
  return json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

std::string ToText(const Failure& failure) {
  std::string text = "lethe: " + failure.message;
  const std::string& why = failure.reason.empty() ? failure.code : failure.reason;
  text += " (" + why + ")\n";
  for (const auto& [key, value] : failure.metadata) text += "  " + key + ": " + value + "\n";
  if (!failure.request_id.empty()) text += "  request_id: " + failure.request_id + "\n";
  return text;
}

}  // namespace lethe::cli
