#include "server/calls/call_record.h"

#include <array>

#include "base/reason.h"
#include "server/telling/status_map.h"

namespace lethe::server {
namespace {

std::string DrawCorrelationId(Random& random) {
  std::array<std::uint8_t, 8> bytes;
  random.Fill(bytes);
  return ToHex(bytes);
}

// A caller's mistakes are its own business; what the operator must look at stands out.
Level LevelOf(Reason reason) {
  switch (CodeOf(reason)) {
    case absl::StatusCode::kInternal:
    case absl::StatusCode::kDataLoss:
      return Level::kError;
    case absl::StatusCode::kUnavailable:
    case absl::StatusCode::kResourceExhausted:
    case absl::StatusCode::kUnauthenticated:
    case absl::StatusCode::kPermissionDenied:
      return Level::kWarn;
    default:
      return Level::kInfo;
  }
}

}  // namespace

CallRecord::CallRecord(const CallDesk& desk, std::string_view method)
    : desk_(desk),
      under_way_(desk.under_way),
      method_(method),
      correlation_id_(DrawCorrelationId(desk.random)),
      start_(desk.clock.SinceBoot()) {}

grpc::Status CallRecord::End(const absl::Status& status, std::string_view principal) const {
  const double ms = absl::ToDoubleMilliseconds(desk_.clock.SinceBoot() - start_);
  if (status.ok()) {
    desk_.log.Write(Level::kDebug, "call",
                    {{"method", method_},
                     {"code", std::string_view("OK")},
                     {"ms", ms},
                     {"correlation_id", correlation_id_}});
    return grpc::Status::OK;
  }
  const Reason reason = ReasonToTell(status);
  const Level level = LevelOf(reason);
  const std::string code = absl::StatusCodeToString(CodeOf(reason));
  const bool written = desk_.log.WriteLimited(
      level, "call", principal, {{"method", method_}, {"code", code}, {"reason", NameOf(reason)}},
      {{"ms", ms}, {"correlation_id", correlation_id_}});
  if (level != Level::kError) return ToGrpc(status, correlation_id_);
  // Of bugs and damage the caller gets the correlation id alone, the log what happened. An id that
  // stands in no line would lead nowhere.
  const std::string message(status.message());
  desk_.log.WriteLimited(level, "cause", principal,
                         {{"method", method_}, {"reason", NameOf(reason)}},
                         {{"correlation_id", correlation_id_}, {"message", message}});
  return ToGrpc(status, written ? std::string_view(correlation_id_) : std::string_view());
}

}  // namespace lethe::server
