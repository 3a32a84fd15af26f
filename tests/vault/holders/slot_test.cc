#include "vault/holders/slot.h"

#include <algorithm>
#include <string>

#include "base/random.h"
#include "base/reason.h"
#include "crypto/hash.h"
#include "crypto/kdf.h"
#include "gtest/gtest.h"

namespace lethe::vault::holders {
namespace {

SlotContent ContentOf(std::uint8_t root_byte, std::uint64_t generation) {
  const std::array<std::uint8_t, 32> root = [&] {
    std::array<std::uint8_t, 32> bytes;
    bytes.fill(root_byte);
    return bytes;
  }();
  SlotContent content;
  content.vault = VaultId::FromBytes(std::array<std::uint8_t, 16>{9, 8, 7});
  content.generation = generation;
  content.owner_epoch = 3;
  content.root = Secret::CopyFrom(root);
  content.root_commitment = crypto::Commit(content.root);
  return content;
}

std::string Encoded(const SlotContent& content) {
  std::string bytes(kSlotBytes, 'x');
  EncodeSlot(content, AsMutableBytes(bytes));
  return bytes;
}

// Alters bytes and makes the checksum fit again, as a later version would have written them.
std::string Resealed(std::string bytes, std::size_t at, char value) {
  bytes[at] = value;
  const crypto::Digest check = crypto::Sha256(AsBytes(bytes).first(kSlotBytes - 32));
  std::copy(check.begin(), check.end(), bytes.end() - 32);
  return bytes;
}

Slot::State StateOf(const std::string& bytes) {
  const absl::StatusOr<Slot> slot = DecodeSlot(AsBytes(bytes));
  EXPECT_TRUE(slot.ok()) << slot.status();
  EXPECT_EQ(slot->content.has_value(), slot->state == Slot::State::kWhole);
  return slot->state;
}

constexpr std::size_t kFormatAt = 8;
constexpr std::size_t kPartsAt = 8 + 2 + 16 + 8 + 8 + 32;

TEST(SlotTest, WhatWasWrittenComesBack) {
  const SlotContent written = ContentOf(0xab, 77);
  const absl::StatusOr<Slot> slot = DecodeSlot(AsBytes(Encoded(written)));

  ASSERT_TRUE(slot.ok());
  ASSERT_EQ(slot->state, Slot::State::kWhole);
  EXPECT_EQ(slot->content->vault, written.vault);
  EXPECT_EQ(slot->content->generation, 77u);
  EXPECT_EQ(slot->content->owner_epoch, 3u);
  EXPECT_EQ(slot->content->root_commitment, written.root_commitment);
  EXPECT_TRUE(slot->content->root.Equals(written.root));
}

TEST(SlotTest, ACloneHoldsTheSameRootInASecretOfItsOwn) {
  const SlotContent content = ContentOf(1, 2);
  const SlotContent clone = content.Clone();

  EXPECT_TRUE(clone.root.Equals(content.root));
  EXPECT_NE(clone.root.Reveal().data(), content.root.Reveal().data());
  EXPECT_EQ(clone.generation, content.generation);
}

TEST(SlotTest, ZerosAreEmptyAndAnyOtherByteAmongThemIsTorn) {
  std::string zeros(kSlotBytes, '\0');
  EXPECT_EQ(StateOf(zeros), Slot::State::kEmpty);
  for (std::size_t at = 0; at < kSlotBytes; at += 61) {
    std::string bytes = zeros;
    bytes[at] = 1;
    EXPECT_EQ(StateOf(bytes), Slot::State::kTorn) << at;
  }
}

TEST(SlotTest, EveryAlteredByteMakesItTorn) {
  const std::string whole = Encoded(ContentOf(0xab, 77));
  ASSERT_EQ(StateOf(whole), Slot::State::kWhole);
  for (std::size_t at = 0; at < kSlotBytes; ++at) {
    std::string bytes = whole;
    bytes[at] = static_cast<char>(bytes[at] ^ 0x10);
    EXPECT_EQ(StateOf(bytes), Slot::State::kTorn) << at;
  }
}

TEST(SlotTest, ATornWriteOverAnotherSlotIsOneOrTheOtherOrTorn) {
  const std::string old_bytes = Encoded(ContentOf(1, 1));
  const std::string new_bytes = Encoded(ContentOf(2, 2));
  for (std::size_t sectors = 1; sectors < kSlotBytes / 512; ++sectors) {
    const std::string torn = new_bytes.substr(0, sectors * 512) + old_bytes.substr(sectors * 512);
    EXPECT_EQ(StateOf(torn), Slot::State::kTorn) << sectors;
  }
  // Destroying is a write of zeros; half of it leaves no slot that opens.
  const std::string half_destroyed = std::string(512, '\0') + old_bytes.substr(512);
  EXPECT_EQ(StateOf(half_destroyed), Slot::State::kTorn);
}

TEST(SlotTest, ALaterFormatIsNamedOnlyWhereTheChecksumFits) {
  const std::string bytes = Encoded(ContentOf(1, 1));
  const std::string later = Resealed(bytes, kFormatAt + 1, 2);
  EXPECT_EQ(ReasonOf(DecodeSlot(AsBytes(later)).status()), Reason::kUnsupportedFormat);

  std::string torn = bytes;
  torn[kFormatAt + 1] = 2;
  EXPECT_EQ(StateOf(torn), Slot::State::kTorn);
}

TEST(SlotTest, ReservedPartsAreRefusedByName) {
  const std::string bytes = Encoded(ContentOf(1, 1));
  for (const char type : {2, 3}) {
    const std::string reserved = Resealed(bytes, kPartsAt + 1, type);
    EXPECT_EQ(ReasonOf(DecodeSlot(AsBytes(reserved)).status()), Reason::kUnsupportedFormat);
  }
  const std::string two_parts = Resealed(bytes, kPartsAt, 2);
  EXPECT_EQ(ReasonOf(DecodeSlot(AsBytes(two_parts)).status()), Reason::kUnsupportedFormat);
}

TEST(SlotTest, ARootThatDoesNotFitItsCommitmentIsTorn) {
  const std::string bytes = Encoded(ContentOf(1, 1));
  constexpr std::size_t kRootAt = kPartsAt + 1 + 1 + 2;
  EXPECT_EQ(StateOf(Resealed(bytes, kRootAt, 2)), Slot::State::kTorn);
}

TEST(SlotTest, AContentWhoseCommitmentIsNotItsRootsIsNotWritten) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");  // Secret memory does not survive a fork.
  SlotContent content = ContentOf(1, 1);
  content.root_commitment.fill(0);
  std::string bytes(kSlotBytes, '\0');
  EXPECT_DEATH(EncodeSlot(content, AsMutableBytes(bytes)), "root_commitment");
}

// Frozen: slots of format 1 must open for ever.
TEST(SlotTest, TheBytesOfFormatOneStayAsTheyAre) {
  EXPECT_EQ(ToHex(crypto::Sha256(AsBytes(Encoded(ContentOf(0xab, 77))))),
            "e32793abece9f3b52d0a74a4470ea9e7ffd5487ecf32117cf7185233d0b568ec");
}

}  // namespace
}  // namespace lethe::vault::holders
