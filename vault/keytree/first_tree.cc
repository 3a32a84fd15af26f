#include "vault/keytree/first_tree.h"

#include <utility>

#include "crypto/kdf.h"
#include "vault/keytree/attempt.h"
#include "vault/keytree/groups.h"
#include "vault/keytree/node.h"
#include "vault/keytree/wrapped_leaf.h"
#include "vault/rows/row_schema.h"
#include "vault/shredlog/shred_log.h"

namespace lethe::vault::keytree {
namespace {

// A root page over pages: room for 262,144 leaves before the tree grows for the first time.
constexpr std::uint8_t kFirstLevels = 2;
constexpr std::uint64_t kFirstGeneration = 1;

}  // namespace

crypto::SigningKey SigningKeyOf(const Secret& vault_secret) {
  return crypto::SigningKey(crypto::Derivation(vault_secret, "lethe.signing.v1").Finish());
}

FirstTree MakeFirstTree(const VaultId& vault, const std::vector<std::string>& holder_names,
                        Clock& clock, Random& random) {
  FirstTree tree;
  tree.slot = holders::SlotContent{vault, kFirstGeneration, 1, {}, Secret::Draw(random)};
  tree.slot.root_commitment = crypto::Commit(tree.slot.root);
  const NodeId top_id{kFirstLevels, 0, kFirstGeneration};
  const NodeId page_id{1, 0, kFirstGeneration};
  const KeyPage top = NewKeyPage(kFirstGeneration, random);
  const KeyPage page = NewKeyPage(kFirstGeneration, random);
  const std::string top_row = SealKeyPage(vault, top_id, tree.slot.root, top);
  const std::string page_row = SealKeyPage(vault, page_id, top.children[0].key, page);
  tree.change.Put(table::kNode, top_id.Key(), top_row);
  tree.change.Put(table::kNode, page_id.Key(), page_row);

  const Secret vault_secret = Secret::Draw(random);
  tree.change.Put(table::kLeaf, kVaultLeaf.Key(),
                  EncodeLeafRow(WrapLeaf(vault, kVaultLeaf, kFirstGeneration, page.children[0].key,
                                         vault_secret)));
  // The vault's leaf has its chunk to itself, so that no shred re-keys its group.
  Groups::StoreFirstFree(Groups::kChunkGroups, tree.change);

  shredlog::LogEntry init;
  init.kind = shredlog::EntryKind::kInit;
  init.time = clock.Now();
  init.attempt = kFirstGeneration;
  init.base_levels = init.levels = kFirstLevels;
  init.root = tree.slot.root_commitment;
  init.nodes = DigestOf({{page_id, page_row}, {top_id, top_row}});
  init.holders = holder_names;
  shredlog::AppendLogEntry(vault, shredlog::LogState{}, std::move(init), SigningKeyOf(vault_secret),
                           tree.change);
  return tree;
}

}  // namespace lethe::vault::keytree
