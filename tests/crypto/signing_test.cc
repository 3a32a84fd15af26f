#include "crypto/signing.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "base/random.h"
#include "tests/crypto/vectors.h"

namespace lethe::crypto {
namespace {

SigningKey NewKey() {
  SystemRandom random;
  return SigningKey(Secret::Draw(random));
}

TEST(SigningTest, GivesThePublishedSignature) {
  // RFC 8032, section 7.1, test 3.
  const SigningKey key(Secret::CopyFrom(
      AsBytes(FromHex("c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7"))));
  EXPECT_EQ(ToHex(key.public_key()),
            "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025");
  EXPECT_EQ(ToHex(key.Sign(AsBytes(FromHex("af82")))),
            "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac"
            "18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a");
}

TEST(SigningTest, TheSameSeedGivesTheSameKey) {
  SystemRandom random;
  const Secret seed = Secret::Draw(random);
  const SigningKey one(seed.Clone());
  const SigningKey two(seed.Clone());
  EXPECT_EQ(one.public_key(), two.public_key());
  EXPECT_EQ(one.Sign(AsBytes("m")), two.Sign(AsBytes("m")));
  EXPECT_NE(one.public_key(), NewKey().public_key());
}

TEST(SigningTest, EveryFlippedBitIsRefused) {
  const SigningKey key = NewKey();
  const std::string message = "receipt";
  const Signature signature = key.Sign(AsBytes(message));
  ASSERT_TRUE(Verify(key.public_key(), AsBytes(message), signature));
  for (std::size_t bit = 0; bit < signature.size() * 8; ++bit) {
    Signature altered = signature;
    altered[bit / 8] ^= static_cast<std::uint8_t>(1 << bit % 8);
    EXPECT_FALSE(Verify(key.public_key(), AsBytes(message), altered)) << bit;
  }
  for (std::size_t bit = 0; bit < message.size() * 8; ++bit) {
    std::string altered = message;
    altered[bit / 8] = static_cast<char>(altered[bit / 8] ^ (1 << bit % 8));
    EXPECT_FALSE(Verify(key.public_key(), AsBytes(altered), signature)) << bit;
  }
  for (std::size_t bit = 0; bit < 256; ++bit) {
    PublicKey other = key.public_key();
    other[bit / 8] ^= static_cast<std::uint8_t>(1 << bit % 8);
    EXPECT_FALSE(Verify(other, AsBytes(message), signature)) << bit;
  }
}

TEST(SigningTest, EveryOtherLengthOfSignatureIsRefused) {
  const SigningKey key = NewKey();
  const Signature signature = key.Sign(AsBytes("m"));
  for (std::size_t size = 0; size < signature.size(); ++size) {
    EXPECT_FALSE(Verify(key.public_key(), AsBytes("m"), Bytes(signature).first(size))) << size;
  }
  const std::string longer = std::string(AsText(signature)) + '\0';
  EXPECT_FALSE(Verify(key.public_key(), AsBytes("m"), AsBytes(longer)));
}

TEST(SigningTest, VerifyAgreesWithWycheproof) {
  const auto cases = WycheproofEd25519();
  if (!cases.has_value())
    GTEST_SKIP() << "wycheproof/ed25519_test.json is not in LETHE_VECTORS_DIR";
  EXPECT_EQ(cases->size(), 151u);
  int valid = 0;
  for (const SignatureCase& one : *cases) {
    ASSERT_EQ(one.public_key.size(), sizeof(PublicKey));
    PublicKey key;
    std::copy(one.public_key.begin(), one.public_key.end(), key.begin());
    EXPECT_EQ(Verify(key, AsBytes(one.message), AsBytes(one.signature)), one.valid) << one.id;
    valid += one.valid ? 1 : 0;
  }
  EXPECT_GE(valid, 50);
  EXPECT_LE(valid, 120);
}

}  // namespace
}  // namespace lethe::crypto
