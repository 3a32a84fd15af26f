#include "crypto/hash.h"

#include <gtest/gtest.h>

#include <string>

namespace lethe::crypto {
namespace {

std::string HexOf(std::string_view text) { return ToHex(Sha256(AsBytes(text))); }

TEST(Sha256Test, GivesThePublishedAnswers) {
  // FIPS 180-2, appendix B, and the empty message.
  EXPECT_EQ(HexOf(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(HexOf("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(HexOf("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"),
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
  EXPECT_EQ(HexOf(std::string(1'000'000, 'a')),
            "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST(Sha256Test, PiecesGiveTheAnswerOfTheWhole) {
  const std::string text(200, 'x');
  for (std::size_t cut = 0; cut <= text.size(); ++cut) {
    Sha256Stream stream;
    stream.Add(std::string_view(text).substr(0, cut)).Add(std::string_view(text).substr(cut));
    EXPECT_EQ(stream.Finish(), Sha256(AsBytes(text))) << cut;
  }
}

}  // namespace
}  // namespace lethe::crypto
