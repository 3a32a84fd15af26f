// A vault from its archive alone: everything that lives, nobody who was erased, and nothing where
// the archive is not whole.
#include "vault/open/replay.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <filesystem>
#include <string>

#include "base/reason.h"
#include "tests/support/test_vault.h"
#include "tests/vault/backup/backup_world.h"
#include "vault/open/rebuild.h"

namespace lethe::test {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using vault::DescribeOptions;

class ReplayTest : public testing::Test {
 protected:
  ReplayTest() {
    ann_ = world_.Create("ann");
    ben_ = world_.Create("ben");
    kept_ = world_.Put(ann_.tag, "support", R"({"text":"kept"})");
    erased_ = world_.Put(ben_.tag, "support", R"({"text":"erased"})");
    EXPECT_THAT(world_->rights().EraseSubject(world_.As("service"), {.subject = ben_.tag}), IsOk());
    restricted_ = world_.Create("cyd");
    EXPECT_THAT(
        world_->rights().BeginAct(world_.As("service"), restricted_.tag, vault::Restriction{}),
        IsOk());
    behind_ = world_.Put(ann_.tag, "support", R"({"text":"behind the erasure"})");
    position_ = world_->operations().Status().journal_sequence;
    world_.Close();
  }

  DescribeOptions Options() const {
    return {.data_dir = world_.PathOf("replayed"),
            .holders = {vault::HolderSpec(world_.PathOf("keys/holder.slots"))},
            .archive_dir = world_.PathOf("keys/archive"),
            .dev = true};
  }
  absl::Status Replay(const DescribeOptions& options) {
    const auto made = vault::ReplayVault(options, world_.clock, world_.random,
                                         [this](std::uint64_t done) { told_ = done; });
    EXPECT_EQ(made.ok(), fs::exists(world_.PathOf("replayed/vault.json")));
    return made.status();
  }
  absl::Status Read(const vault::Record& record) {
    return world_->data().GetRecord(world_.As("support"), record.subject, record.tag).status();
  }
  void ExpectAsItWas(const std::string& folder) {
    world_.Serve(world_.PathOf(folder));
    EXPECT_THAT(Read(kept_), IsOk());
    EXPECT_THAT(Read(behind_), IsOk());
    EXPECT_THAT(Read(erased_), IsRefused(Reason::kSubjectErased));
    EXPECT_THAT(world_->rights().EraseSubject(world_.As("service"), {.subject = ann_.tag}), IsOk());
    EXPECT_THAT(Read(kept_), IsRefused(Reason::kSubjectErased)) << "erased in the new database";
  }

  BackupWorld world_;
  vault::Subject ann_;
  vault::Subject ben_;
  vault::Subject restricted_;
  vault::Record kept_;
  vault::Record erased_;
  vault::Record behind_;
  std::uint64_t position_ = 0;
  std::uint64_t told_ = 0;
};

TEST_F(ReplayTest, EverythingThatLivesIsThereAndNobodyWhoWasErased) {
  fs::remove_all(world_.PathOf("vault"));
  ASSERT_THAT(Replay(Options()), IsOk());
  EXPECT_GE(told_, position_);
  ExpectAsItWas("replayed");
  vault::Caller caller = world_.As("service");
  EXPECT_TRUE(world_->data().GetSubject(caller, restricted_.tag)->restricted);
}

// One that was erased in the vault while its restored database was served stays so in the next.
TEST_F(ReplayTest, AgainAndAgain) {
  ASSERT_THAT(Replay(Options()), IsOk());
  ExpectAsItWas("replayed");
  world_.Close();
  fs::remove_all(world_.PathOf("replayed"));
  ASSERT_THAT(Replay(Options()), IsOk());
  world_.Serve(world_.PathOf("replayed"));
  EXPECT_THAT(Read(kept_), IsRefused(Reason::kSubjectErased));
}

TEST_F(ReplayTest, AnArchiveThatDoesNotBeginWithTheVaultIsRefused) {
  ASSERT_THAT(vault::RebuildArchive({.data_dir = world_.PathOf("vault"),
                                     .archive_dir = world_.PathOf("keys/second"),
                                     .approvers = {"ada", "ben"}},
                                    world_.clock, world_.random)
                  .status(),
              testing::Not(IsOk()))
      << "nothing is lost";
  fs::rename(world_.PathOf("keys/archive"), world_.PathOf("keys/lost"));
  ASSERT_THAT(vault::RebuildArchive({.data_dir = world_.PathOf("vault"),
                                     .archive_dir = world_.PathOf("keys/second"),
                                     .approvers = {"ada", "ben"}},
                                    world_.clock, world_.random),
              IsOk());
  DescribeOptions options = Options();
  options.archive_dir = world_.PathOf("keys/second");
  EXPECT_THAT(Replay(options), IsRefused(Reason::kChainBroken));
  EXPECT_FALSE(fs::exists(world_.PathOf("replayed/db")));
}

// The root of now opens the tree of the last erasure only.
TEST_F(ReplayTest, AnArchiveThatEndsBeforeTheLastErasureIsRefused) {
  world_.Serve(world_.PathOf("vault"));
  world_.CopyKeysTo(world_.PathOf("copies"));
  ASSERT_THAT(world_->rights().EraseSubject(world_.As("service"), {.subject = ann_.tag}), IsOk());
  world_.Close();
  DescribeOptions options = Options();
  options.archive_dir = world_.PathOf("copies/archive");
  EXPECT_THAT(Replay(options), IsRefused(Reason::kLeafLost));
  EXPECT_FALSE(fs::exists(world_.PathOf("replayed/db"))) << "half of a vault";
}

TEST_F(ReplayTest, NothingIsMadeWhereSomethingIsMissing) {
  DescribeOptions options = Options();
  options.archive_dir = "";
  EXPECT_THAT(Replay(options), IsRefused(Reason::kFieldRequired));
  options.archive_dir = world_.PathOf("nowhere");
  EXPECT_TRUE(absl::IsNotFound(Replay(options)));
  options = Options();
  options.holders = {vault::HolderSpec(world_.PathOf("nowhere"))};
  EXPECT_TRUE(absl::IsNotFound(Replay(options)));
  options = Options();
  options.data_dir = world_.PathOf("vault");
  EXPECT_THAT(
      std::string(vault::ReplayVault(options, world_.clock, world_.random, [](std::uint64_t) {})
                      .status()
                      .message()),
      HasSubstr("holds a vault already"));
  EXPECT_FALSE(fs::exists(world_.PathOf("replayed")));
  ExpectAsItWas("vault");
}

TEST_F(ReplayTest, NothingIsDoneBesideAServer) {
  world_.Serve(world_.PathOf("vault"));
  const fs::path segment = fs::directory_iterator(world_.PathOf("keys/archive"))->path();
  const auto size = fs::file_size(segment);
  EXPECT_THAT(Replay(Options()), testing::Not(IsOk()));
  EXPECT_EQ(fs::file_size(segment), size);
  EXPECT_FALSE(fs::exists(world_.PathOf("replayed")));
  EXPECT_THAT(Read(kept_), IsOk());
}

TEST_F(ReplayTest, ADamagedSegmentIsRefused) {
  const fs::path segment = fs::directory_iterator(world_.PathOf("keys/archive"))->path();
  fs::resize_file(segment, 10);
  EXPECT_TRUE(absl::IsDataLoss(Replay(Options())));
}

}  // namespace
}  // namespace lethe::test
