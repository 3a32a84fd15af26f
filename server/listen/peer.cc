#include "server/listen/peer.h"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <array>
#include <cstring>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"

namespace lethe::server {
namespace {

constexpr std::size_t kMappedPrefixBytes = 12;
constexpr std::size_t kSiteBytes = 8;

std::string TextOf(int family, const void* address) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  inet_ntop(family, address, text.data(), text.size());
  return text.data();
}

}  // namespace

Peer PeerOf(const sockaddr_storage& address) {
  if (address.ss_family == AF_INET) {
    const auto& v4 = reinterpret_cast<const sockaddr_in&>(address);
    const std::string host = TextOf(AF_INET, &v4.sin_addr);
    return {absl::StrCat("ipv4:", host, ":", ntohs(v4.sin_port)), host};
  }
  if (address.ss_family != AF_INET6) return {"other", "other"};
  const auto& v6 = reinterpret_cast<const sockaddr_in6&>(address);
  if (IN6_IS_ADDR_V4MAPPED(&v6.sin6_addr)) {
    const std::string host = TextOf(AF_INET, v6.sin6_addr.s6_addr + kMappedPrefixBytes);
    return {absl::StrCat("ipv4:", host, ":", ntohs(v6.sin6_port)), host};
  }
  in6_addr site = v6.sin6_addr;
  std::memset(site.s6_addr + kSiteBytes, 0, sizeof(site.s6_addr) - kSiteBytes);
  return {absl::StrCat("ipv6:[", TextOf(AF_INET6, &v6.sin6_addr), "]:", ntohs(v6.sin6_port)),
          TextOf(AF_INET6, &site)};
}

std::string PlainPeerName(std::string_view grpc_name) {
  std::string name = absl::StrReplaceAll(std::string(grpc_name), {{"%5B", "["}, {"%5D", "]"}});
  const std::size_t zone = name.find('%');
  const std::size_t end = name.find(']');
  if (zone != std::string::npos && end != std::string::npos && zone < end) {
    name.erase(zone, end - zone);
  }
  return name;
}

}  // namespace lethe::server
