#include "server/listen/connection_table.h"

#include <utility>

namespace lethe::server {

std::string_view NameOf(Crowd crowd) {
  switch (crowd) {
    case Crowd::kNone:
      return "none";
    case Crowd::kTotal:
      return "connections";
    case Crowd::kNetwork:
      return "connections_per_address";
    case Crowd::kUnproven:
      return "handshakes";
  }
  return "none";
}

ConnectionTable::Id ConnectionTable::OldestUnprovenOfTheLargest() const {
  const Network* largest = nullptr;
  Id oldest = -1;
  for (const auto& [number, id] : unproven_) {
    const Network& network = networks_.at(connections_.at(id).peer.network);
    if (largest != nullptr && network.unproven <= largest->unproven) continue;
    largest = &network;
    oldest = id;
  }
  return oldest;
}

ConnectionTable::Id ConnectionTable::OldestUnprovenOf(const std::string& network) const {
  for (const auto& [number, id] : unproven_) {
    if (connections_.at(id).peer.network == network) return id;
  }
  return -1;
}

bool ConnectionTable::NetworkIsFull(const std::string& network) const {
  const auto found = networks_.find(network);
  return found != networks_.end() && found->second.total >= limits_.per_network;
}

bool ConnectionTable::IsCrowded(const Peer& peer) const {
  return NetworkIsFull(peer.network) || IsFull() || unproven() >= limits_.unproven;
}

ConnectionTable::Verdict ConnectionTable::Admit(const Peer& peer) {
  Verdict verdict{true, Crowd::kNone, {}};
  if (NetworkIsFull(peer.network)) {
    const Id goes = OldestUnprovenOf(peer.network);
    if (goes < 0) return {false, Crowd::kNetwork, {}};
    verdict.crowd = Crowd::kNetwork;
    Remove(goes);
    verdict.to_close.push_back(goes);
  }
  if (const bool full = IsFull(); full || unproven() >= limits_.unproven) {
    verdict.crowd = full ? Crowd::kTotal : Crowd::kUnproven;
    const Id goes = limits_.oldest_goes && !by_age_.empty() ? by_age_.begin()->second
                                                            : OldestUnprovenOfTheLargest();
    if (goes < 0) return {false, verdict.crowd, std::move(verdict.to_close)};
    Remove(goes);
    verdict.to_close.push_back(goes);
  }
  return verdict;
}

void ConnectionTable::Add(Id id, Peer peer, absl::Duration now) {
  const std::uint64_t number = ++accepted_;
  Network& network = networks_[peer.network];
  ++network.total;
  ++network.unproven;
  by_age_[number] = id;
  unproven_[number] = id;
  by_peer_[peer.name] = id;
  connections_[id] = {std::move(peer), now, number, false};
}

void ConnectionTable::Remove(Id id) {
  const auto found = connections_.find(id);
  if (found == connections_.end()) return;
  Prove(id);
  const Connection& gone = found->second;
  by_age_.erase(gone.number);
  // The peer may have come again from the same port before this end was seen.
  const auto named = by_peer_.find(gone.peer.name);
  if (named != by_peer_.end() && named->second == id) by_peer_.erase(named);
  const auto network = networks_.find(gone.peer.network);
  if (--network->second.total == 0) networks_.erase(network);
  connections_.erase(found);
}

void ConnectionTable::Prove(Id id) {
  const auto found = connections_.find(id);
  if (found == connections_.end() || found->second.proven) return;
  found->second.proven = true;
  unproven_.erase(found->second.number);
  --networks_.at(found->second.peer.network).unproven;
}

void ConnectionTable::ProveAllBefore(absl::Duration time) {
  while (!unproven_.empty()) {
    const Id oldest = unproven_.begin()->second;
    if (connections_.at(oldest).since >= time) return;
    Prove(oldest);
  }
}

ConnectionTable::Id ConnectionTable::FindPeer(const std::string& name) const {
  const auto found = by_peer_.find(name);
  return found == by_peer_.end() ? -1 : found->second;
}

}  // namespace lethe::server
