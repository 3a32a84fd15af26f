// A vault whose holder a key service seals, brought back without the server: with the key service
// as with any other holder, and without it not at all, with nothing changed.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "base/reason.h"
#include "tests/support/test_vault.h"
#include "tests/vault/backup/backup_world.h"
#include "tests/vault/holders/service_model.h"
#include "vault/open/rebuild.h"
#include "vault/open/replay.h"

namespace lethe::test {
namespace {

namespace fs = std::filesystem;

const std::vector<std::string> kTwo = {"ada", "ben"};

class SealedHolderTest : public testing::Test {
 protected:
  using Services = std::vector<vault::holders::KeyService*>;

  SealedHolderTest() {
    world_.key_services = {&kms_};
    world_.Serve(world_.PathOf("vault"));  // Seals the holder.
    kept_ = world_.Put(world_.Create("ann").tag, "support", R"({"text":"kept"})");
    backup_ = *world_.Backup();
    world_.Close();
  }

  absl::Status Rebuild(const Services& services) {
    return vault::RebuildArchive({.data_dir = world_.PathOf("vault"),
                                  .archive_dir = world_.PathOf("keys/new"),
                                  .approvers = kTwo,
                                  .key_services = services},
                                 world_.clock, world_.random)
        .status();
  }
  // An empty `archive`: without one.
  absl::Status RestoreTo(const std::string& to, const std::string& archive,
                         const Services& services) {
    vault::RestoreOptions options{
        .data_dir = world_.PathOf(to),
        .holders = {vault::HolderSpec(world_.PathOf("keys/holder.slots"))},
        .archive_dir = archive,
        .dev = true,
        .key_services = services};
    if (archive.empty()) options.gap_approvers = kTwo;
    return vault::RestoreVault(world_.Store(), backup_, options, world_.clock, world_.random,
                               [](std::uint64_t) {})
        .status();
  }
  void ExpectKeptIn(const std::string& folder) {
    world_.Serve(world_.PathOf(folder));
    EXPECT_THAT(world_->data().GetRecord(world_.As("support"), kept_.subject, kept_.tag).status(),
                IsOk());
    world_.Close();
  }

  ServiceModel kms_;
  BackupWorld world_;
  vault::Record kept_;
  vault::backup::Manifest backup_;
};

TEST_F(SealedHolderTest, ALostArchiveIsReplacedWithTheKeyServiceAndNotWithout) {
  fs::remove_all(world_.PathOf("keys/archive"));
  EXPECT_THAT(Rebuild({}), IsRefused(Reason::kHolderUnreachable));
  kms_.SetSilent(true);
  EXPECT_THAT(Rebuild({&kms_}), IsRefused(Reason::kHolderUnreachable));
  kms_.SetSilent(false);
  EXPECT_THAT(Rebuild({&kms_}), IsOk());
  ExpectKeptIn("vault");
}

TEST_F(SealedHolderTest, ABackupIsRestoredWithTheKeyServiceAndNotWithout) {
  const std::string archive = world_.PathOf("keys/archive");
  EXPECT_THAT(RestoreTo("refused", archive, {}), IsRefused(Reason::kHolderUnreachable));
  EXPECT_FALSE(fs::exists(world_.PathOf("refused/vault.json")));
  ASSERT_THAT(RestoreTo("restored", archive, {&kms_}), IsOk());
  ExpectKeptIn("restored");
}

TEST_F(SealedHolderTest, AnArchiveIsReplayedWithTheKeyServiceAndNotWithout) {
  const auto replay = [this](const Services& services) {
    return vault::ReplayVault({.data_dir = world_.PathOf("replayed"),
                               .holders = {vault::HolderSpec(world_.PathOf("keys/holder.slots"))},
                               .archive_dir = world_.PathOf("keys/archive"),
                               .dev = true,
                               .key_services = services},
                              world_.clock, world_.random, [](std::uint64_t) {})
        .status();
  };
  EXPECT_THAT(replay({}), IsRefused(Reason::kHolderUnreachable));
  EXPECT_FALSE(fs::exists(world_.PathOf("replayed/db")));
  fs::remove_all(world_.PathOf("replayed"));
  ASSERT_THAT(replay({&kms_}), IsOk());
  ExpectKeptIn("replayed");
}

TEST_F(SealedHolderTest, NorIsOneWithoutItsArchive) {
  fs::remove_all(world_.PathOf("keys/archive"));
  EXPECT_THAT(RestoreTo("refused", "", {}), IsRefused(Reason::kHolderUnreachable));
  ASSERT_THAT(RestoreTo("restored", "", {&kms_}), IsOk());
  ExpectKeptIn("restored");
}

}  // namespace
}  // namespace lethe::test
