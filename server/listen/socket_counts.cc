#include "server/listen/socket_counts.h"

#include <algorithm>
#include <charconv>

#include "grpc/grpc.h"
#include "grpc/support/alloc.h"
#include "nlohmann/json.hpp"
#include "server/listen/peer.h"

namespace lethe::server {
namespace {

constexpr std::intptr_t kPage = 100;
// Numbers are drawn before a socket is listed, so that a lower one may appear after a higher.
constexpr std::intptr_t kOverlap = 1000;
constexpr std::string_view kNamePrefix = "chttp2 ";

// Takes over and frees what gRPC made. Null where it has nothing to tell.
nlohmann::json Parse(char* text) {
  if (text == nullptr) return nullptr;
  nlohmann::json json = nlohmann::json::parse(text, nullptr, false);
  gpr_free(text);
  return json;
}

// Numbers stand in strings, and zeros nowhere.
std::int64_t NumberIn(const nlohmann::json& object, const char* key) {
  std::int64_t number = 0;
  if (!object.is_object()) return number;
  const auto found = object.find(key);
  if (found == object.end() || !found->is_string()) return number;
  const auto& text = found->get_ref<const std::string&>();
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

const nlohmann::json& PartOf(const nlohmann::json& object, const char* key) {
  static const nlohmann::json nothing;
  if (!object.is_object()) return nothing;
  const auto found = object.find(key);
  return found == object.end() ? nothing : *found;
}

bool IsLast(const nlohmann::json& page) {
  const nlohmann::json& end = PartOf(page, "end");
  return !page.is_object() || (end.is_boolean() && end.get<bool>());
}

}  // namespace

SocketCounts SocketCounts::OfNewestServer() {
  std::intptr_t newest = 0;
  nlohmann::json page;
  do {
    page = Parse(grpc_channelz_get_servers(newest + 1));
    for (const nlohmann::json& server : PartOf(page, "server")) {
      newest = std::max<std::intptr_t>(newest, NumberIn(PartOf(server, "ref"), "serverId"));
    }
  } while (!IsLast(page));
  return SocketCounts(newest);
}

std::vector<SocketCounts::Socket> SocketCounts::Handshaken() {
  std::vector<Socket> sockets;
  std::intptr_t next = std::max<std::intptr_t>(0, newest_ - kOverlap);
  nlohmann::json page;
  do {
    page = Parse(grpc_channelz_get_server_sockets(server_, next, kPage));
    const std::intptr_t before = next;
    for (const nlohmann::json& ref : PartOf(page, "socketRef")) {
      const std::intptr_t id = NumberIn(ref, "socketId");
      next = std::max(next, id + 1);
      newest_ = std::max(newest_, id);
      const nlohmann::json& name = PartOf(ref, "name");
      if (!name.is_string()) continue;
      std::string_view text = name.get_ref<const std::string&>();
      if (text.starts_with(kNamePrefix)) text.remove_prefix(kNamePrefix.size());
      sockets.push_back({id, PlainPeerName(text)});
    }
    if (next == before) break;
  } while (!IsLast(page));
  return sockets;
}

std::optional<StreamCounts> SocketCounts::StreamsOf(std::intptr_t socket) {
  const nlohmann::json json = Parse(grpc_channelz_get_socket(socket));
  const nlohmann::json& data = PartOf(PartOf(json, "socket"), "data");
  if (!data.is_object()) return std::nullopt;
  return StreamCounts{NumberIn(data, "streamsStarted"), NumberIn(data, "streamsSucceeded"),
                      NumberIn(data, "streamsFailed")};
}

}  // namespace lethe::server
