#include "crypto/kdf.h"

#include <gtest/gtest.h>

#include <array>
#include <functional>
#include <numeric>
#include <set>
#include <string>

#include "base/memory/secret.h"

namespace lethe::crypto {
namespace {

// The expected values were computed with Python's hashlib.blake2b(key = 00 01 … 1f).
Secret CountingKey() {
  std::array<std::uint8_t, 32> bytes;
  std::iota(bytes.begin(), bytes.end(), 0);
  return Secret::CopyFrom(bytes);
}

Secret Sevens() {
  std::array<std::uint8_t, 32> bytes;
  bytes.fill(7);
  return Secret::CopyFrom(bytes);
}

using Inputs = std::function<void(Derivation&)>;

std::string Derive(const Secret& parent, Label label, const Inputs& inputs) {
  Derivation derivation(parent, label);
  inputs(derivation);
  return ToHex(derivation.Finish().Reveal());
}

constexpr Label kLabel = "lethe.datakey.v1";

TEST(DerivationTest, IsKeyedBlake2bOverLabelAndInputsInOrder) {
  EXPECT_EQ(Derive(CountingKey(), kLabel,
                   [](Derivation& d) {
                     d.Fixed(Sevens()).Sized("tenant").U32(0x01020304).U64(0x0000000506070809);
                   }),
            "e9aa9c35198961d4b6f9e262e7fc38ee46b70d0d57687d74e732de8b0e0644b7");
  EXPECT_EQ(Derive(CountingKey(), kLabel, [](Derivation& d) { d.Sized(""); }),
            "2156baa07563a779773e7ac94426f46b28ccc3cb48a43bd9d7b005ff08622469");
}

TEST(DerivationTest, EveryInputAndItsPlaceMatter) {
  const std::set<std::string> keys = {
      Derive(CountingKey(), kLabel, [](Derivation&) {}),
      Derive(Sevens(), kLabel, [](Derivation&) {}),
      Derive(CountingKey(), "lethe.datakey.v2", [](Derivation&) {}),
      Derive(CountingKey(), kLabel, [](Derivation& d) { d.Fixed(Sevens()); }),
      Derive(CountingKey(), kLabel, [](Derivation& d) { d.Fixed(CountingKey()); }),
      Derive(CountingKey(), kLabel, [](Derivation& d) { d.Fixed(Sevens()).Fixed(CountingKey()); }),
      Derive(CountingKey(), kLabel, [](Derivation& d) { d.Fixed(CountingKey()).Fixed(Sevens()); }),
      Derive(CountingKey(), kLabel, [](Derivation& d) { d.Sized("ab").Sized("c"); }),
      Derive(CountingKey(), kLabel, [](Derivation& d) { d.Sized("a").Sized("bc"); }),
      Derive(CountingKey(), kLabel, [](Derivation& d) { d.Sized("abc").Sized(""); }),
      Derive(CountingKey(), kLabel, [](Derivation& d) { d.Sized("").Sized("abc"); }),
      Derive(CountingKey(), kLabel, [](Derivation& d) { d.U32(1).U32(2); }),
      Derive(CountingKey(), kLabel, [](Derivation& d) { d.U32(2).U32(1); }),
      Derive(CountingKey(), kLabel, [](Derivation& d) { d.U64(1); }),
  };
  EXPECT_EQ(keys.size(), 14u);
}

TEST(DerivationTest, EveryBitOfTheParentMatters) {
  std::set<std::string> keys;
  for (std::size_t bit = 0; bit < 256; ++bit) {
    Secret parent = CountingKey();
    parent.RevealMutable()[bit / 8] ^= static_cast<std::uint8_t>(1 << bit % 8);
    keys.insert(Derive(parent, kLabel, [](Derivation&) {}));
  }
  EXPECT_EQ(keys.size(), 256u);
}

TEST(DerivationDeathTest, SizedTakesAtMost65535Bytes) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  const std::string longest(65'535, 'x');
  Derivation(CountingKey(), kLabel).Sized(longest).Finish();
  EXPECT_DEATH(Derivation(CountingKey(), kLabel).Sized(longest + 'x'), "check failed");
}

TEST(CommitTest, IsKeyedBlake2bOfItsOwnLabel) {
  EXPECT_EQ(ToHex(Commit(CountingKey())),
            "54c2d70c4de594f48aa1fa66fbd8bcec442072ea868596ae7c0ef1d04c87881e");
  EXPECT_EQ(Commit(Sevens()), Commit(Sevens()));
  EXPECT_NE(Commit(Sevens()), Commit(CountingKey()));
}

TEST(Mac16Test, IsKeyedBlake2b128OfLabelAndMessage) {
  EXPECT_EQ(ToHex(Mac16(CountingKey(), "lethe.requestid1", "message")),
            "706953c03b9b432a5fe9c707421dda58");
}

TEST(Mac16Test, KeyLabelAndMessageMatter) {
  const std::set<std::array<std::uint8_t, 16>> tags = {
      Mac16(CountingKey(), "lethe.requestid1", "message"),
      Mac16(Sevens(), "lethe.requestid1", "message"),
      Mac16(CountingKey(), "lethe.requestid2", "message"),
      Mac16(CountingKey(), "lethe.requestid1", "messagf"),
      Mac16(CountingKey(), "lethe.requestid1", ""),
  };
  EXPECT_EQ(tags.size(), 5u);
}

}  // namespace
}  // namespace lethe::crypto
