// An attempt builds, without writing anything, the part of the key tree that a shred replaces: the
// groups of the leaves without them, every page above, and a fresh root.
#ifndef LETHE_VAULT_KEYTREE_ATTEMPT_H_
#define LETHE_VAULT_KEYTREE_ATTEMPT_H_

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "base/random.h"
#include "vault/keytree/node_keys.h"
#include "vault/shredlog/shred_log.h"

namespace lethe::vault::keytree {

struct NodeRow {
  NodeId id;
  std::string row;
};

struct Attempt {
  Root root;                   // Fresh; its generation is the attempt's number.
  Root base;                   // What it replaces.
  std::vector<NodeRow> nodes;  // In the order of PathOf.
  std::vector<NodeSpot> rekeyed;
  std::vector<std::string> superseded_nodes;   // Keys of rows that die with the old root.
  std::vector<std::string> superseded_leaves;  // First wrappings of the re-keyed groups.
  absl::flat_hash_map<Place, crypto::Commitment> died;
};

// The places of `leaves` as group bitmaps, ordered by group, without duplicates.
std::vector<shredlog::GroupLeaves> ByGroup(const std::vector<Place>& leaves);

// Every node an attempt writes: the groups, the pages above them level by level, each ordered by
// index, the root page last. Growing adds the old root page as a page of its level.
std::vector<NodeId> PathOf(const std::vector<shredlog::GroupLeaves>& groups, int base_levels,
                           int levels, std::uint64_t generation);

// The groups must be closed. DATA_LOSS: a leaf or node on the path does not open; nothing is lost
// by refusing, and re-keying would lose it.
absl::StatusOr<Attempt> BuildAttempt(const VaultId& vault, const storage::Engine& engine,
                                     const NodeKeys& keys,
                                     const std::vector<shredlog::GroupLeaves>& leaves,
                                     std::uint64_t generation, bool grow, Random& random);

// What PREPARED leaves for COMMITTED, also after a restart: kPending row, key attempt64.
storage::Batch PendingBatch(const Attempt& attempt, std::vector<storage::Batch> on_commit);

crypto::Digest DigestOf(const std::vector<NodeRow>& nodes);

// Opens every node of `path` from `root` down, taking rows from `row_of`: the proof that what the
// slots now hold opens what is on disk. DATA_LOSS names nothing but the fact.
absl::Status AuthenticatePath(
    const VaultId& vault, const Root& root, const std::vector<NodeId>& path,
    const std::function<absl::StatusOr<std::string>(const NodeId&)>& row_of);

}  // namespace lethe::vault::keytree

#endif  // LETHE_VAULT_KEYTREE_ATTEMPT_H_
