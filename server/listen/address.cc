#include "server/listen/address.h"

#include <charconv>

#include "absl/strings/str_format.h"

namespace lethe::server {
namespace {

absl::Status NotAnAddress(std::string_view text) {
  return absl::InvalidArgumentError(
      absl::StrFormat("'%s' is not HOST:PORT, for instance 127.0.0.1:7443", std::string(text)));
}

}  // namespace

absl::StatusOr<Address> ParseAddress(std::string_view text) {
  const std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos || colon == 0) return NotAnAddress(text);
  std::string_view host = text.substr(0, colon);
  const std::string_view port = text.substr(colon + 1);
  const bool bracketed = host.size() > 2 && host.front() == '[' && host.back() == ']';
  if (bracketed) host = host.substr(1, host.size() - 2);
  if (!bracketed && host.find(':') != std::string_view::npos) return NotAnAddress(text);
  Address address{std::string(host), 0};
  const auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), address.port);
  const bool whole = error == std::errc() && end == port.data() + port.size();
  if (!whole || address.port < 0 || address.port > 65535) return NotAnAddress(text);
  return address;
}

bool IsLoopback(const Address& address) {
  if (address.host == "localhost" || address.host == "::1") return true;
  // By its numbers only: a name such as "127.example.org" may be anywhere.
  const bool numeric = address.host.find_first_not_of("0123456789.") == std::string::npos;
  return numeric && address.host.starts_with("127.");
}

}  // namespace lethe::server
