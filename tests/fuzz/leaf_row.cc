// A leaf's first wrapping, in its own row or inside a record's.
//
//   input = U8 seals, row       bit 0: the row's secret and tag are replaced by a true sealing of
//                               what stands there, so that only the commitment is left to chance
#include "crypto/aead.h"
#include "crypto/kdf.h"
#include "tests/fuzz/fuzz_target.h"
#include "vault/keytree/wrapped_leaf.h"

namespace lethe::fuzz {
namespace {

using namespace vault;           // NOLINT(google-build-using-namespace)
using namespace vault::keytree;  // NOLINT(google-build-using-namespace): one format, one target.

constexpr Place kPlace{3, 5};

}  // namespace

LETHE_FUZZ_TARGET(leaf_row) {
  ByteReader in(input);
  const bool seals = (in.U8() & 1) != 0;
  const Bytes row = in.Raw(in.remaining());
  auto leaf = DecodeLeafRow(row);
  if (!leaf.ok()) return Refused(leaf.status());
  LETHE_CHECK(EncodeLeafRow(*leaf) == AsText(row));

  const Secret group_key = FixedSecret(9);
  if (seals) {
    const Secret secret = Secret::CopyFrom(Bytes(leaf->sealed).first(Secret::kBytes));
    leaf->sealed = WrapLeaf(kVault, kPlace, leaf->generation, group_key, secret).sealed;
  }
  const auto secret = UnwrapLeaf(kVault, kPlace, *leaf, group_key);
  if (!secret.ok()) return Refused(secret.status());
  LETHE_CHECK(crypto::Commit(*secret) == leaf->commitment);
  LETHE_CHECK(!UnwrapLeaf(kVault, Place{3, 6}, *leaf, group_key).ok());
  LETHE_CHECK(!UnwrapLeaf(kVault, kPlace, *leaf, FixedSecret(8)).ok());
  return true;
}

}  // namespace lethe::fuzz
