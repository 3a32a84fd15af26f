// Keys in use, by the place of the leaf they hang on, so that a hot subject costs no unwrapping.
// What is shredded is forgotten first, by every secret a key was derived from.
#ifndef LETHE_VAULT_RECORDS_KEY_CACHE_H_
#define LETHE_VAULT_RECORDS_KEY_CACHE_H_

#include <array>
#include <cstddef>
#include <list>
#include <optional>
#include <span>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/synchronization/mutex.h"
#include "base/memory/secret.h"
#include "vault/keytree/place.h"

namespace lethe::vault::records {

using keytree::Place;

// Thread-safe. A leaf guards one key, so its place names it.
class KeyCache {
 public:
  // 2 MiB of the arena at most, and never more than a quarter of a small one.
  static constexpr std::size_t kKeysMax = 65'536;

  explicit KeyCache(std::size_t keys_max);
  // kKeysMax, or less where the arena is small.
  static std::size_t FittingSize();

  // Empty: not here.
  Secret Find(const Place& leaf);
  // `second`: another leaf the key hangs on, if any.
  void Remember(const Place& leaf, const Secret& key, std::optional<Place> second = std::nullopt);
  // Forgets every key that hangs on one of `leaves`. The caller keeps them from coming back.
  void Forget(std::span<const Place> leaves);
  // Forgets everything: a tenant's keys are too many to name.
  void Clear();
  std::size_t size() const;

 private:
  static constexpr std::size_t kShards = 16;
  struct Entry {
    Place leaf;
    std::optional<Place> second;
    Secret key;
  };
  struct Shard {
    mutable absl::Mutex mutex;
    std::list<Entry> recent ABSL_GUARDED_BY(mutex);  // Most recently used first.
    absl::flat_hash_map<Place, std::list<Entry>::iterator> by_leaf ABSL_GUARDED_BY(mutex);
    // How many entries name it as their second leaf: a shred that is none of them costs no walk.
    absl::flat_hash_map<Place, std::size_t> seconds ABSL_GUARDED_BY(mutex);
  };

  Shard& ShardOf(const Place& leaf);
  static void Drop(Shard& shard, std::list<Entry>::iterator entry)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(shard.mutex);

  const std::size_t keys_per_shard_max_;
  std::array<Shard, kShards> shards_;
};

}  // namespace lethe::vault::records

#endif  // LETHE_VAULT_RECORDS_KEY_CACHE_H_
