// A vault whose archive is lost for good: two people begin a new one, everything living is there,
// nobody erased is, and backups begin anew.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <functional>
#include <string>
#include <vector>

#include "base/reason.h"
#include "tests/support/test_vault.h"
#include "tests/vault/backup/backup_world.h"
#include "vault/archive/append_file.h"
#include "vault/archive/archive.h"
#include "vault/archive/segment.h"
#include "vault/audit/tags.h"
#include "vault/open/descriptor.h"
#include "vault/open/opened_vault.h"
#include "vault/open/rebuild.h"
#include "vault/shredlog/shred_log.h"

namespace lethe::test {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::SizeIs;
using vault::Rebuilt;
using vault::shredlog::EntryKind;

const std::vector<std::string> kTwo = {"ada", "ben"};

class RebuildTest : public testing::Test {
 protected:
  RebuildTest() {
    ann_ = world_.Create("ann");
    kept_ = world_.Put(ann_.tag, "support", R"({"text":"kept"})");
    bob_ = world_.Create("bob");
    gone_ = world_.Put(bob_.tag, "support", R"({"text":"gone"})");
    before_ = *world_.Backup();
    EXPECT_THAT(Erase(bob_), IsOk());
    world_.Close();
  }

  absl::Status Erase(const vault::Subject& subject) {
    return world_->rights().EraseSubject(world_.As("service"), {.subject = subject.tag}).status();
  }
  absl::Status Read(const vault::Record& record) {
    return world_->data().GetRecord(world_.As("support"), record.subject, record.tag).status();
  }
  absl::Status Start() {
    return vault::OpenVault({.data_dir = world_.PathOf("vault")}, world_.clock, world_.random)
        .status();
  }
  absl::StatusOr<Rebuilt> Rebuild(const std::vector<std::string>& approvers = kTwo,
                                  const std::string& to = "keys/new") {
    return vault::RebuildArchive({.data_dir = world_.PathOf("vault"),
                                  .archive_dir = world_.PathOf(to),
                                  .approvers = approvers},
                                 world_.clock, world_.random);
  }
  absl::Status RestoreTo(const vault::backup::Manifest& backup, const std::string& archive,
                         const std::string& to) {
    return vault::RestoreVault(world_.Store(), backup,
                               {.data_dir = world_.PathOf(to),
                                .holders = {vault::HolderSpec(world_.PathOf("keys/holder.slots"))},
                                .archive_dir = world_.PathOf(archive),
                                .dev = true},
                               world_.clock, world_.random, [](std::uint64_t) {})
        .status();
  }

  std::uint64_t AddSegments();

  std::string Archive() const { return world_.PathOf("keys/archive"); }
  std::string OnlySegment() const { return fs::directory_iterator(Archive())->path().string(); }

  BackupWorld world_;
  vault::Subject ann_, bob_;
  vault::Record kept_, gone_;
  vault::backup::Manifest before_;
  std::vector<std::string> segments_;  // AddSegments', in their order.
};

// How an archive can be lost while the vault is stopped, and what a start then answers.
struct Loss {
  const char* name;
  Reason reason;
  std::function<void(const std::string& archive, const std::string& segment)> take;
};

std::vector<Loss> Losses() {
  return {{"folder deleted", Reason::kArchiveMissing,
           [](auto& archive, auto&) { fs::remove_all(archive); }},
          {"a file in its place", Reason::kArchiveMissing,
           [](auto& archive, auto&) {
             fs::remove_all(archive);
             std::ofstream(archive) << "x";
           }},
          {"newest segment deleted", Reason::kArchiveMissing,
           [](auto&, auto& segment) { fs::remove(segment); }},
          {"newest segment emptied", Reason::kChainBroken,
           [](auto&, auto& segment) { fs::resize_file(segment, 0); }},
          {"newest segment truncated", Reason::kChainBroken,
           [](auto&, auto& segment) { fs::resize_file(segment, fs::file_size(segment) / 2); }},
          {"a segment under another's name", Reason::kChainBroken, [](auto&, auto& segment) {
             std::string name = segment;
             name[name.size() - 7] = '2';
             fs::rename(segment, name);
           }}};
}

TEST_F(RebuildTest, AfterEveryLossTheStartNamesTheCommandAndTheCommandBringsTheLivingBack) {
  fs::copy(world_.PathOf("vault"), world_.PathOf("vault.whole"), fs::copy_options::recursive);
  world_.CopyKeysTo(world_.PathOf("keys.whole"));
  for (const Loss& loss : Losses()) {
    SCOPED_TRACE(loss.name);
    for (const char* part : {"vault", "keys"}) {
      fs::remove_all(world_.PathOf(part));
      fs::copy(world_.PathOf(std::string(part) + ".whole"), world_.PathOf(part),
               fs::copy_options::recursive);
    }
    loss.take(Archive(), OnlySegment());
    const absl::Status start = Start();
    EXPECT_THAT(start, IsRefused(loss.reason));
    EXPECT_THAT(std::string(start.message()), HasSubstr("lethe archive rebuild"));

    ASSERT_THAT(Rebuild(), IsOk());
    world_.Serve(world_.PathOf("vault"));
    EXPECT_THAT(Read(kept_), IsOk());
    EXPECT_THAT(Read(gone_), IsRefused(Reason::kSubjectErased));
    EXPECT_THAT(Erase(ann_), IsOk());
    EXPECT_THAT(Read(kept_), IsRefused(Reason::kSubjectErased));
    world_.Close();
    EXPECT_THAT(Start(), IsOk());
  }
}

// Two more segments, with a frame in each, of which the vault knows nothing before its next start.
// Gives the last sequence.
std::uint64_t RebuildTest::AddSegments() {
  constexpr std::uint64_t kFullAtOnce = 200;
  const auto descriptor = vault::ReadDescriptor(world_.PathOf("vault"));
  const auto archive = *vault::archive::Archive::Open(*vault::archive::OpenPosixFolder(Archive()),
                                                      descriptor->id, kFullAtOnce);
  for (int i = 0; i < 2; ++i) {
    const std::uint64_t next = archive->last_sequence() + 1;
    EXPECT_THAT(archive->Append({next, next, storage::Batch().Encode()}), IsOk());
    EXPECT_THAT(archive->Sync(), IsOk());
    segments_.push_back(Archive() + "/" + vault::archive::SegmentName(next));
  }
  return archive->last_sequence();
}

TEST_F(RebuildTest, AMissingSegmentInTheMiddleIsALostArchive) {
  AddSegments();
  ASSERT_THAT(Start(), IsOk());
  fs::remove(segments_[0]);
  EXPECT_THAT(std::string(Start().message()), HasSubstr("lethe archive rebuild"));
  ASSERT_THAT(Rebuild(), IsOk());
  EXPECT_THAT(Start(), IsOk());
}

// A power cut just behind a rotation: the database ends before the last but one segment does. What
// is missing lies further back, and is nothing that the database needs.
TEST_F(RebuildTest, ADatabaseBehindARotationGetsTheSegmentsThatLeadToTheNewest) {
  AddSegments();
  ASSERT_THAT(Start(), IsOk());
  const std::uint64_t last = AddSegments();
  fs::remove(segments_[0]);
  EXPECT_THAT(Start(), IsRefused(Reason::kChainBroken));
  const auto rebuilt = Rebuild();
  ASSERT_THAT(rebuilt, IsOk());
  EXPECT_GT(rebuilt->begins_after, last);
  EXPECT_THAT(Start(), IsOk());
}

TEST_F(RebuildTest, WhereTheLastButOneSegmentIsCutNothingLeadsToTheNewest) {
  AddSegments();
  ASSERT_THAT(Start(), IsOk());
  AddSegments();
  fs::remove(segments_[0]);
  fs::resize_file(segments_[2], fs::file_size(segments_[2]) - 1);
  const absl::Status refused = Rebuild().status();
  EXPECT_THAT(refused, IsRefused(Reason::kChainBroken));
  EXPECT_THAT(std::string(refused.message()), HasSubstr("not this vault's newest"));
}

// The engine does not have what the rest of the archive has, and the rest does not follow it.
TEST_F(RebuildTest, ADatabaseBehindTheRestOfItsArchiveIsRefused) {
  AddSegments();
  fs::remove(segments_[0]);
  const absl::Status refused = Rebuild().status();
  EXPECT_THAT(refused, IsRefused(Reason::kChainBroken));
  EXPECT_THAT(std::string(refused.message()), HasSubstr("not this vault's newest"));
  EXPECT_FALSE(fs::exists(world_.PathOf("keys/new")));
}

// Segments that no kept backup needs may be taken away, oldest first.
TEST_F(RebuildTest, WithoutItsOldestSegmentsAVaultStartsAndOldBackupsAreRefused) {
  const std::string oldest = OnlySegment();
  AddSegments();
  ASSERT_THAT(Start(), IsOk());
  fs::remove(oldest);
  EXPECT_THAT(Start(), IsOk());
  const absl::Status old = RestoreTo(before_, "keys/archive", "old");
  EXPECT_THAT(std::string(old.message()), HasSubstr("older segments are gone"));
}

TEST_F(RebuildTest, BackupsBeginAnewAndTheErasedStayErased) {
  fs::remove_all(Archive());
  const auto rebuilt = Rebuild();
  ASSERT_THAT(rebuilt, IsOk());
  EXPECT_LT(before_.position, rebuilt->begins_after);
  world_.Serve(world_.PathOf("vault"));
  const auto after = world_.Backup();
  ASSERT_THAT(after, IsOk());
  const vault::Record later = world_.Put(ann_.tag, "support", R"({"text":"later"})");
  world_.Close();

  const absl::Status old = RestoreTo(before_, "keys/new", "old");
  EXPECT_THAT(old, IsRefused(Reason::kChainBroken));
  EXPECT_THAT(std::string(old.message()), HasSubstr("rebuilt"));
  ASSERT_THAT(RestoreTo(*after, "keys/new", "restored"), IsOk());
  world_.Serve(world_.PathOf("restored"));
  EXPECT_THAT(Read(kept_), IsOk());
  EXPECT_THAT(Read(later), IsOk());
  EXPECT_THAT(Read(gone_), IsRefused(Reason::kSubjectErased));
}

TEST_F(RebuildTest, TheLogKnowsWhoAnswersForItAndNobodyDoesItAlone) {
  fs::remove_all(Archive());
  for (const std::vector<std::string>& approvers :
       std::vector<std::vector<std::string>>{{}, {"ada"}, {"ada", "ada"}, {"ada", ""}}) {
    EXPECT_THAT(Rebuild(approvers), IsRefused(Reason::kFieldRequired));
    EXPECT_FALSE(fs::exists(world_.PathOf("keys/new")));
  }
  ASSERT_THAT(Rebuild(), IsOk());
  world_.Serve(world_.PathOf("vault"));
  auto& stores = dynamic_cast<vault::OpenedVault&>(world_.vault()).stores();
  const auto state = vault::shredlog::LoadLogState(stores.engine());
  const auto entry = *vault::shredlog::LoadLogEntry(stores.engine(), state->last_sequence);
  EXPECT_EQ(entry.kind, EntryKind::kArchiveRebuilt);
  ASSERT_THAT(entry.facts, SizeIs(1));
  const vault::audit::Tags tags(stores.tree->vault_secret());
  EXPECT_EQ(entry.facts[0].substr(8),
            ByteWriter().Raw(tags.OfPrincipal("ada")).Raw(tags.OfPrincipal("ben")).Take());
}

TEST_F(RebuildTest, AWholeArchiveIsNotGivenUp) {
  const absl::Status refused = Rebuild().status();
  EXPECT_TRUE(absl::IsFailedPrecondition(refused)) << refused;
  EXPECT_FALSE(fs::exists(world_.PathOf("keys/new")));
  world_.Serve(world_.PathOf("vault"));
  EXPECT_TRUE(absl::IsAlreadyExists(Rebuild().status())) << "a server has it";
}

TEST_F(RebuildTest, NothingOfTheOldOneIsOverwritten) {
  fs::resize_file(OnlySegment(), 200);
  EXPECT_TRUE(absl::IsAlreadyExists(Rebuild(kTwo, "keys/archive").status()));
  EXPECT_EQ(fs::file_size(OnlySegment()), 200u);
  fs::rename(Archive(), world_.PathOf("keys/broken"));
  EXPECT_THAT(Rebuild(kTwo, "keys/archive"), IsOk()) << "and then the old path may be used again";
  EXPECT_THAT(Start(), IsOk());
}

TEST_F(RebuildTest, AnotherVaultsArchiveInItsPlaceIsToBeMovedAway) {
  BackupWorld other;
  other.Close();
  fs::remove_all(Archive());
  fs::copy(other.PathOf("keys/archive"), Archive(), fs::copy_options::recursive);
  for (const absl::Status& refused : {Start(), Rebuild().status()}) {
    EXPECT_TRUE(absl::IsFailedPrecondition(refused)) << refused;
    EXPECT_THAT(std::string(refused.message()), HasSubstr("move it away"));
  }
  fs::rename(Archive(), world_.PathOf("keys/others"));
  EXPECT_THAT(std::string(Start().message()), HasSubstr("lethe archive rebuild"));
  ASSERT_THAT(Rebuild(), IsOk());
  EXPECT_THAT(Start(), IsOk());
}

// The old folder turns up again after the new one was begun: it is not taken for the new one.
TEST_F(RebuildTest, TheOldArchiveIsNoMoreOfThisVault) {
  fs::rename(Archive(), world_.PathOf("keys/old"));
  ASSERT_THAT(Rebuild(kTwo, "keys/archive"), IsOk());
  fs::rename(Archive(), world_.PathOf("keys/aside"));
  fs::rename(world_.PathOf("keys/old"), Archive());
  EXPECT_THAT(Start(), IsRefused(Reason::kChainBroken));
}

// The database of before the last erasure, beside a holder of after it: what lies between stood in
// the archive alone. The erased are not to be had this way.
TEST_F(RebuildTest, ADatabaseOlderThanItsHolderIsRefused) {
  world_.Serve(world_.PathOf("vault"));
  world_.Close();
  fs::copy(world_.PathOf("vault"), world_.PathOf("older"), fs::copy_options::recursive);
  world_.Serve(world_.PathOf("vault"));
  ASSERT_THAT(Erase(ann_), IsOk());
  world_.Close();
  fs::remove_all(world_.PathOf("vault"));
  fs::rename(world_.PathOf("older"), world_.PathOf("vault"));
  ASSERT_THAT(Start(), IsOk()) << "the control: the archive brings it level";

  world_.Close();
  fs::copy(world_.PathOf("vault"), world_.PathOf("older"), fs::copy_options::recursive);
  world_.Serve(world_.PathOf("vault"));
  world_.Put(world_.Create("cyd").tag, "support", "{}");
  ASSERT_THAT(world_->operations().RotateRoot(world_.Operator()), IsOk());
  world_.Close();
  fs::remove_all(world_.PathOf("vault"));
  fs::rename(world_.PathOf("older"), world_.PathOf("vault"));
  fs::remove_all(Archive());
  EXPECT_THAT(Rebuild(), IsRefused(Reason::kLeafLost));
  EXPECT_FALSE(fs::exists(world_.PathOf("keys/new")) && !fs::is_empty(world_.PathOf("keys/new")));
}

TEST(RebuildWithoutOneTest, AVaultThatHasNoArchiveGetsOne) {
  BackupWorld world(false);
  const vault::Subject ann = world.Create("ann");
  world.Close();
  ASSERT_THAT(vault::RebuildArchive({.data_dir = world.PathOf("vault"),
                                     .archive_dir = world.PathOf("vault/archive"),
                                     .approvers = kTwo},
                                    world.clock, world.random),
              IsOk());
  world.Serve(world.PathOf("vault"));
  EXPECT_TRUE(world->operations().Status().has_archive);
  const auto backup = world.Backup();
  ASSERT_THAT(backup, IsOk());
  EXPECT_TRUE(backup->archived);
}

}  // namespace
}  // namespace lethe::test
