#include "vault/keytree/wrapped_leaf.h"

#include <algorithm>

#include "base/reason.h"
#include "base/status_macros.h"
#include "crypto/aead.h"
#include "crypto/kdf.h"

namespace lethe::vault::keytree {
namespace {

constexpr std::uint8_t kLeafFormat = 1;

std::string LeafAad(const VaultId& vault, const Place& place, std::uint64_t generation) {
  ByteWriter out;
  out.Raw("lethe.leaf.v1").Raw(vault.bytes());
  place.AppendTo(out);
  return out.U64(generation).Take();
}

}  // namespace

void WrappedLeaf::AppendTo(ByteWriter& out) const {
  out.U64(generation).Raw(sealed).Raw(commitment);
}

WrappedLeaf WrappedLeaf::Read(ByteReader& in) {
  WrappedLeaf leaf;
  leaf.generation = in.U64();
  std::ranges::copy(in.Raw(leaf.sealed.size()), leaf.sealed.begin());
  std::ranges::copy(in.Raw(leaf.commitment.size()), leaf.commitment.begin());
  return leaf;
}

WrappedLeaf WrapLeaf(const VaultId& vault, const Place& place, std::uint64_t generation,
                     const Secret& group_key, const Secret& secret) {
  WrappedLeaf leaf;
  leaf.generation = generation;
  crypto::DefaultAead().Seal(group_key, secret.Reveal(), AsBytes(LeafAad(vault, place, generation)),
                             leaf.sealed);
  leaf.commitment = crypto::Commit(secret);
  return leaf;
}

absl::StatusOr<Secret> UnwrapLeaf(const VaultId& vault, const Place& place,
                                  const WrappedLeaf& wrapped, const Secret& group_key) {
  Secret secret = Secret::Zero();
  LETHE_TRY(crypto::DefaultAead().Open(group_key, wrapped.sealed,
                                       AsBytes(LeafAad(vault, place, wrapped.generation)),
                                       secret.RevealMutable()));
  // GCM does not commit to its key: a crafted row could open under two of them.
  if (!ConstantTimeEquals(crypto::Commit(secret), wrapped.commitment)) {
    return Refuse(Reason::kDecryptFailed, "a leaf does not match its commitment");
  }
  return secret;
}

std::string EncodeLeafRow(const WrappedLeaf& wrapped) {
  ByteWriter out;
  out.U8(kLeafFormat);
  wrapped.AppendTo(out);
  return out.Take();
}

absl::StatusOr<WrappedLeaf> DecodeLeafRow(Bytes row) {
  ByteReader in(row);
  if (in.U8() != kLeafFormat) {
    return Refuse(Reason::kUnsupportedFormat, "a leaf row has a format this version does not know");
  }
  WrappedLeaf leaf = WrappedLeaf::Read(in);
  LETHE_TRY(in.Finish());
  return leaf;
}

}  // namespace lethe::vault::keytree
