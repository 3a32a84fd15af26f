#include "crypto/self_test.h"

#include <algorithm>
#include <array>
#include <string>

#include "base/check.h"
#include "crypto/aead.h"
#include "crypto/hash.h"
#include "crypto/kdf.h"
#include "crypto/signing.h"

namespace lethe::crypto {
namespace {

std::string FromHex(std::string_view hex) {
  const auto value = [](char c) { return c <= '9' ? c - '0' : c - 'a' + 10; };
  std::string bytes;
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2) {
    bytes.push_back(static_cast<char>(value(hex[i]) << 4 | value(hex[i + 1])));
  }
  return bytes;
}

bool Same(Bytes bytes, std::string_view hex) { return ToHex(bytes) == hex; }

// 00 01 02 … 1f.
Secret CountingKey() {
  Secret key = Secret::Zero();
  for (std::size_t i = 0; i < Secret::kBytes; ++i) {
    key.RevealMutable()[i] = static_cast<std::uint8_t>(i);
  }
  return key;
}

// Test case 16 of McGrew and Viega, "The Galois/Counter Mode of Operation" (2005), opened whole,
// and once more with one bit wrong; then a round trip through a nonce of our own.
bool GcmWorks(const Aead& aead) {
  const Secret key = Secret::CopyFrom(
      AsBytes(FromHex("feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308")));
  const std::string aad = FromHex("feedfacedeadbeeffeedfacedeadbeefabaddad2");
  std::string sealed = FromHex(
      "cafebabefacedbaddecaf888"
      "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa"
      "8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662"
      "76fc6ece0f4e1768cddf8853bb2d551b");
  std::string opened(sealed.size() - kSealOverheadBytes, '\0');
  if (!aead.Open(key, AsBytes(sealed), AsBytes(aad), AsMutableBytes(opened)).ok() ||
      !Same(AsBytes(opened),
            "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72"
            "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39")) {
    return false;
  }
  const std::string plaintext = opened;
  sealed.back() = static_cast<char>(sealed.back() ^ 1);
  if (aead.Open(key, AsBytes(sealed), AsBytes(aad), AsMutableBytes(opened)).ok()) return false;
  aead.Seal(key, AsBytes(plaintext), AsBytes(aad), AsMutableBytes(sealed));
  return aead.Open(key, AsBytes(sealed), AsBytes(aad), AsMutableBytes(opened)).ok() &&
         opened == plaintext;
}

// The answer was computed with Python's hashlib.
bool Blake2bWorks() {
  const Secret child = Derivation(CountingKey(), "lethe.selftest.1").Sized("abc").Finish();
  return Same(child.Reveal(), "e554348fa298984bfdbba0a36e18fb6e6f7a455ea9a243c6b98baf52f4f0501e");
}

// FIPS 180-2, appendix B.1.
bool Sha256Works() {
  return Same(Sha256(AsBytes("abc")),
              "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

// RFC 8032, section 7.1, test 1.
bool Ed25519Works() {
  const SigningKey key(Secret::CopyFrom(
      AsBytes(FromHex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60"))));
  Signature signature = key.Sign({});
  if (!Same(key.public_key(), "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a") ||
      !Same(signature,
            "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155"
            "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b") ||
      !Verify(key.public_key(), {}, signature)) {
    return false;
  }
  signature[0] ^= 1;
  return !Verify(key.public_key(), {}, signature);
}

absl::Status RunAll() {
  if (SodiumAead() != nullptr && !GcmWorks(*SodiumAead())) {
    return absl::InternalError("self test failed: AES-256-GCM of libsodium");
  }
  if (!GcmWorks(OpensslAead())) {
    return absl::InternalError("self test failed: AES-256-GCM of OpenSSL");
  }
  if (!Blake2bWorks()) return absl::InternalError("self test failed: BLAKE2b");
  if (!Sha256Works()) return absl::InternalError("self test failed: SHA-256");
  if (!Ed25519Works()) return absl::InternalError("self test failed: Ed25519");
  return absl::OkStatus();
}

}  // namespace

absl::Status SelfTest() {
  static const absl::Status* const result = new absl::Status(RunAll());
  return *result;
}

}  // namespace lethe::crypto
