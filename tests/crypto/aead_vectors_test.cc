#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "base/memory/secret.h"
#include "crypto/aead.h"
#include "crypto/back_ends.h"
#include "tests/crypto/vectors.h"

namespace lethe::crypto {
namespace {

struct Counts {
  int opened = 0;
  int refused = 0;
};

void ExpectAnswer(const GcmCase& one, bool opened, const std::string& out) {
  EXPECT_EQ(opened, one.plaintext.has_value()) << one.id;
  if (opened) {
    EXPECT_EQ(out, one.plaintext.value_or("")) << one.id;
  }
}

// By the back ends themselves: half of all vectors have an empty aad, which Aead does not take.
void CheckBackEnds(const GcmCase& one, const std::string& sealed) {
  const Secret key = Secret::CopyFrom(AsBytes(one.key));
  std::string out(one.ciphertext.size(), 'x');
  ExpectAnswer(
      one, internal::OpenWithOpenssl(key, AsBytes(sealed), AsBytes(one.aad), AsMutableBytes(out)),
      out);
  if (SodiumAead() == nullptr) return;
  out.assign(out.size(), 'x');
  ExpectAnswer(
      one, internal::OpenWithSodium(key, AsBytes(sealed), AsBytes(one.aad), AsMutableBytes(out)),
      out);
}

void CheckAead(const GcmCase& one, const std::string& sealed) {
  const Secret key = Secret::CopyFrom(AsBytes(one.key));
  const auto opened = OpenToString(key, AsBytes(sealed), AsBytes(one.aad));
  ExpectAnswer(one, opened.ok(), opened.ok() ? *opened : "");
}

Counts CheckAll(const std::vector<GcmCase>& cases) {
  Counts counts;
  for (const GcmCase& one : cases) {
    const std::string sealed = one.nonce + one.ciphertext + one.tag;
    CheckBackEnds(one, sealed);
    if (!one.aad.empty()) CheckAead(one, sealed);
    ++(one.plaintext.has_value() ? counts.opened : counts.refused);
  }
  return counts;
}

TEST(AeadVectorsTest, EveryBackEndAgreesWithWycheproof) {
  const auto cases = WycheproofGcm();
  if (!cases.has_value())
    GTEST_SKIP() << "wycheproof/aes_gcm_test.json is not in LETHE_VECTORS_DIR";
  const Counts counts = CheckAll(*cases);
  EXPECT_EQ(counts.opened, 39);
  EXPECT_EQ(counts.refused, 27);
}

TEST(AeadVectorsTest, EveryBackEndAgreesWithNist) {
  const auto cases = CavpGcm();
  if (!cases.has_value()) GTEST_SKIP() << "cavp/gcm/gcmDecrypt256.rsp is not in LETHE_VECTORS_DIR";
  const Counts counts = CheckAll(*cases);
  EXPECT_EQ(counts.opened + counts.refused, 375);
  EXPECT_GE(counts.opened, 150);
  EXPECT_GE(counts.refused, 150);
}

}  // namespace
}  // namespace lethe::crypto
