#include "vault/keytree/node.h"

#include <algorithm>
#include <bit>

#include "base/check.h"
#include "base/codec.h"
#include "base/reason.h"
#include "base/status_macros.h"
#include "crypto/aead.h"
#include "crypto/kdf.h"

namespace lethe::vault::keytree {
namespace {

constexpr std::uint8_t kNodeFormat = 1;
constexpr std::size_t kHeadBytes = 1 + 32;
constexpr std::size_t kChildBytes = 8 + Secret::kBytes;
constexpr std::size_t kPageBodyBytes = kFanOut * kChildBytes;
constexpr std::size_t kGroupBodyBytesMax = 8 + kSlotsPerGroup * Secret::kBytes;

// Plaintext of a node on its way between the cipher and the arena; wiped when it goes.
class BodyBuffer {
 public:
  ~BodyBuffer() { Wipe(MutableBytes(bytes_).first(size_)); }
  MutableBytes Resize(std::size_t size) {
    LETHE_CHECK(size <= bytes_.size());
    size_ = size;
    return MutableBytes(bytes_).first(size);
  }
  MutableBytes bytes() { return MutableBytes(bytes_).first(size_); }

 private:
  std::array<std::uint8_t, std::max(kPageBodyBytes, kGroupBodyBytesMax)> bytes_;
  std::size_t size_ = 0;
};

void PutU64(MutableBytes out, std::uint64_t value) {
  for (int i = 0; i < 8; ++i) out[i] = static_cast<std::uint8_t>(value >> (56 - 8 * i));
}

std::uint64_t GetU64(Bytes in) {
  std::uint64_t value = 0;
  for (int i = 0; i < 8; ++i) value = value << 8 | in[i];
  return value;
}

std::string NodeAad(const VaultId& vault, const NodeId& id) {
  return ByteWriter()
      .Raw("lethe.node.v1")
      .Raw(vault.bytes())
      .U8(id.level)
      .U64(id.index)
      .U64(id.generation)
      .Take();
}

std::string SealBody(const VaultId& vault, const NodeId& id, const Secret& key, Bytes body) {
  std::string row(kHeadBytes + body.size() + crypto::kSealOverheadBytes, '\0');
  const MutableBytes out = AsMutableBytes(row);
  out[0] = kNodeFormat;
  std::ranges::copy(crypto::Commit(key), out.begin() + 1);
  crypto::DefaultAead().Seal(key, body, AsBytes(NodeAad(vault, id)), out.subspan(kHeadBytes));
  return row;
}

absl::Status OpenBody(const VaultId& vault, const NodeId& id, const Secret& key, Bytes row,
                      BodyBuffer& body) {
  if (row.size() < kHeadBytes + crypto::kSealOverheadBytes ||
      row.size() > kHeadBytes + crypto::kSealOverheadBytes + kPageBodyBytes) {
    return Refuse(Reason::kDecryptFailed, "a key tree node has an impossible size");
  }
  if (row[0] != kNodeFormat) {
    return Refuse(Reason::kUnsupportedFormat,
                  "a key tree node has a format this version does not know");
  }
  if (!ConstantTimeEquals(row.subspan(1, 32), crypto::Commit(key))) {
    return Refuse(Reason::kDecryptFailed,
                  "a key tree node is not sealed under the key its parent names");
  }
  const Bytes sealed = row.subspan(kHeadBytes);
  return crypto::DefaultAead().Open(key, sealed, AsBytes(NodeAad(vault, id)),
                                    body.Resize(sealed.size() - crypto::kSealOverheadBytes));
}

absl::Status OpenPageBody(const VaultId& vault, const NodeId& id, const Secret& key, Bytes row,
                          BodyBuffer& body) {
  LETHE_TRY(OpenBody(vault, id, key, row, body));
  if (body.bytes().size() != kPageBodyBytes) {
    return Refuse(Reason::kDecryptFailed, "a key tree page has an impossible size");
  }
  return absl::OkStatus();
}

absl::StatusOr<std::uint64_t> OpenGroupBody(const VaultId& vault, const NodeId& id,
                                            const Secret& key, Bytes row, BodyBuffer& body) {
  LETHE_TRY(OpenBody(vault, id, key, row, body));
  if (body.bytes().size() < 8) {
    return Refuse(Reason::kDecryptFailed, "a key tree group has an impossible size");
  }
  const std::uint64_t bitmap = GetU64(body.bytes());
  if (body.bytes().size() != 8 + Secret::kBytes * static_cast<std::size_t>(std::popcount(bitmap))) {
    return Refuse(Reason::kDecryptFailed, "a key tree group has an impossible size");
  }
  return bitmap;
}

NodeKey ChildAt(Bytes body, std::uint64_t child) {
  const Bytes entry = body.subspan(child * kChildBytes, kChildBytes);
  return NodeKey{GetU64(entry), Secret::CopyFrom(entry.subspan(8))};
}

}  // namespace

std::string NodeId::Key() const { return ByteWriter().U8(level).U64(index).U64(generation).Take(); }

KeyPage NewKeyPage(std::uint64_t generation, Random& random) {
  KeyPage page;
  for (NodeKey& child : page.children) child = NodeKey{generation, Secret::Draw(random)};
  return page;
}

std::string SealKeyPage(const VaultId& vault, const NodeId& id, const Secret& key,
                        const KeyPage& page) {
  BodyBuffer buffer;
  const MutableBytes body = buffer.Resize(kPageBodyBytes);
  for (std::size_t i = 0; i < kFanOut; ++i) {
    const MutableBytes entry = body.subspan(i * kChildBytes, kChildBytes);
    PutU64(entry, page.children[i].generation);
    std::ranges::copy(page.children[i].key.Reveal(), entry.begin() + 8);
  }
  return SealBody(vault, id, key, body);
}

std::string SealGroup(const VaultId& vault, const NodeId& id, const Secret& key,
                      const Group& group) {
  std::uint64_t bitmap = 0;
  for (std::size_t i = 0; i < kSlotsPerGroup; ++i) {
    if (!group.leaves[i].empty()) bitmap |= std::uint64_t{1} << i;
  }
  BodyBuffer buffer;
  const MutableBytes body =
      buffer.Resize(8 + Secret::kBytes * static_cast<std::size_t>(std::popcount(bitmap)));
  PutU64(body, bitmap);
  auto out = body.begin() + 8;
  for (const Secret& leaf : group.leaves) {
    if (!leaf.empty()) out = std::ranges::copy(leaf.Reveal(), out).out;
  }
  return SealBody(vault, id, key, body);
}

absl::StatusOr<KeyPage> OpenKeyPage(const VaultId& vault, const NodeId& id, const Secret& key,
                                    Bytes row) {
  BodyBuffer body;
  LETHE_TRY(OpenPageBody(vault, id, key, row, body));
  KeyPage page;
  for (std::size_t i = 0; i < kFanOut; ++i) page.children[i] = ChildAt(body.bytes(), i);
  return page;
}

absl::StatusOr<Group> OpenGroup(const VaultId& vault, const NodeId& id, const Secret& key,
                                Bytes row) {
  BodyBuffer body;
  LETHE_ASSIGN(const std::uint64_t bitmap, OpenGroupBody(vault, id, key, row, body));
  Group group;
  std::size_t at = 8;
  for (std::size_t i = 0; i < kSlotsPerGroup; ++i) {
    if ((bitmap >> i & 1) == 0) continue;
    group.leaves[i] = Secret::CopyFrom(Bytes(body.bytes()).subspan(at, Secret::kBytes));
    at += Secret::kBytes;
  }
  return group;
}

absl::StatusOr<NodeKey> OpenChild(const VaultId& vault, const NodeId& id, const Secret& key,
                                  Bytes row, std::uint64_t child) {
  LETHE_CHECK(child < kFanOut);
  BodyBuffer body;
  LETHE_TRY(OpenPageBody(vault, id, key, row, body));
  return ChildAt(body.bytes(), child);
}

absl::StatusOr<Secret> OpenLeafOfGroup(const VaultId& vault, const NodeId& id, const Secret& key,
                                       Bytes row, std::uint8_t slot) {
  LETHE_CHECK(slot < kSlotsPerGroup);
  BodyBuffer body;
  LETHE_ASSIGN(const std::uint64_t bitmap, OpenGroupBody(vault, id, key, row, body));
  if ((bitmap >> slot & 1) == 0) return Secret();
  const std::uint64_t below = bitmap & ((std::uint64_t{1} << slot) - 1);
  const std::size_t at = 8 + Secret::kBytes * static_cast<std::size_t>(std::popcount(below));
  return Secret::CopyFrom(Bytes(body.bytes()).subspan(at, Secret::kBytes));
}

}  // namespace lethe::vault::keytree
