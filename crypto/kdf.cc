#include "crypto/kdf.h"

#include <sodium.h>

#include "base/check.h"
#include "base/sodium_init.h"

namespace lethe::crypto {
namespace {

static_assert(sizeof(crypto_generichash_state) <= 384);
static_assert(alignof(crypto_generichash_state) <= 64);

// libsodium 1.0.18 builds the digest, here a key, in a local array that it does not wipe; this is
// more than its frames take below Finish.
constexpr std::size_t kFinalStackBytes = 1024;

constexpr Label kCommitLabel = "lethe.commit.v01";

crypto_generichash_state* StateIn(std::array<std::uint8_t, 384>& bytes) {
  return reinterpret_cast<crypto_generichash_state*>(bytes.data());
}

Bytes BytesOf(const Label& label) { return AsBytes({label.text.data(), label.text.size()}); }

// A BLAKE2b state keyed with `key`, which is wiped when it dies.
class KeyedHash {
 public:
  KeyedHash(const Secret& key, std::size_t out_bytes) {
    EnsureSodium();
    const Bytes bytes = key.Reveal();
    LETHE_CHECK(crypto_generichash_init(&state_, bytes.data(), bytes.size(), out_bytes) == 0);
  }
  ~KeyedHash() { sodium_memzero(&state_, sizeof state_); }
  KeyedHash(const KeyedHash&) = delete;
  KeyedHash& operator=(const KeyedHash&) = delete;

  void Add(Bytes bytes) { crypto_generichash_update(&state_, bytes.data(), bytes.size()); }
  void Finish(MutableBytes out) {
    LETHE_CHECK(crypto_generichash_final(&state_, out.data(), out.size()) == 0);
  }

 private:
  crypto_generichash_state state_;
};

}  // namespace

Derivation::Derivation(const Secret& parent, Label label) {
  EnsureSodium();
  const Bytes key = parent.Reveal();
  LETHE_CHECK(crypto_generichash_init(StateIn(state_), key.data(), key.size(), Secret::kBytes) ==
              0);
  Fixed(BytesOf(label));
}

Derivation::~Derivation() { Wipe(state_); }

Derivation& Derivation::Fixed(Bytes bytes) {
  crypto_generichash_update(StateIn(state_), bytes.data(), bytes.size());
  return *this;
}

Derivation& Derivation::Sized(std::string_view bytes) {
  LETHE_CHECK(bytes.size() <= 0xffff);
  const std::array<std::uint8_t, 2> size = {static_cast<std::uint8_t>(bytes.size() >> 8),
                                            static_cast<std::uint8_t>(bytes.size())};
  return Fixed(size).Fixed(AsBytes(bytes));
}

Derivation& Derivation::U32(std::uint32_t value) {
  std::array<std::uint8_t, 4> bytes;
  for (int i = 0; i < 4; ++i) bytes[i] = static_cast<std::uint8_t>(value >> (24 - 8 * i));
  return Fixed(bytes);
}

Derivation& Derivation::U64(std::uint64_t value) {
  return U32(static_cast<std::uint32_t>(value >> 32)).U32(static_cast<std::uint32_t>(value));
}

Secret Derivation::Finish() {
  Secret child = Secret::Zero();
  const MutableBytes out = child.RevealMutable();
  LETHE_CHECK(crypto_generichash_final(StateIn(state_), out.data(), out.size()) == 0);
  sodium_stackzero(kFinalStackBytes);
  return child;
}

Commitment Commit(const Secret& key) {
  std::array<std::uint8_t, 32> commitment;
  KeyedHash hash(key, commitment.size());
  hash.Add(BytesOf(kCommitLabel));
  hash.Finish(commitment);
  return commitment;
}

std::array<std::uint8_t, 16> Mac16(const Secret& key, Label label, std::string_view message) {
  std::array<std::uint8_t, 16> tag;
  KeyedHash hash(key, tag.size());
  hash.Add(BytesOf(label));
  hash.Add(AsBytes(message));
  hash.Finish(tag);
  return tag;
}

}  // namespace lethe::crypto
