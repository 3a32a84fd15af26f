// Whatever was damaged in a folder of backups is neither built upon nor called good, and goes into
// no vault.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "tests/support/test_vault.h"
#include "tests/vault/backup/backup_world.h"
#include "tests/vault/backup/store_fault.h"
#include "vault/backup/note.h"
#include "vault/backup/standing.h"

namespace lethe::test {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;
using vault::backup::Fault;
using vault::backup::File;
using vault::backup::Manifest;
using vault::backup::Standing;
using vault::backup::State;

// A vault with two backups that share a table of its rows.
class DamageTest : public testing::Test {
 protected:
  DamageTest() {
    world_.Put(world_.Create("ann").tag, "support", "{}");
    first_ = *world_.Backup();
    world_.Create("bob");
    second_ = *world_.Backup();
    shared_ = Shared();
    path_ = world_.Store().PathOf(shared_.sha256);
  }

  // The largest file that both list.
  File Shared() const {
    File found;
    for (const File& file : first_.files) {
      const bool both = std::ranges::any_of(
          second_.files, [&](const File& other) { return other.sha256 == file.sha256; });
      if (both && file.size_bytes > found.size_bytes) found = file;
    }
    return found;
  }

  Standing Look(const Manifest& manifest) const {
    return StandingOf(world_.Store(), manifest.position);
  }

  // As the verbs list --verify and verify do.
  Standing Read(const Manifest& manifest) const {
    const auto store = world_.Store();
    vault::backup::Verification verification(store, [](std::uint64_t) {});
    absl::Status noted;
    const Standing standing =
        ReadAgain(store, StandingOf(store, manifest.position), verification, Now(), &noted);
    EXPECT_THAT(noted, IsOk());
    return standing;
  }

  absl::Time Now() const { return world_.clock.Now(); }

  BackupWorld world_;
  Manifest first_;
  Manifest second_;
  File shared_;
  std::string path_;
};

class EveryFaultTest : public DamageTest, public testing::WithParamInterface<StoreFault> {};

TEST_P(EveryFaultTest, WhatTheNextBackupRestsOnIsFetchedAnewAndMendsTheOthers) {
  ASSERT_GT(shared_.size_bytes, 0u) << "nothing is shared";
  Inflict(GetParam(), path_, 12345);
  ASSERT_FALSE(IsWhole(world_.Store(), first_));
  const auto third = world_.TakeBackup();
  ASSERT_TRUE(third.ok()) << third.status();

  const auto store = world_.Store();
  EXPECT_TRUE(IsWhole(store, third->manifest.manifest));
  EXPECT_TRUE(IsWhole(store, first_));
  EXPECT_TRUE(IsWhole(store, second_));
  // A content that is not there is sent like one that never was.
  const bool gone = GetParam() == StoreFault::kRemove;
  ASSERT_THAT(third->mended, SizeIs(gone ? 0 : 1));
  EXPECT_TRUE(gone || third->mended[0].file.sha256 == shared_.sha256);
  EXPECT_THAT(third->lost, IsEmpty());
  EXPECT_EQ(Look(third->manifest.manifest).state, State::kVerified);
  world_.Close();
  EXPECT_THAT(world_.Restore(third->manifest.manifest, "restored"), IsOk());
}

TEST_P(EveryFaultTest, ARestoreIsRefusedBeforeAnythingIsMade) {
  Inflict(GetParam(), path_, 12345);
  world_.Close();
  const auto refused = world_.Restore(first_, "restored");
  EXPECT_TRUE(absl::IsDataLoss(refused.status())) << refused.status();
  EXPECT_THAT(std::string(refused.status().message()), HasSubstr(shared_.name));
  EXPECT_FALSE(fs::exists(world_.PathOf("restored")));
}

TEST_P(EveryFaultTest, AReadingNamesItAndTheNoteKeepsIt) {
  Inflict(GetParam(), path_, 12345);
  const Standing read = Read(first_);
  EXPECT_EQ(read.state, State::kDamaged);
  ASSERT_THAT(read.bad, SizeIs(1));
  EXPECT_EQ(read.bad[0].file.name, shared_.name);
  const Standing looked = Look(first_);
  EXPECT_EQ(looked.state, State::kDamaged);
  EXPECT_EQ(looked.verify_time,
            absl::Trunc(Now() - absl::UnixEpoch(), absl::Seconds(1)) + absl::UnixEpoch());
  ASSERT_THAT(looked.bad, SizeIs(1));
  EXPECT_EQ(looked.bad[0].file.sha256, shared_.sha256);
}

// Only a bit that rots under the file's old time has to be read to be seen.
TEST_P(EveryFaultTest, LookingAloneSeesAllButRot) {
  ASSERT_EQ(Look(first_).state, State::kVerified);
  Inflict(GetParam(), path_, 12345);
  const State after = Look(first_).state;
  switch (GetParam()) {
    case StoreFault::kFlip:
      EXPECT_EQ(after, State::kVerified) << "then the reading below is not what finds it";
      EXPECT_EQ(Read(first_).state, State::kDamaged);
      break;
    case StoreFault::kTouch:
      EXPECT_EQ(after, State::kUnverified);
      break;
    default:
      EXPECT_EQ(after, State::kDamaged);
  }
}

INSTANTIATE_TEST_SUITE_P(Faults, EveryFaultTest, testing::ValuesIn(kStoreFaults));

TEST_F(DamageTest, ADamagedManifestHidesNoOtherBackup) {
  char name[32];
  std::snprintf(name, sizeof name, "%020llu.backup",
                static_cast<unsigned long long>(second_.position));
  Inflict(StoreFault::kFlip, world_.PathOf("backups/") + name, 777);
  const auto all = AllStandings(world_.Store());
  ASSERT_TRUE(all.ok()) << all.status();
  ASSERT_THAT(*all, SizeIs(2));
  EXPECT_EQ(all->at(0).state, State::kVerified);
  EXPECT_EQ(all->at(1).state, State::kDamaged);
  EXPECT_FALSE(all->at(1).manifest.has_value());
}

TEST_F(DamageTest, ANoteOfAnotherManifestOrWithAnotherByteSaysNothing) {
  const auto store = world_.Store();
  const std::string note = *store.LoadNote(first_.position);
  ASSERT_EQ(Look(first_).state, State::kVerified);
  ASSERT_THAT(store.SaveNote(first_.position, *store.LoadNote(second_.position)), IsOk());
  EXPECT_EQ(Look(first_).state, State::kUnverified);
  for (std::size_t at = 0; at < note.size(); ++at) {
    std::string altered = note;
    altered[at] = static_cast<char>(altered[at] ^ 1);
    EXPECT_FALSE(vault::backup::DecodeNote(altered).ok()) << at;
  }
  ASSERT_THAT(store.SaveNote(first_.position, note), IsOk());
  EXPECT_EQ(Look(first_).state, State::kVerified);
}

TEST_F(DamageTest, ANoteWithDamageIsReadBack) {
  const vault::backup::Note note{.manifest = shared_.sha256,
                                 .looks = shared_.sha256,
                                 .verify_time = absl::FromUnixSeconds(1'790'000'000),
                                 .bad = {{crypto::Sha256(AsBytes("a")), Fault::kUnreadable},
                                         {crypto::Sha256(AsBytes("b")), Fault::kOtherBytes}}};
  const auto read = vault::backup::DecodeNote(Encode(note));
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(read->bad, note.bad);
  EXPECT_EQ(read->verify_time, note.verify_time);
}

// A folder whose storage alters what was just written gives no backup.
TEST_F(DamageTest, WhatIsReadBackOtherwiseThanItWasWrittenIsNoBackup) {
  fs::remove_all(world_.PathOf("backups"));
  const auto store = world_.Store();
  const auto signer = world_.Signer();
  vault::backup::Verification verification(store, [](std::uint64_t) {});
  const auto taken = vault::backup::Take(
      {.store = store,
       .signer = signer,
       .fetch =
           [&](const std::set<crypto::Digest>& there, vault::backup::Receiver& receiver) {
             const absl::Status sent = world_.Send(there, false, receiver);
             Inflict(StoreFault::kFlip, path_, 12345);
             return sent;
           },
       .verification = verification,
       .before = {},
       .clock = world_.clock});
  EXPECT_TRUE(absl::IsDataLoss(taken.status())) << taken.status();
  EXPECT_THAT(std::string(taken.status().message()), HasSubstr("storage"));
  EXPECT_THAT(*store.List(), IsEmpty());
}

TEST_F(DamageTest, AContentThatBackupsShareIsReadOnce) {
  const auto store = world_.Store();
  vault::backup::Verification verification(store, [](std::uint64_t) {});
  const Manifest* both[] = {&first_, &second_};
  const std::uint64_t expected = verification.BytesToRead(both);
  EXPECT_TRUE(verification.Check(first_).whole());
  EXPECT_TRUE(verification.Check(second_).whole());
  EXPECT_EQ(verification.bytes_read(), expected);
  EXPECT_LT(expected, first_.size_bytes() + second_.size_bytes());
}

}  // namespace
}  // namespace lethe::test
