// A node of the key tree. Opened whole or one secret at a time, it says the same.
//
//   input = U8 mode, bytes      0: they are the row; 1: they are the body, sealed here under the
//   key
#include "vault/keytree/node.h"

#include "crypto/aead.h"
#include "crypto/kdf.h"
#include "tests/fuzz/fuzz_target.h"

namespace lethe::fuzz {
namespace {

using namespace vault;           // NOLINT(google-build-using-namespace)
using namespace vault::keytree;  // NOLINT(google-build-using-namespace): one format, one target.

constexpr NodeId kNode{1, 2, 3};

// As SealGroup and SealKeyPage do, for bodies that they would never write.
std::string SealAnything(const Secret& key, Bytes body) {
  const std::string aad = ByteWriter()
                              .Raw("lethe.node.v1")
                              .Raw(kVault.bytes())
                              .U8(kNode.level)
                              .U64(kNode.index)
                              .U64(kNode.generation)
                              .Take();
  return ByteWriter()
      .U8(1)
      .Raw(crypto::Commit(key))
      .Raw(crypto::SealToString(key, body, AsBytes(aad)))
      .Take();
}

bool OpensAsGroup(const Secret& key, Bytes row) {
  const auto group = OpenGroup(kVault, kNode, key, row);
  for (std::uint8_t slot = 0; slot < kSlotsPerGroup; ++slot) {
    const auto leaf = OpenLeafOfGroup(kVault, kNode, key, row, slot);
    LETHE_CHECK(leaf.ok() == group.ok());
    if (!group.ok()) continue;
    const Secret& whole = group->leaves[slot];
    LETHE_CHECK(leaf->empty() == whole.empty());
    LETHE_CHECK(whole.empty() || leaf->Equals(whole));
  }
  if (!group.ok()) return Refused(group.status());
  LETHE_CHECK(SealGroup(kVault, kNode, key, *group).size() == row.size());
  return true;
}

bool OpensAsPage(const Secret& key, Bytes row) {
  const auto page = OpenKeyPage(kVault, kNode, key, row);
  for (std::uint64_t child = 0; child < kFanOut; child += 9) {
    const auto one = OpenChild(kVault, kNode, key, row, child);
    LETHE_CHECK(one.ok() == page.ok());
    if (!page.ok()) continue;
    LETHE_CHECK(one->generation == page->children[child].generation);
    LETHE_CHECK(one->key.Equals(page->children[child].key));
  }
  if (!page.ok()) return Refused(page.status());
  LETHE_CHECK(SealKeyPage(kVault, kNode, key, *page).size() == row.size());
  return true;
}

}  // namespace

LETHE_FUZZ_TARGET(node) {
  constexpr std::size_t kBodyBytesMax = 64 * 40;  // Of a page; SealBody would refuse more.
  ByteReader in(input);
  const bool seal = (in.U8() & 1) != 0;
  const Bytes bytes = in.Raw(in.remaining());
  const Secret key = FixedSecret(11);
  std::string row(AsText(bytes));
  if (seal) row = SealAnything(key, bytes.first(std::min(bytes.size(), kBodyBytesMax)));
  const bool group = OpensAsGroup(key, AsBytes(row));
  const bool page = OpensAsPage(key, AsBytes(row));
  LETHE_CHECK(!(group && page));
  return group || page;
}

}  // namespace lethe::fuzz
