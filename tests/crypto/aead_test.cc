#include "crypto/aead.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <optional>
#include <ostream>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "base/random.h"
#include "base/reason.h"

namespace lethe::crypto {
namespace {

enum class BackEnd { kSodium, kOpenssl, kDefault };
void PrintTo(const BackEnd& back_end, std::ostream* out) {
  static constexpr const char* kNames[] = {"Sodium", "Openssl", "Default"};
  *out << kNames[static_cast<int>(back_end)];
}

const Aead* Find(BackEnd back_end) {
  if (back_end == BackEnd::kSodium) return SodiumAead();
  return back_end == BackEnd::kOpenssl ? &OpensslAead() : &DefaultAead();
}

Secret NewKey() {
  SystemRandom random;
  return Secret::Draw(random);
}

std::string SomeText(std::size_t size) {
  std::string text(size, '\0');
  for (std::size_t i = 0; i < size; ++i) text[i] = static_cast<char>('a' + i % 23);
  return text;
}

class AeadTest : public testing::TestWithParam<BackEnd> {
 protected:
  void SetUp() override {
    aead_ = Find(GetParam());
    if (aead_ == nullptr) GTEST_SKIP() << "libsodium has no AES on this machine";
  }

  std::string Seal(std::string_view plaintext, std::string_view aad = kAad) const {
    std::string sealed(plaintext.size() + kSealOverheadBytes, '\0');
    aead_->Seal(key_, AsBytes(plaintext), AsBytes(aad), AsMutableBytes(sealed));
    return sealed;
  }

  // Nothing if refused; then also checks that the refusal is the one there is and leaves zeros.
  std::optional<std::string> Open(const std::string& sealed, std::string_view aad = kAad) const {
    return OpenWith(key_, sealed, aad);
  }

  std::optional<std::string> OpenWith(const Secret& key, const std::string& sealed,
                                      std::string_view aad = kAad) const {
    const std::size_t overhead = std::min(sealed.size(), kSealOverheadBytes);
    std::string out(sealed.size() - overhead, 'x');
    const absl::Status status =
        aead_->Open(key, AsBytes(sealed), AsBytes(aad), AsMutableBytes(out));
    if (status.ok()) return out;
    EXPECT_EQ(ReasonOf(status), Reason::kDecryptFailed);
    EXPECT_EQ(out, std::string(out.size(), '\0'));
    return std::nullopt;
  }

  static constexpr std::string_view kAad = "tenant|subject|record";
  const Aead* aead_ = nullptr;
  const Secret key_ = NewKey();
};

TEST_P(AeadTest, OpensWhatItSealedAtEverySize) {
  std::vector<std::size_t> sizes = {1000, kCrossoverBytes - 1, kCrossoverBytes, 4096, 1 << 20};
  for (std::size_t size = 0; size <= 130; ++size) sizes.push_back(size);
  for (const std::size_t size : sizes) {
    const std::string text = SomeText(size);
    const std::string sealed = Seal(text);
    EXPECT_EQ(sealed.size(), size + 28);
    EXPECT_EQ(Open(sealed), text) << size;
    if (size >= 16) {
      EXPECT_EQ(sealed.find(text.substr(0, 16)), std::string::npos) << size;
    }
  }
}

TEST_P(AeadTest, EveryFlippedBitIsRefused) {
  for (const std::size_t size : {0, 1, 16, 33}) {
    const std::string sealed = Seal(SomeText(size));
    ASSERT_TRUE(Open(sealed).has_value());
    for (std::size_t bit = 0; bit < sealed.size() * 8; ++bit) {
      std::string altered = sealed;
      altered[bit / 8] = static_cast<char>(altered[bit / 8] ^ (1 << bit % 8));
      EXPECT_FALSE(Open(altered).has_value()) << "size " << size << ", bit " << bit;
    }
  }
}

TEST_P(AeadTest, EveryTruncationAndEveryGrowthIsRefused) {
  for (const std::size_t size : {0, 1, 16, 33}) {
    const std::string sealed = Seal(SomeText(size));
    for (std::size_t kept = 0; kept < sealed.size(); ++kept) {
      EXPECT_FALSE(Open(sealed.substr(0, kept)).has_value()) << size << ", first " << kept;
      EXPECT_FALSE(Open(sealed.substr(sealed.size() - kept)).has_value())
          << size << ", last " << kept;
    }
    std::string longer = sealed;
    longer.push_back('\0');
    EXPECT_FALSE(Open(longer).has_value());
    longer = sealed;
    longer.insert(longer.begin(), '\0');
    EXPECT_FALSE(Open(longer).has_value());
  }
}

TEST_P(AeadTest, EveryOtherAadIsRefused) {
  const std::string sealed = Seal(SomeText(40));
  for (std::size_t bit = 0; bit < kAad.size() * 8; ++bit) {
    std::string other(kAad);
    other[bit / 8] = static_cast<char>(other[bit / 8] ^ (1 << bit % 8));
    EXPECT_FALSE(Open(sealed, other).has_value()) << bit;
  }
  for (std::size_t size = 1; size < kAad.size(); ++size) {
    EXPECT_FALSE(Open(sealed, kAad.substr(0, size)).has_value()) << size;
  }
  std::string longer(kAad);
  longer.push_back('\0');
  EXPECT_FALSE(Open(sealed, longer).has_value());
}

TEST_P(AeadTest, EveryOtherKeyIsRefused) {
  const std::string sealed = Seal(SomeText(40));
  for (std::size_t bit = 0; bit < 256; ++bit) {
    Secret other = key_.Clone();
    other.RevealMutable()[bit / 8] ^= static_cast<std::uint8_t>(1 << bit % 8);
    EXPECT_FALSE(OpenWith(other, sealed).has_value()) << bit;
  }
}

TEST_P(AeadTest, OneTextSealsDifferentlyEveryTime) {
  std::set<std::string> nonces;
  std::set<std::string> bodies;
  for (int i = 0; i < 1000; ++i) {
    const std::string sealed = Seal("the same text");
    nonces.insert(sealed.substr(0, kNonceBytes));
    bodies.insert(sealed.substr(kNonceBytes));
  }
  EXPECT_EQ(nonces.size(), 1000u);
  EXPECT_EQ(bodies.size(), 1000u);
}

TEST_P(AeadTest, EveryBackEndOpensWhatThisOneSealed) {
  for (const std::size_t size : {0, 1, 100, 1535, 1536, 5000}) {
    const std::string text = SomeText(size);
    const std::string sealed = Seal(text);
    for (const BackEnd other : {BackEnd::kSodium, BackEnd::kOpenssl, BackEnd::kDefault}) {
      if (Find(other) == nullptr) continue;
      std::string out(size, 'x');
      EXPECT_TRUE(
          Find(other)->Open(key_, AsBytes(sealed), AsBytes(kAad), AsMutableBytes(out)).ok());
      EXPECT_EQ(out, text);
    }
  }
}

TEST_P(AeadTest, ThreadsSealAndOpenUnderDifferentKeysAtOnce) {
  std::atomic<int> wrong{0};
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([this, t, &wrong] {
      const Secret key = NewKey();
      const std::string text = SomeText(100 + 1000 * static_cast<std::size_t>(t));
      std::string sealed(text.size() + kSealOverheadBytes, '\0');
      std::string out(text.size(), '\0');
      for (int i = 0; i < 500; ++i) {
        aead_->Seal(key, AsBytes(text), AsBytes(kAad), AsMutableBytes(sealed));
        const bool ok = aead_->Open(key, AsBytes(sealed), AsBytes(kAad), AsMutableBytes(out)).ok();
        if (!ok || out != text) ++wrong;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(wrong, 0);
}

// Made before the back end's own thread-local state, so it dies after it.
struct SealsWhenTheThreadEnds {
  const Aead* aead = nullptr;
  const Secret* key = nullptr;
  std::string* sealed = nullptr;
  ~SealsWhenTheThreadEnds() {
    if (aead != nullptr) {
      aead->Seal(*key, AsBytes("late"), AsBytes("aad"), AsMutableBytes(*sealed));
    }
  }
};

TEST_P(AeadTest, AnObjectThatDiesWithItsThreadMaySeal) {
  std::string sealed(4 + kSealOverheadBytes, '\0');
  std::thread([&] {
    static thread_local SealsWhenTheThreadEnds late;
    late.aead = aead_;
    late.key = &key_;
    late.sealed = &sealed;
    Seal("first use on this thread");
  }).join();
  EXPECT_EQ(Open(sealed, "aad"), "late");
}

INSTANTIATE_TEST_SUITE_P(EveryBackEnd, AeadTest,
                         testing::Values(BackEnd::kSodium, BackEnd::kOpenssl, BackEnd::kDefault),
                         testing::PrintToStringParamName());

TEST(AeadStringTest, SealToStringAndOpenToStringAreEachOthersInverse) {
  const Secret key = NewKey();
  for (const std::size_t size : {0, 1, 5000}) {
    const std::string sealed = SealToString(key, AsBytes(SomeText(size)), AsBytes("aad"));
    EXPECT_EQ(OpenToString(key, AsBytes(sealed), AsBytes("aad")).value(), SomeText(size));
  }
  EXPECT_EQ(ReasonOf(OpenToString(key, AsBytes("short"), AsBytes("aad")).status()),
            Reason::kDecryptFailed);
  EXPECT_EQ(ReasonOf(OpenToString(key, {}, AsBytes("aad")).status()), Reason::kDecryptFailed);
}

}  // namespace
}  // namespace lethe::crypto
