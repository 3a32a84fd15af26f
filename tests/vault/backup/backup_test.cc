// What a backup is made of, and that nothing but the whole of it counts.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <string>

#include "base/reason.h"
#include "base/status_macros.h"
#include "tests/support/test_vault.h"
#include "tests/vault/backup/backup_world.h"
#include "vault/backup/manifest.h"

namespace lethe::test {
namespace {

namespace fs = std::filesystem;
using vault::backup::File;
using vault::backup::Manifest;

crypto::SigningKey NewKey() {
  SystemRandom random;
  return crypto::SigningKey(Secret::Draw(random));
}

Manifest SomeManifest() {
  SystemRandom random;
  return {.vault = VaultId::Draw(random),
          .position = 17,
          .dev = true,
          .chain = crypto::Sha256(AsBytes("chain")),
          .create_time = absl::FromUnixSeconds(1'790'000'000),
          .files = {{"000012.sst", 5, crypto::Sha256(AsBytes("a"))},
                    {"CURRENT", 0, crypto::Sha256(AsBytes(""))}}};
}

TEST(ManifestTest, WhatIsSignedIsReadBack) {
  const crypto::SigningKey key = NewKey();
  const Manifest manifest = SomeManifest();
  const auto read = vault::backup::Read(Sign(manifest, key));
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(read->signer, key.public_key());
  EXPECT_EQ(read->manifest.vault, manifest.vault);
  EXPECT_EQ(read->manifest.position, 17u);
  EXPECT_TRUE(read->manifest.dev);
  EXPECT_EQ(read->manifest.chain, manifest.chain);
  EXPECT_EQ(read->manifest.create_time, manifest.create_time);
  ASSERT_EQ(read->manifest.files.size(), 2u);
  EXPECT_EQ(read->manifest.files[0].name, "000012.sst");
  EXPECT_EQ(read->manifest.files[0].size_bytes, 5u);
  EXPECT_EQ(read->manifest.files[0].sha256, manifest.files[0].sha256);
}

TEST(ManifestTest, EveryAlteredByteIsDataLoss) {
  const std::string text = Sign(SomeManifest(), NewKey());
  for (std::size_t at = 0; at < text.size(); ++at) {
    std::string altered = text;
    altered[at] = static_cast<char>(altered[at] ^ 1);
    EXPECT_FALSE(vault::backup::Read(altered).ok()) << at;
  }
}

TEST(ManifestTest, ANameThatLeadsOutOfTheFolderIsDataLoss) {
  for (const char* name : {"../CURRENT", "a/b", "", ".", "..", ".hidden", "a\\b"}) {
    Manifest manifest = SomeManifest();
    manifest.files[0].name = name;
    EXPECT_TRUE(absl::IsDataLoss(vault::backup::Read(Sign(manifest, NewKey())).status())) << name;
  }
}

std::string FileOf(const BackupWorld& world, const File& file) {
  return world.Store().PathOf(file.sha256);
}

TEST(BackupTest, TheSecondBringsOnlyWhatIsNew) {
  BackupWorld world;
  world.Put(world.Create("ann").tag, "support", "{}");
  const auto first = world.Backup();
  ASSERT_TRUE(first.ok()) << first.status();
  const auto before = world.Store().Contents();
  ASSERT_TRUE(before.ok());
  world.Create("bob");
  const auto second = world.Backup();
  ASSERT_TRUE(second.ok()) << second.status();

  EXPECT_GT(second->position, first->position);
  const auto after = world.Store().Contents();
  ASSERT_TRUE(after.ok());
  EXPECT_LT(after->size(), first->files.size() + second->files.size());
  EXPECT_THAT(world.Store().List(), IsOk());
  EXPECT_EQ(world.Store().List()->size(), 2u);
  EXPECT_THAT(world.Verify(*first), IsOk());
  EXPECT_THAT(world.Verify(*second), IsOk());
}

std::set<std::string> NamesIn(const std::string& folder) {
  std::set<std::string> names;
  for (const auto& entry : fs::directory_iterator(folder)) {
    names.insert(entry.path().filename().string());
  }
  return names;
}

TEST(BackupTest, NothingOfTheCopyStaysInTheVault) {
  BackupWorld world;
  const std::set<std::string> before = NamesIn(world.PathOf("vault"));
  {
    const auto source = world->operations().CreateBackup(world.Operator(), {});
    ASSERT_TRUE(source.ok()) << source.status();
    EXPECT_GT(NamesIn(world.PathOf("vault")).size(), before.size());
  }
  EXPECT_EQ(NamesIn(world.PathOf("vault")), before);
  ASSERT_THAT(world.Backup(), IsOk());
  EXPECT_EQ(NamesIn(world.PathOf("vault")), before);
}

TEST(BackupTest, ADamagedOrMissingFileIsNamed) {
  BackupWorld world;
  const auto backup = world.Backup();
  ASSERT_TRUE(backup.ok()) << backup.status();
  const File* table = nullptr;
  for (const File& file : backup->files) {
    if (file.name.ends_with(".sst")) table = &file;
  }
  ASSERT_NE(table, nullptr);
  const std::string path = FileOf(world, *table);
  std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
  file.seekp(static_cast<std::streamoff>(table->size_bytes / 2));
  file.put('\x5a');
  file.close();
  world.Close();

  const absl::Status damaged = world.Verify(*backup);
  EXPECT_TRUE(absl::IsDataLoss(damaged));
  EXPECT_THAT(std::string(damaged.message()), testing::HasSubstr(table->name));
  EXPECT_TRUE(absl::IsDataLoss(world.Restore(*backup, "restored").status()));
  EXPECT_FALSE(fs::exists(world.PathOf("restored"))) << "made for a backup that cannot be restored";
  fs::remove(path);
  EXPECT_TRUE(absl::IsDataLoss(world.Verify(*backup)));
}

TEST(BackupTest, ATenantsClientGetsNone) {
  BackupWorld world;
  EXPECT_THAT(world->operations().CreateBackup(world.As("service"), {}),
              IsRefused(Reason::kRoleMissing));
}

TEST(BackupTest, AVaultWithoutAnArchiveGivesNoneUnlessItMayDieWithTheNextShred) {
  BackupWorld world(false);
  EXPECT_THAT(world.Backup(), IsRefused(Reason::kNoArchive));
  const auto backup = world.Backup(true);
  ASSERT_THAT(backup, IsOk());
  EXPECT_FALSE(backup->archived);
  EXPECT_TRUE(BackupWorld().Backup(true)->archived) << "with an archive there is nothing to die";
}

// The stream of one backup, as the vault sends it.
std::string StreamOf(BackupWorld& world) {
  auto source = world->operations().CreateBackup(world.Operator(), {});
  EXPECT_THAT(source, IsOk());
  return *ReadAll(**source);
}

TEST(ReceiverTest, HoweverTheStreamIsCutTheBackupIsTheSame) {
  BackupWorld world;
  const std::string stream = StreamOf(world);
  const auto store = world.Store();
  for (const std::size_t step : {1u, 7u, 4096u, 1u << 20}) {
    vault::backup::Receiver receiver(store, {}, world.Signer());
    for (std::size_t at = 0; at < stream.size(); at += step) {
      ASSERT_THAT(receiver.Add(std::string_view(stream).substr(at, step)), IsOk());
    }
    EXPECT_EQ(receiver.bytes_received(), receiver.bytes_expected());
    const auto manifest = receiver.Finish();
    ASSERT_TRUE(manifest.ok()) << manifest.status();
    EXPECT_THAT(world.Verify(manifest->manifest), IsOk());
    EXPECT_EQ(store.List()->size(), 0u) << "there is a backup before it was read back";
  }
}

TEST(ReceiverTest, AStreamThatIsCutShortAlteredOrSomebodyElsesIsNoBackup) {
  BackupWorld world;
  const std::string stream = StreamOf(world);
  const auto store = world.Store();
  const auto receive = [&](const std::string& bytes,
                           const crypto::PublicKey& signer) -> absl::Status {
    vault::backup::Receiver receiver(store, {}, signer);
    LETHE_TRY(receiver.Add(bytes));
    LETHE_TRY(receiver.Finish().status());
    return receiver.Publish();
  };
  std::string altered = stream;
  altered[altered.size() - 9] ^= 1;
  EXPECT_TRUE(absl::IsDataLoss(receive(stream.substr(0, stream.size() - 1), world.Signer())));
  EXPECT_TRUE(absl::IsDataLoss(receive(stream.substr(0, 100), world.Signer())));
  EXPECT_TRUE(absl::IsDataLoss(receive(altered, world.Signer())));
  EXPECT_TRUE(absl::IsDataLoss(receive(stream + "x", world.Signer())));
  EXPECT_TRUE(absl::IsDataLoss(receive(stream, NewKey().public_key())));
  EXPECT_EQ(store.List()->size(), 0u);
  EXPECT_THAT(receive(stream, world.Signer()), IsOk());
  EXPECT_EQ(store.List()->size(), 1u);
}

}  // namespace
}  // namespace lethe::test
