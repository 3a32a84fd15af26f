// A vault in real folders (database, archive and holder file side by side), its backups, and what
// is restored from them.
#ifndef LETHE_TESTS_VAULT_BACKUP_BACKUP_WORLD_H_
#define LETHE_TESTS_VAULT_BACKUP_BACKUP_WORLD_H_

#include <memory>
#include <set>
#include <string>
#include <vector>

#include "base/random.h"
#include "tests/support/fake_clock.h"
#include "tests/support/temp_dir.h"
#include "vault/backup/receiver.h"
#include "vault/backup/store.h"
#include "vault/backup/taking.h"
#include "vault/backup/verification.h"
#include "vault/open/open.h"
#include "vault/open/restore.h"

namespace lethe::test {

class BackupWorld {
 public:
  explicit BackupWorld(bool with_archive = true);

  vault::Vault* operator->() { return vault_.get(); }
  vault::Vault& vault() { return *vault_; }

  void Close() { vault_.reset(); }
  // Serves the vault in `data_dir`, with its identifiers loaded; the test fails if it does not
  // open.
  void Serve(const std::string& data_dir);

  // Callers with a request id never used before.
  vault::Caller As(const std::string& purpose);
  vault::Caller Operator();

  vault::Subject Create(const std::string& customer_number);
  vault::Record Put(const SubjectTag& subject, const std::string& category,
                    const std::string& json);

  // The vault's public key.
  crypto::PublicKey Signer() const;
  vault::backup::BackupStore Store() const;
  // The vault's stream, to its end.
  absl::Status Send(const std::set<crypto::Digest>& there, bool dies_with_next_shred,
                    vault::backup::Receiver& receiver);
  // One more backup, of what the store does not have yet.
  absl::StatusOr<vault::backup::Taken> TakeBackup(bool dies_with_next_shred = false);
  absl::StatusOr<vault::backup::Manifest> Backup(bool dies_with_next_shred = false);
  // Reads it all back.
  absl::Status Verify(const vault::backup::Manifest& manifest) const;
  absl::StatusOr<vault::Restored> Restore(const vault::backup::Manifest& manifest,
                                          const std::string& to);
  // With a copy of holder and archive in `copies` instead of the vault's own.
  absl::StatusOr<vault::Restored> RestoreWith(const std::string& copies,
                                              const vault::backup::Manifest& manifest,
                                              const std::string& to);
  // Copies holder and archive as they are; what nobody may do with a holder.
  void CopyKeysTo(const std::string& copies) const;

  std::string PathOf(const std::string& name) const { return dir_ / name; }

  // Of what is served from now on.
  std::vector<vault::holders::KeyService*> key_services;
  FakeClock clock{absl::FromUnixSeconds(1'790'000'000)};
  SystemRandom random;

 private:
  TempDir dir_;
  std::unique_ptr<vault::Vault> vault_;
};

}  // namespace lethe::test

#endif  // LETHE_TESTS_VAULT_BACKUP_BACKUP_WORLD_H_
