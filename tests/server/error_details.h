// Reads what an error carries, the way a client does: from the bytes of grpc-status-details-bin.
#ifndef LETHE_TESTS_SERVER_ERROR_DETAILS_H_
#define LETHE_TESTS_SERVER_ERROR_DETAILS_H_

#include <optional>
#include <string>

#include "google/protobuf/any.pb.h"
#include "grpcpp/support/status.h"
#include "lethe/rpc/v1/error.pb.h"

namespace lethe::test {

inline rpc::v1::Status DetailsOf(const grpc::Status& status) {
  rpc::v1::Status details;
  details.ParseFromString(status.error_details());
  return details;
}

// The detail under google.rpc's official address; nullopt if there is none.
template <typename Detail>
std::optional<Detail> DetailOf(const grpc::Status& status) {
  const std::string url = "type.googleapis.com/google.rpc." + Detail::descriptor()->name();
  const rpc::v1::Status details = DetailsOf(status);
  for (const auto& any : details.details()) {
    Detail detail;
    if (any.type_url() == url && detail.ParseFromString(any.value())) return detail;
  }
  return std::nullopt;
}

// The ErrorInfo's reason; "none" if the error has no ErrorInfo of the vault's domain.
inline std::string ReasonIn(const grpc::Status& status) {
  const auto info = DetailOf<rpc::v1::ErrorInfo>(status);
  if (!info.has_value() || info->domain() != "lethe.vault") return "none";
  return info->reason();
}

}  // namespace lethe::test

#endif  // LETHE_TESTS_SERVER_ERROR_DETAILS_H_
