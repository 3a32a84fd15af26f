#include "vault/keytree/receipt_batch.h"

#include <optional>
#include <string>

#include "base/codec.h"
#include "crypto/merkle.h"

namespace lethe::vault::keytree {
namespace {

std::string SignedText(const VaultId& vault, std::uint64_t size, const crypto::Digest& root) {
  return ByteWriter().Raw("lethe.receipts.v1").Raw(vault.bytes()).U64(size).Raw(root).Take();
}

}  // namespace

std::vector<BatchProof> SignBatch(const VaultId& vault, const crypto::SigningKey& key,
                                  std::span<const std::string_view> statements) {
  if (statements.empty()) return {};
  std::vector<crypto::Digest> leaves;
  for (const std::string_view statement : statements) {
    leaves.push_back(crypto::MerkleLeaf(AsBytes(statement)));
  }
  const crypto::MerkleTree tree(std::move(leaves));
  const std::string signature(
      AsText(key.Sign(AsBytes(SignedText(vault, tree.size(), tree.root())))));
  std::vector<BatchProof> proofs;
  for (std::uint64_t index = 0; index < tree.size(); ++index) {
    BatchProof proof{.index = index, .size = tree.size(), .path = {}, .signature = signature};
    for (const crypto::Digest& node : tree.PathOf(index)) proof.path.emplace_back(AsText(node));
    proofs.push_back(std::move(proof));
  }
  return proofs;
}

bool VerifyBatch(const VaultId& vault, const crypto::PublicKey& key, std::string_view statement,
                 const BatchProof& proof) {
  std::vector<crypto::Digest> path;
  for (const std::string& node : proof.path) {
    const auto digest = ArrayFrom<crypto::Digest().size()>(AsBytes(node));
    if (!digest.has_value()) return false;
    path.push_back(*digest);
  }
  const std::optional<crypto::Digest> root =
      crypto::MerkleRootOver(crypto::MerkleLeaf(AsBytes(statement)), proof.index, proof.size, path);
  return root.has_value() && crypto::Verify(key, AsBytes(SignedText(vault, proof.size, *root)),
                                            AsBytes(proof.signature));
}

}  // namespace lethe::vault::keytree
