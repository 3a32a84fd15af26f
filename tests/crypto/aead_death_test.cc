// The contract of Aead that a caller can only break by a bug: the process stops.
#include <gtest/gtest.h>

#include <string>

#include "base/memory/secret.h"
#include "crypto/aead.h"

namespace lethe::crypto {
namespace {

class AeadDeathTest : public testing::TestWithParam<const Aead*> {
 protected:
  AeadDeathTest() { GTEST_FLAG_SET(death_test_style, "threadsafe"); }

  void Seal(Bytes aad, MutableBytes out) const {
    GetParam()->Seal(key_, AsBytes("16 bytes of text"), aad, out);
  }
  void Open(Bytes aad, MutableBytes out) const {
    static_cast<void>(GetParam()->Open(key_, AsBytes(sealed_), aad, out));
  }

  const Secret key_ = Secret::Zero();
  std::string sealed_ = std::string(16 + kSealOverheadBytes, '\0');
  std::string text_ = std::string(16, '\0');
};

TEST_P(AeadDeathTest, NothingIsSealedOrOpenedWithAnEmptyAad) {
  Seal(AsBytes("a"), AsMutableBytes(sealed_));  // The controls.
  Open(AsBytes("a"), AsMutableBytes(text_));
  EXPECT_DEATH(Seal({}, AsMutableBytes(sealed_)), "check failed: !aad.empty");
  EXPECT_DEATH(Open({}, AsMutableBytes(text_)), "check failed: !aad.empty");
}

TEST_P(AeadDeathTest, TheCallersBufferHasExactlyTheRightSize) {
  std::string longer(17 + kSealOverheadBytes, '\0');
  EXPECT_DEATH(Seal(AsBytes("a"), AsMutableBytes(longer)), "check failed");
  EXPECT_DEATH(Seal(AsBytes("a"), AsMutableBytes(sealed_).first(43)), "check failed");
  EXPECT_DEATH(Open(AsBytes("a"), AsMutableBytes(text_).first(15)), "check failed");
  EXPECT_DEATH(Open(AsBytes("a"), AsMutableBytes(longer)), "check failed");
}

TEST_P(AeadDeathTest, TheBuffersDoNotOverlap) {
  const MutableBytes whole = AsMutableBytes(sealed_);
  EXPECT_DEATH(GetParam()->Seal(key_, whole.first(16), AsBytes("a"), whole), "check failed");
  EXPECT_DEATH(static_cast<void>(GetParam()->Open(key_, whole, AsBytes("a"), whole.last(16))),
               "check failed");
}

TEST_P(AeadDeathTest, AnEmptySecretIsNoKey) {
  EXPECT_DEATH(GetParam()->Seal(Secret(), {}, AsBytes("a"), AsMutableBytes(sealed_).first(28)),
               "check failed");
}

INSTANTIATE_TEST_SUITE_P(EveryBackEnd, AeadDeathTest,
                         testing::Values(SodiumAead() != nullptr ? SodiumAead() : &OpensslAead(),
                                         &OpensslAead(), &DefaultAead()),
                         [](const auto& row) {
                           return std::string(row.index == 0   ? "Sodium"
                                              : row.index == 1 ? "Openssl"
                                                               : "Default");
                         });

}  // namespace
}  // namespace lethe::crypto
