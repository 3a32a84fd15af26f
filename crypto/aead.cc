#include "crypto/aead.h"

#include "base/check.h"
#include "base/reason.h"
#include "base/status_macros.h"
#include "crypto/back_ends.h"

namespace lethe::crypto {
namespace {

// Picks by the size of the body, so that sealing and opening one row use the same library.
class BySizeAead final : public Aead {
 public:
  BySizeAead() : small_(SodiumAead() != nullptr ? *SodiumAead() : OpensslAead()) {}

  void Seal(const Secret& key, Bytes plaintext, Bytes aad, MutableBytes out) const override {
    For(plaintext.size()).Seal(key, plaintext, aad, out);
  }

  absl::Status Open(const Secret& key, Bytes sealed, Bytes aad, MutableBytes out) const override {
    return For(out.size()).Open(key, sealed, aad, out);
  }

 private:
  const Aead& For(std::size_t body_bytes) const {
    return body_bytes < kCrossoverBytes ? small_ : large_;
  }

  const Aead& small_;
  const Aead& large_ = OpensslAead();
};

bool Overlap(Bytes a, Bytes b) {
  const auto a_begin = reinterpret_cast<std::uintptr_t>(a.data());
  const auto b_begin = reinterpret_cast<std::uintptr_t>(b.data());
  return a_begin < b_begin + b.size() && b_begin < a_begin + a.size();
}

}  // namespace

namespace internal {

void CheckSeal(const Secret& key, Bytes head, Bytes tail, Bytes aad, MutableBytes out) {
  LETHE_CHECK(!key.empty());
  LETHE_CHECK(!aad.empty());
  LETHE_CHECK(head.size() <= kPlaintextBytesMax && tail.size() <= kPlaintextBytesMax);
  LETHE_CHECK(out.size() == head.size() + tail.size() + kSealOverheadBytes);
  LETHE_CHECK(!Overlap(head, out) && !Overlap(tail, out));
}

bool CheckOpen(const Secret& key, Bytes sealed, Bytes aad, MutableBytes out) {
  LETHE_CHECK(!key.empty());
  LETHE_CHECK(!aad.empty());
  if (sealed.size() < kSealOverheadBytes) {
    LETHE_CHECK(out.empty());
    return false;
  }
  LETHE_CHECK(out.size() == sealed.size() - kSealOverheadBytes);
  LETHE_CHECK(!Overlap(sealed, out));
  return out.size() <= kPlaintextBytesMax;
}

absl::Status DecryptFailed(MutableBytes out) {
  Wipe(out);
  return Refuse(Reason::kDecryptFailed, "sealed bytes failed authentication");
}

}  // namespace internal

const Aead& DefaultAead() {
  static const BySizeAead* const aead = new BySizeAead;
  return *aead;
}

std::string SealToString(const Secret& key, Bytes plaintext, Bytes aad) {
  std::string sealed(plaintext.size() + kSealOverheadBytes, '\0');
  DefaultAead().Seal(key, plaintext, aad, AsMutableBytes(sealed));
  return sealed;
}

absl::StatusOr<std::string> OpenToString(const Secret& key, Bytes sealed, Bytes aad) {
  const std::size_t bytes =
      sealed.size() < kSealOverheadBytes ? 0 : sealed.size() - kSealOverheadBytes;
  std::string plaintext(bytes, '\0');
  LETHE_TRY(DefaultAead().Open(key, sealed, aad, AsMutableBytes(plaintext)));
  return plaintext;
}

}  // namespace lethe::crypto
