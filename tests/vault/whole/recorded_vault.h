// A whole vault whose engine, archive and holder tell one DiskLog every write and sync, in one
// order; and the same vault opened again from what a crash at any point of that log leaves.
#ifndef LETHE_TESTS_VAULT_WHOLE_RECORDED_VAULT_H_
#define LETHE_TESTS_VAULT_WHOLE_RECORDED_VAULT_H_

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "tests/support/disk_log.h"
#include "tests/support/disk_state.h"
#include "tests/support/drawn_random.h"
#include "tests/support/fake_clock.h"
#include "tests/support/temp_dir.h"
#include "vault/archive/append_file.h"
#include "vault/holders/file_holder.h"
#include "vault/open/opened_vault.h"

namespace lethe::test {

// What a test puts between the vault and the parts that record it: faults and mutants. Each may be
// empty.
struct Interposed {
  template <typename Part>
  using Around = std::function<std::unique_ptr<Part>(std::unique_ptr<Part>)>;

  Around<storage::Engine> engine;
  Around<vault::archive::AppendFolder> archive;
  Around<vault::holders::SlotFile> slots;
  std::shared_ptr<rocksdb::FileSystem> file_system;  // Below the one that records.
};

struct RecordedVaultOptions {
  bool archive = true;
  absl::Duration doomed_delay = absl::ZeroDuration();
  int holders = 1;
  std::optional<std::uint64_t> random_seed;  // The same keys, tags and names every time.
  Interposed interposed;
  Interposed after_crash;  // The same for vaults opened from what a crash left.
};

class RecordedVault {
 public:
  // Makes the vault and opens it, everything recorded.
  explicit RecordedVault(RecordedVaultOptions the_options = {});

  vault::OpenedVault* operator->() { return vault_.get(); }
  vault::OpenedVault& operator*() { return *vault_; }

  void Close() { vault_.reset(); }
  absl::Status Open();
  // The power goes now and comes back: the vault's folder becomes what a crash at this point of the
  // log leaves, and is opened. The log goes on; its bytes of before stay there for an attacker.
  absl::Status CutPower(Unsynced unsynced, std::uint64_t seed);
  // Writes what a copy of every file, taken at this moment, holds into the folder `to`; what no
  // sync has made durable is treated as `unsynced` says.
  void CopyTo(const std::string& to, Unsynced unsynced, std::uint64_t seed) const;

  // Writes what `crash` leaves into the folder `to`, emptied before.
  void LeaveCrash(std::span<const DiskEvent> events, const Crash& crash,
                  const std::string& to) const;
  // Opens the vault that lies in the folder `at`, unrecorded.
  absl::StatusOr<std::unique_ptr<vault::OpenedVault>> OpenIn(const std::string& at,
                                                             bool load_identifiers = true);

  // The root in the slots of `at` (this vault's own folder by default); empty where none or two
  // different ones are whole.
  Secret RootIn(const std::string& at, int holder = 0) const;
  Secret CurrentRoot() const { return RootIn(live()); }
  static std::string HolderFolder(const std::string& at, int holder = 0);

  const VaultId& id() const { return id_; }
  const DiskLog& log() const { return *log_; }
  std::string live() const { return dir_ / "live"; }
  // A folder beside it that nobody records.
  std::string Beside(const std::string& name) const { return dir_ / name; }

  RecordedVaultOptions options;
  FakeClock clock{absl::FromUnixSeconds(1'790'000'000)};
  DrawnRandom random{options.random_seed};

 private:
  struct From;
  absl::StatusOr<vault::VaultParts> Parts(const From& from);
  absl::StatusOr<std::unique_ptr<vault::OpenedVault>> OpenFrom(const From& from, Random& random);

  TempDir dir_{TempDir::On::kMemory};
  const std::shared_ptr<DiskLog> log_ = std::make_shared<DiskLog>();
  SystemRandom unremembered_;  // For vaults opened after a crash.
  VaultId id_;
  std::size_t first_event_ = 0;  // Of the disk as it is: where the last power cut left it.
  std::unique_ptr<vault::OpenedVault> vault_;
};

}  // namespace lethe::test

#endif  // LETHE_TESTS_VAULT_WHOLE_RECORDED_VAULT_H_
