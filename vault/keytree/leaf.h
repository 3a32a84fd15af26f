// A leaf: a 32-byte secret at one place of the tree, for life.
#ifndef LETHE_VAULT_KEYTREE_LEAF_H_
#define LETHE_VAULT_KEYTREE_LEAF_H_

#include <array>
#include <cstdint>
#include <memory>

#include "base/codec.h"
#include "base/memory/secret.h"
#include "crypto/kdf.h"
#include "vault/keytree/place.h"

namespace lethe::vault::keytree {

// A leaf's first wrapping: what its own row holds, and what a record row may carry to save that
// read.
struct WrappedLeaf {
  static constexpr std::size_t kBytes = 8 + 60 + 32;

  std::uint64_t generation = 0;  // Of its group when it was wrapped; dead when the group moved on.
  std::array<std::uint8_t, 60> sealed{};  // nonce | 32 secret bytes | tag
  crypto::Commitment commitment{};

  void AppendTo(ByteWriter& out) const;
  static WrappedLeaf Read(ByteReader& in);
};

class GroupHold;  // Keeps a group from being closed; see groups.h.

// A leaf that was drawn and stands in a batch, but is not committed yet. Keep it until the commit
// has returned: while it lives its group cannot be re-keyed. Dropping it uncommitted is harmless.
struct LeafDraft {
  Place place;
  Secret secret;
  WrappedLeaf wrapped;
  std::shared_ptr<GroupHold> hold;
};

}  // namespace lethe::vault::keytree

#endif  // LETHE_VAULT_KEYTREE_LEAF_H_
