#include "vault/memory/key_cache.h"

#include <algorithm>
#include <utility>

#include "absl/hash/hash.h"

namespace lethe::vault::memory {

KeyCache::KeyCache(std::size_t keys_max)
    : keys_per_shard_max_(std::max<std::size_t>(1, keys_max / kShards)) {}

std::size_t KeyCache::FittingSize() {
  return std::min(kKeysMax, secret_arena::GetStats().slots_total / 4);
}

KeyCache::Shard& KeyCache::ShardOf(const Place& leaf) {
  return shards_[absl::Hash<Place>()(leaf) % kShards];
}

Secret KeyCache::Find(const Place& leaf) {
  Shard& shard = ShardOf(leaf);
  absl::MutexLock lock(&shard.mutex);
  const auto found = shard.by_leaf.find(leaf);
  if (found == shard.by_leaf.end()) return Secret();
  shard.recent.splice(shard.recent.begin(), shard.recent, found->second);
  return found->second->key.Clone();
}

void KeyCache::Remember(const Place& leaf, const Secret& key, std::optional<Place> second) {
  Shard& shard = ShardOf(leaf);
  absl::MutexLock lock(&shard.mutex);
  if (shard.by_leaf.contains(leaf)) return;
  if (shard.by_leaf.size() >= keys_per_shard_max_) Drop(shard, std::prev(shard.recent.end()));
  shard.recent.push_front(Entry{leaf, second, key.Clone()});
  shard.by_leaf[leaf] = shard.recent.begin();
  if (second.has_value()) ++shard.seconds[*second];
}

void KeyCache::Drop(Shard& shard, std::list<Entry>::iterator entry) {
  if (entry->second.has_value()) {
    const auto count = shard.seconds.find(*entry->second);
    if (--count->second == 0) shard.seconds.erase(count);
  }
  shard.by_leaf.erase(entry->leaf);
  shard.recent.erase(entry);
}

void KeyCache::Forget(std::span<const Place> leaves) {
  for (Shard& shard : shards_) {
    absl::MutexLock lock(&shard.mutex);
    bool walk = false;
    for (const Place& leaf : leaves) {
      const auto found = shard.by_leaf.find(leaf);
      if (found != shard.by_leaf.end()) Drop(shard, found->second);
      walk = walk || shard.seconds.contains(leaf);
    }
    if (!walk) continue;
    for (auto entry = shard.recent.begin(); entry != shard.recent.end();) {
      const auto next = std::next(entry);
      if (entry->second.has_value() && std::ranges::find(leaves, *entry->second) != leaves.end()) {
        Drop(shard, entry);
      }
      entry = next;
    }
  }
}

void KeyCache::Clear() {
  for (Shard& shard : shards_) {
    absl::MutexLock lock(&shard.mutex);
    shard.recent.clear();
    shard.by_leaf.clear();
    shard.seconds.clear();
  }
}

std::size_t KeyCache::size() const {
  std::size_t keys = 0;
  for (const Shard& shard : shards_) {
    absl::MutexLock lock(&shard.mutex);
    keys += shard.by_leaf.size();
  }
  return keys;
}

}  // namespace lethe::vault::memory
