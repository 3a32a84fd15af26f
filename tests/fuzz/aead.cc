// Sealed bytes: both back ends open the same ones, and refuse the same ones.
//
//   input = U8 key, U8 n, n aad, body
#include "crypto/aead.h"

#include <array>

#include "tests/fuzz/fuzz_target.h"

namespace lethe::fuzz {
namespace {

std::vector<const crypto::Aead*> BackEnds() {
  std::vector<const crypto::Aead*> back_ends = {&crypto::OpensslAead(), &crypto::DefaultAead()};
  if (crypto::SodiumAead() != nullptr) back_ends.push_back(crypto::SodiumAead());
  return back_ends;
}

// What all back ends say of `sealed`; a refusal leaves zeros, not half a plaintext.
bool OpenWithAll(const Secret& key, Bytes sealed, Bytes aad, std::string& plaintext) {
  std::size_t opened = 0;
  const std::size_t size = std::max(sealed.size(), crypto::kSealOverheadBytes);
  for (const crypto::Aead* back_end : BackEnds()) {
    std::string out(size - crypto::kSealOverheadBytes, 'x');
    const absl::Status status = back_end->Open(key, sealed, aad, AsMutableBytes(out));
    if (!status.ok()) {
      Refused(status);
      LETHE_CHECK(out == std::string(out.size(), '\0'));
      continue;
    }
    LETHE_CHECK(opened == 0 || out == plaintext);
    plaintext = out;
    ++opened;
  }
  LETHE_CHECK(opened == 0 || opened == BackEnds().size());
  return opened > 0;
}

}  // namespace

LETHE_FUZZ_TARGET(aead) {
  ByteReader in(input);
  const Secret key = FixedSecret(in.U8());
  const std::string aad = "a" + std::string(AsText(in.Raw(in.U8())));
  const Bytes body = in.Raw(in.remaining());
  std::string plaintext;
  const bool authentic = OpenWithAll(key, body, AsBytes(aad), plaintext);

  for (const crypto::Aead* back_end : BackEnds()) {
    std::string sealed(body.size() + crypto::kSealOverheadBytes, '\0');
    back_end->Seal(key, body, AsBytes(aad), AsMutableBytes(sealed));
    LETHE_CHECK(OpenWithAll(key, AsBytes(sealed), AsBytes(aad), plaintext));
    LETHE_CHECK(plaintext == AsText(body));
    sealed[body.size() / 2] = static_cast<char>(sealed[body.size() / 2] ^ 0x20);
    LETHE_CHECK(!OpenWithAll(key, AsBytes(sealed), AsBytes(aad), plaintext));
  }
  return authentic;
}

}  // namespace lethe::fuzz
