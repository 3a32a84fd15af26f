#include "server/door/identity.h"

#include <algorithm>

#include "base/reason.h"
#include "base/text/label.h"
#include "grpc/grpc_security_constants.h"

namespace lethe::server {
namespace {

constexpr std::string_view kScheme = "spiffe://";

absl::Status Unknown(std::string_view message) { return Refuse(Reason::kPeerUnknown, message); }

// The characters a SPIFFE id may have (SPIFFE-ID, section 2); nothing that a log could misread.
bool IsIdCharacter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
         c == '.' || c == '_' || c == '/' || c == ':';
}

// Takes the part before the next slash off the front of `rest`.
std::string_view TakePart(std::string_view& rest) {
  const std::string_view part = rest.substr(0, rest.find('/'));
  rest.remove_prefix(std::min(rest.size(), part.size() + 1));
  return part;
}

std::vector<std::string_view> Views(const std::vector<grpc::string_ref>& values) {
  std::vector<std::string_view> views;
  for (const grpc::string_ref& value : values) views.emplace_back(value.data(), value.size());
  return views;
}

std::vector<std::string_view> UrisOfCertificate(const grpc::AuthContext& context) {
  if (!context.IsPeerAuthenticated()) return {};
  return Views(context.FindPropertyValues(GRPC_PEER_URI_PROPERTY_NAME));
}

std::vector<std::string_view> UrisOfMetadata(const grpc::ServerContextBase& context) {
  std::vector<std::string_view> uris;
  const auto [begin, end] = context.client_metadata().equal_range(kDevPrincipalKey);
  for (auto it = begin; it != end; ++it) uris.emplace_back(it->second.data(), it->second.size());
  return uris;
}

}  // namespace

absl::StatusOr<vault::Principal> PrincipalFrom(const std::vector<std::string_view>& uris) {
  if (uris.empty()) return Unknown("the caller's certificate has no URI SAN");
  if (uris.size() > 1) return Unknown("the caller's certificate has more than one URI SAN");
  const std::string_view uri = uris.front();
  const bool well_formed = uri.size() <= kPrincipalBytesMax && uri.starts_with(kScheme) &&
                           std::all_of(uri.begin(), uri.end(), IsIdCharacter);
  if (!well_formed) return Unknown("the caller's URI SAN is no SPIFFE id");
  std::string_view rest = uri.substr(kScheme.size());
  const std::string_view domain = TakePart(rest);
  const std::string_view kind = TakePart(rest);
  const std::string_view name = TakePart(rest);
  if (domain.empty() || !IsLabel(name)) {
    return Unknown("the caller's SPIFFE id names no tenant and no operator");
  }
  if (kind == "tenants") return vault::Principal{std::string(uri), std::string(name)};
  if (kind == "operators" && rest.empty()) return vault::Principal{std::string(uri), ""};
  return Unknown("the caller's SPIFFE id names no tenant and no operator");
}

absl::StatusOr<vault::Principal> Identify(const grpc::ServerContextBase& context,
                                          IdentitySource source) {
  if (source == IdentitySource::kDevMetadata) return PrincipalFrom(UrisOfMetadata(context));
  return PrincipalFrom(UrisOfCertificate(*context.auth_context()));
}

}  // namespace lethe::server
