// A restore without an archive: possible until the next shred, and only if two people answer for
// what is gone.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <vector>

#include "base/reason.h"
#include "tests/support/test_vault.h"
#include "tests/vault/backup/backup_world.h"
#include "vault/audit/tags.h"
#include "vault/keytree/shred_log.h"
#include "vault/open/opened_vault.h"

namespace lethe::test {
namespace {

namespace fs = std::filesystem;
using testing::SizeIs;
using vault::RestoreOptions;
using vault::backup::Manifest;

const std::vector<std::string> kTwo = {"ada", "ben"};

class GapTest : public testing::TestWithParam<bool> {
 protected:
  GapTest() : world_(GetParam()) {
    ann_ = world_.Create("ann");
    kept_ = world_.Put(ann_.tag, "support", R"({"text":"before"})");
    backup_ = *world_.Backup(true);
    lost_ = world_.Put(ann_.tag, "support", R"({"text":"behind"})");
  }

  absl::Status Restore(const std::vector<std::string>& approvers) {
    RestoreOptions options{.data_dir = world_.PathOf("restored"),
                           .holders = {vault::HolderSpec(world_.PathOf("keys/holder.slots"))},
                           .gap_approvers = approvers,
                           .dev = true};
    return vault::RestoreVault(world_.Store(), backup_, options, world_.clock, world_.random,
                               [](std::uint64_t) {})
        .status();
  }

  absl::Status Read(const vault::Record& record) {
    return world_->data().GetRecord(world_.As("support"), record.subject, record.tag).status();
  }

  BackupWorld world_;
  vault::Subject ann_;
  vault::Record kept_;
  vault::Record lost_;
  Manifest backup_;
};

INSTANTIATE_TEST_SUITE_P(Archive, GapTest, testing::Bool(),
                         [](const auto& info) { return info.param ? "Lost" : "NeverThere"; });

// The last entry of the vault's shred log.
vault::keytree::LogEntry LastEntry(vault::Vault& vault) {
  auto& stores = dynamic_cast<vault::OpenedVault&>(vault).stores();
  const auto state = vault::keytree::LoadLogState(stores.engine());
  return *vault::keytree::LoadLogEntry(stores.engine(), state->last_sequence);
}

TEST_P(GapTest, TwoPeopleBringBackWhatTheBackupHas) {
  world_.Close();
  ASSERT_THAT(Restore(kTwo), IsOk());
  world_.Serve(world_.PathOf("restored"));
  EXPECT_THAT(Read(kept_), IsOk());
  EXPECT_THAT(Read(lost_), IsRefused(Reason::kResourceNotFound));
  EXPECT_FALSE(world_->operations().Status().has_archive);

  const auto entry = LastEntry(world_.vault());
  EXPECT_EQ(entry.kind, vault::keytree::EntryKind::kGap);
  auto& stores = dynamic_cast<vault::OpenedVault&>(world_.vault()).stores();
  const vault::audit::Tags tags(stores.tree->vault_secret());
  ASSERT_THAT(entry.facts, SizeIs(1));
  EXPECT_EQ(entry.facts[0], ByteWriter()
                                .U64(backup_.position)
                                .Raw(tags.OfPrincipal("ada"))
                                .Raw(tags.OfPrincipal("ben"))
                                .Take());
  EXPECT_EQ(entry.facts[0].find("ada"), std::string::npos) << "a MAC, not a name";
}

TEST_P(GapTest, NobodyDoesItAlone) {
  world_.Close();
  for (const std::vector<std::string>& approvers : std::vector<std::vector<std::string>>{
           {}, {"ada"}, {"ada", "ada"}, {"ada", ""}, {"ada", "ben", "cyd"}}) {
    EXPECT_THAT(Restore(approvers), IsRefused(Reason::kFieldRequired));
    EXPECT_FALSE(fs::exists(world_.PathOf("restored/vault.json")));
  }
}

TEST_P(GapTest, AfterTheNextShredNobodyDoesItAtAll) {
  ASSERT_THAT(world_->rights().EraseSubject(world_.As("service"), {.subject = ann_.tag}), IsOk());
  world_.Close();
  EXPECT_THAT(Restore(kTwo), IsRefused(Reason::kLeafLost));
  EXPECT_FALSE(fs::exists(world_.PathOf("restored/vault.json")));
  world_.Serve(world_.PathOf("vault"));
  EXPECT_THAT(Read(kept_), IsRefused(Reason::kSubjectErased)) << "the vault itself is as it was";
}

}  // namespace
}  // namespace lethe::test
