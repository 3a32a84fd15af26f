#include "tests/vault/backup/backup_world.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <thread>
#include <utility>
#include <vector>

#include "base/check.h"
#include "base/status_macros.h"
#include "tests/support/test_vault.h"

namespace lethe::test {

namespace fs = std::filesystem;
using vault::Restored;
using vault::backup::Manifest;

BackupWorld::BackupWorld(bool with_archive) {
  vault::InitOptions options{.data_dir = PathOf("vault"),
                             .holders = {vault::HolderSpec(PathOf("keys/holder.slots"))},
                             .archive_dir = with_archive ? PathOf("keys/archive") : "",
                             .no_archive = !with_archive,
                             .dev = true};
  fs::create_directories(PathOf("keys"));
  const auto made = vault::InitVault(options, clock, random);
  LETHE_CHECK(made.ok());
  Serve(PathOf("vault"));
}

void BackupWorld::Serve(const std::string& data_dir) {
  Close();
  auto opened = vault::OpenVault({.data_dir = data_dir,
                                  .tenants = {{"acme", kTestPolicy}},
                                  .doomed_delay = absl::ZeroDuration(),
                                  .engine = storage::RocksSpec{.free_space_reserve_bytes = 0},
                                  .key_services = key_services},
                                 clock, random);
  ASSERT_TRUE(opened.ok()) << opened.status();
  vault_ = *std::move(opened);
  while (!vault_->operations().Status().identifiers_loaded) std::this_thread::yield();
}

vault::Caller BackupWorld::As(const std::string& purpose) {
  return {.principal = {"spiffe://test/tenants/acme/clients/one", "acme"},
          .tenant = "acme",
          .purpose = purpose,
          .request_id = RowTag::Draw(random).ToString()};
}

vault::Caller BackupWorld::Operator() { return {.principal = {"spiffe://test/operators/one", ""}}; }

vault::Subject BackupWorld::Create(const std::string& customer_number) {
  const std::vector<vault::Identifier> identifiers = {CustomerNumber(customer_number)};
  auto subject = vault_->data().CreateSubject(As("service"), identifiers);
  LETHE_CHECK(subject.ok());
  return *subject;
}

vault::Record BackupWorld::Put(const SubjectTag& subject, const std::string& category,
                               const std::string& json) {
  const bool own_purpose = category == "billing" || category == "support";
  auto put = vault_->data().CreateRecord(As(own_purpose ? category : "service"), subject,
                                         {.category = category, .data = json});
  LETHE_CHECK(put.ok());
  return *put;
}

vault::backup::BackupStore BackupWorld::Store() const {
  auto store = vault::backup::BackupStore::Make(PathOf("backups"));
  LETHE_CHECK(store.ok());
  return *std::move(store);
}

crypto::PublicKey BackupWorld::Signer() const {
  return *ArrayFrom<sizeof(crypto::PublicKey)>(AsBytes(vault_->operations().Status().public_key));
}

absl::Status BackupWorld::Send(const std::set<crypto::Digest>& there, bool dies_with_next_shred,
                               vault::backup::Receiver& receiver) {
  LETHE_ASSIGN(const auto source,
               vault_->operations().CreateBackup(Operator(), {there, dies_with_next_shred}));
  while (true) {
    LETHE_ASSIGN(const std::string piece, source->Next());
    if (piece.empty()) return absl::OkStatus();
    LETHE_TRY(receiver.Add(piece));
  }
}

absl::StatusOr<vault::backup::Taken> BackupWorld::TakeBackup(bool dies_with_next_shred) {
  const auto store = Store();
  const auto signer = Signer();
  vault::backup::Verification verification(store, [](std::uint64_t) {});
  return vault::backup::Take(
      {.store = store,
       .signer = signer,
       .fetch =
           [&](const std::set<crypto::Digest>& there, vault::backup::Receiver& receiver) {
             return Send(there, dies_with_next_shred, receiver);
           },
       .verification = verification,
       .before = {},
       .clock = clock});
}

absl::StatusOr<Manifest> BackupWorld::Backup(bool dies_with_next_shred) {
  LETHE_ASSIGN(auto taken, TakeBackup(dies_with_next_shred));
  return std::move(taken.manifest.manifest);
}

absl::Status BackupWorld::Verify(const Manifest& manifest) const {
  const auto store = Store();
  return vault::backup::Verification(store, [](std::uint64_t) {}).Check(manifest).ToStatus();
}

absl::StatusOr<Restored> BackupWorld::Restore(const Manifest& manifest, const std::string& to) {
  return RestoreWith(PathOf("keys"), manifest, to);
}

absl::StatusOr<Restored> BackupWorld::RestoreWith(const std::string& copies,
                                                  const Manifest& manifest, const std::string& to) {
  return vault::RestoreVault(Store(), manifest,
                             {.data_dir = PathOf(to),
                              .holders = {vault::HolderSpec(copies + "/holder.slots")},
                              .archive_dir = copies + "/archive"},
                             clock, random, [](std::uint64_t) {});
}

void BackupWorld::CopyKeysTo(const std::string& copies) const {
  fs::copy(PathOf("keys"), copies, fs::copy_options::recursive);
}

}  // namespace lethe::test
