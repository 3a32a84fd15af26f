// After a call no copy of a key is left outside the arena. An AES-256 key schedule begins with the
// key itself, so a schedule left in a context would be found as well. What a call leaves on its
// stack the next call overwrites, so each runs on a stack of its own, which is then searched.
#include <gtest/gtest.h>
#include <openssl/evp.h>
#include <pthread.h>

#include <algorithm>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/memory/secret.h"
#include "base/random.h"
#include "crypto/aead.h"
#include "crypto/kdf.h"
#include "crypto/signing.h"
#include "tests/base/memory/memory_scan.h"

namespace lethe::crypto {
namespace {

constexpr std::size_t kStackBytes = 512u << 10;

void RunBelowThreadsOwnFrames(const std::function<void()>& call) {
  // The frames that end a thread reach less far down than this, and so overwrite nothing of `call`.
  volatile char padding[16u << 10];
  padding[0] = 0;
  call();
  padding[sizeof padding - 1] = 0;
}

// Runs `call` on a fresh stack and returns whether the stack holds the key afterwards.
bool LeavesOnStack(const Needle& needle, const std::function<void()>& call) {
  std::vector<std::uint8_t> memory(kStackBytes + 4096);
  auto* const begin = reinterpret_cast<std::uint8_t*>(
      (reinterpret_cast<std::uintptr_t>(memory.data()) + 4095) / 4096 * 4096);
  pthread_attr_t attributes;
  EXPECT_EQ(pthread_attr_init(&attributes), 0);
  EXPECT_EQ(pthread_attr_setstack(&attributes, begin, kStackBytes), 0);
  pthread_t thread;
  const auto start = [](void* call_pointer) -> void* {
    RunBelowThreadsOwnFrames(*static_cast<const std::function<void()>*>(call_pointer));
    return nullptr;
  };
  EXPECT_EQ(pthread_create(&thread, &attributes, start, const_cast<std::function<void()>*>(&call)),
            0);
  EXPECT_EQ(pthread_join(thread, nullptr), 0);
  pthread_attr_destroy(&attributes);
  return Holds({begin, kStackBytes}, needle);
}

class KeyTraceTest : public testing::Test {
 protected:
  void SetUp() override {
    if (!kMemoryCanBeScanned) GTEST_SKIP() << "a sanitizer's process cannot be searched";
    if (secret_arena::GetStats().backing != secret_arena::Backing::kMemfdSecret) {
      GTEST_SKIP() << "the kernel has no memfd_secret: the arena itself would be found";
    }
    SystemRandom random;
    key_ = Secret::Draw(random);
    needle_ = NeedleFor(key_.Reveal());
  }

  void ExpectNoTrace(const std::function<void()>& call) const {
    EXPECT_FALSE(LeavesOnStack(needle_, call));
    EXPECT_FALSE(VisibleInProcessMemory(needle_));
  }

  Secret key_;
  Needle needle_{};
};

void SealAndOpen(const Aead& aead, const Secret& key, std::size_t bytes) {
  const std::string text(bytes, 'p');
  std::string sealed(bytes + kSealOverheadBytes, '\0');
  std::string opened(bytes, '\0');
  aead.Seal(key, AsBytes(text), AsBytes("aad"), AsMutableBytes(sealed));
  ASSERT_TRUE(aead.Open(key, AsBytes(sealed), AsBytes("aad"), AsMutableBytes(opened)).ok());
  sealed[20] = static_cast<char>(sealed[20] ^ 1);
  ASSERT_FALSE(aead.Open(key, AsBytes(sealed), AsBytes("aad"), AsMutableBytes(opened)).ok());
}

TEST_F(KeyTraceTest, SodiumLeavesNoKeyBehind) {
  if (SodiumAead() == nullptr) GTEST_SKIP() << "libsodium has no AES on this machine";
  ExpectNoTrace([this] { SealAndOpen(*SodiumAead(), key_, 1000); });
}

TEST_F(KeyTraceTest, OpensslLeavesNoKeyBehindWhileTheThreadLives) {
  SealAndOpen(OpensslAead(), key_, 5000);
  EXPECT_FALSE(VisibleInProcessMemory(needle_));
  ExpectNoTrace([this] { SealAndOpen(OpensslAead(), key_, 5000); });
}

TEST_F(KeyTraceTest, DerivingLeavesNeitherParentNorChild) {
  Secret child;
  const auto derive = [&] {
    child = Derivation(key_, "lethe.datakey.v1").Sized("tenant").Finish();
  };
  ExpectNoTrace(derive);
  // The same child once more: its bytes were not known before.
  const Needle child_needle = NeedleFor(child.Reveal());
  EXPECT_FALSE(LeavesOnStack(child_needle, derive));
  EXPECT_FALSE(VisibleInProcessMemory(child_needle));
}

TEST_F(KeyTraceTest, ADerivationNeverFinishedLeavesNothing) {
  ExpectNoTrace([this] { Derivation(key_, "lethe.datakey.v1"); });
}

TEST_F(KeyTraceTest, CommittingAndMacsLeaveNoKeyBehind) {
  ExpectNoTrace([this] { Commit(key_); });
  ExpectNoTrace([this] { Mac16(key_, "lethe.datakey.v1", "message"); });
}

TEST_F(KeyTraceTest, SigningLeavesNoSeedBehind) {
  ExpectNoTrace([this] { SigningKey(key_.Clone()); });
  const SigningKey key(key_.Clone());
  ExpectNoTrace([&key] { key.Sign(AsBytes("message")); });
}

TEST_F(KeyTraceTest, AContextKeptWithItsKeyWouldBeFound) {
  EVP_CIPHER_CTX* context = EVP_CIPHER_CTX_new();
  ASSERT_EQ(EVP_EncryptInit_ex(context, EVP_aes_256_gcm(), nullptr, key_.Reveal().data(), nullptr),
            1);
  EXPECT_TRUE(VisibleInProcessMemory(needle_));
  EVP_CIPHER_CTX_free(context);
  EXPECT_FALSE(VisibleInProcessMemory(needle_));
}

TEST_F(KeyTraceTest, ACopyLeftOnTheStackWouldBeFound) {
  const auto careless = [this] {
    std::uint8_t copy[Secret::kBytes];
    std::copy_n(key_.Reveal().begin(), Secret::kBytes, copy);
    asm volatile("" ::"r"(copy) : "memory");
  };
  EXPECT_TRUE(LeavesOnStack(needle_, careless));
}

}  // namespace
}  // namespace lethe::crypto
