// Copies of a vault's files, taken at many moments in every way in which one gets hold of them, and
// an attack on each alone: what it opens with the roots that are left (nothing that died since),
// and what the same code opens with the root of the moment at which it was taken (all of it).
#ifndef LETHE_TESTS_VAULT_WHOLE_COPIES_H_
#define LETHE_TESTS_VAULT_WHOLE_COPIES_H_

#include <map>
#include <set>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "base/memory/secret.h"
#include "tests/support/vault_attacker.h"
#include "tests/vault/whole/omniscient_disk.h"
#include "tests/vault/whole/recorded_vault.h"
#include "tests/vault/whole/story.h"

namespace lethe::test {

enum class CopyKind {
  kFiles,       // Of the running vault: every file, byte for byte.
  kPoweredOff,  // The same as a power cut leaves them: of what is unsynced, any part.
  kCheckpoint,  // RocksDB's own.
  kLogs,        // RocksDB's write-ahead logs, all that there ever were, removed ones too.
  kBackup,      // The vault's own, through its store and out of it again.
};
inline constexpr CopyKind kCopyKinds[] = {CopyKind::kFiles, CopyKind::kPoweredOff,
                                          CopyKind::kCheckpoint, CopyKind::kLogs,
                                          CopyKind::kBackup};
std::string NameOf(CopyKind kind);

struct CopyTally {
  int copies = 0;
  std::size_t rows = 0;
  std::size_t bytes = 0;           // Of their files.
  std::size_t died_since = 0;      // Texts that lived when the copy was taken.
  std::size_t recoverable = 0;     // Of them, with a root that is left.
  std::size_t control_opened = 0;  // Of them, with the root of when the copy was taken.
};
using CopyTallies = std::map<CopyKind, CopyTally>;
void AddTo(CopyTallies& all, const CopyTallies& more);
std::string TableOf(const CopyTallies& copies);

class Copies {
 public:
  // What a copy holds is shown to `disk` too, whose attacker has everything.
  Copies(RecordedVault& world, const Story& story, OmniscientDisk& disk)
      : world_(world), story_(story), disk_(disk) {}

  // A vault without an archive has no backup; nothing is taken then.
  absl::Status Take(CopyKind kind, std::uint64_t seed);
  // Tries every copy with each of `roots_left`. One line into `faults` for what must not be.
  CopyTallies Attack(const std::vector<Secret>& roots_left, const Texts& dead,
                     std::vector<std::string>& faults) const;

 private:
  struct Copy {
    CopyKind kind;
    VaultAttacker attacker;
    std::size_t bytes;
    Secret root;   // In the holder when the copy was taken.
    Texts living;  // By then.
  };

  absl::Status MakeFolder(CopyKind kind, std::uint64_t seed, const std::string& folder);
  absl::Status MakeBackup(const std::string& to);
  void ReadLogs(Copy& copy);

  RecordedVault& world_;
  const Story& story_;
  OmniscientDisk& disk_;
  std::vector<Copy> copies_;
};

}  // namespace lethe::test

#endif  // LETHE_TESTS_VAULT_WHOLE_COPIES_H_
