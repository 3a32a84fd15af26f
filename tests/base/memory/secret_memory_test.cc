#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "base/memory/secret.h"
#include "base/memory/secret_mapping.h"
#include "tests/base/memory/memory_scan.h"

namespace lethe {
namespace {

TEST(SecretMemoryTest, AKeyInTheArenaIsNotVisibleWhileAHeapCopyOfItIs) {
  if (!kMemoryCanBeScanned) GTEST_SKIP() << "a sanitizer's process cannot be searched";
  if (secret_arena::GetStats().backing != secret_arena::Backing::kMemfdSecret) {
    GTEST_SKIP() << "the kernel has no memfd_secret: key pages can be read by root";
  }
  SystemRandom random;
  const Secret key = Secret::Draw(random);
  const Needle needle = NeedleFor(key.Reveal());
  EXPECT_FALSE(VisibleInProcessMemory(needle));

  auto copy = std::make_unique<std::string>(AsText(key.Reveal()));
  EXPECT_TRUE(VisibleInProcessMemory(needle));

  Wipe(*copy);
  EXPECT_FALSE(VisibleInProcessMemory(needle));
}

TEST(SecretMemoryTest, LockedMemoryAloneWouldBeVisible) {
  if (!kMemoryCanBeScanned) GTEST_SKIP() << "a sanitizer's process cannot be searched";
  const auto mapping =
      internal::TryMapSecretMemory(secret_arena::Backing::kLocked, std::size_t{4096});
  if (!mapping.has_value()) GTEST_SKIP() << "this process may not lock memory";
  SystemRandom random;
  random.Fill(mapping->memory.first(Secret::kBytes));
  const Needle needle = NeedleFor(mapping->memory.first(Secret::kBytes));

  EXPECT_TRUE(VisibleInProcessMemory(needle));
  Wipe(mapping->memory);
  EXPECT_FALSE(VisibleInProcessMemory(needle));
}

}  // namespace
}  // namespace lethe
