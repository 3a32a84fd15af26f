// A Journal is the only door through which the vault changes the disk: Commit writes events and the
// change they tell of in one batch, so a change without its event cannot be expressed. Everything
// else in vault/ holds a `const storage::Engine&`, which cannot write.
//
// Waiting commits share one archive sync and one engine sync (group commit). What is synced in the
// engine was synced in the archive before, so the archive plus any older copy of the engine is the
// newest state.
#ifndef LETHE_VAULT_JOURNAL_JOURNAL_H_
#define LETHE_VAULT_JOURNAL_JOURNAL_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "absl/status/statusor.h"
#include "base/clock.h"
#include "base/random.h"
#include "crypto/hash.h"
#include "storage/batch.h"
#include "storage/engine.h"
#include "vault/archive/archive.h"
#include "vault/audit/event.h"

namespace lethe::vault {

struct JournalQueue;
class JournalWriter;

// Thread-safe.
class Journal {
 public:
  // Where a commit ended up.
  struct Committed {
    std::uint64_t sequence = 0;    // Of its last event, which is also the engine's position.
    archive::FramePosition frame;  // Of its bytes in the archive; zeros without one.
  };

  // Brings engine and archive level, then starts the thread that writes. `archive` may be null
  // (--no-archive).
  //   archive ahead of the engine: the surplus is applied to the engine (positions make it
  //   harmless); engine ahead of the archive: only by frames that were never synced; they stand in
  //   kUnsynced and are appended to the archive. A gap is DATA_LOSS and changes nothing.
  static absl::StatusOr<std::unique_ptr<Journal>> Open(std::unique_ptr<storage::Engine> engine,
                                                       std::unique_ptr<archive::Archive> archive,
                                                       Clock& clock, Random& random);
  // Finishes what is queued.
  ~Journal();

  // Commits `change` with its `events` (at least one, checked) as one unit; each event takes the
  // next sequence number. Blocks until done. kWritten commits may be lost to a power cut, never
  // to a crash of the process, and never out of order. `room` is what the commit may take of the
  // free-space reserve.
  // ABORTED: a precondition failed, nothing changed. RESOURCE_EXHAUSTED (kDiskReserve,
  // kDescriptorReserve): refused before anything was written. FAILED_PRECONDITION (kTooMany):
  // larger than an archive frame. UNAVAILABLE (kArchiveMissing): the archive is not at its path;
  // nothing was written. The same with the reserves' reasons: it is back, and cannot take yet what
  // it missed. Events alone are committed without it, up to a bound, and so is what may take the
  // last of the room: the engine keeps their frames until the archive has them. UNAVAILABLE
  // (kDatabaseMissing): the engine's files are not at their path; nothing was written. Events
  // alone are committed as long as the archive has them. INTERNAL (kInternal): a write failed; what
  // it left is unknown until the next open, and from now on every call answers UNAVAILABLE
  // (kSealed).
  absl::StatusOr<Committed> Commit(std::vector<audit::Event> events, storage::Batch change,
                                   storage::Durability durability,
                                   storage::Room room = storage::Room::kSpare);

  // What Commit refused with `refusal` left no trace and never will. False of INTERNAL, and of
  // whatever Commit does not say above.
  static bool WroteNothing(const absl::Status& refusal);

  const storage::Engine& engine() const { return *engine_; }
  // Null with --no-archive.
  const archive::Archive* archive() const { return archive_.get(); }
  std::uint64_t sequence() const;
  // A write failed: restart decides.
  bool sealed() const;
  // UNAVAILABLE (kArchiveMissing): why nothing can be changed now. Looks, so an idle vault knows.
  absl::Status CheckArchive() const;
  // UNAVAILABLE (kDatabaseMissing): the same of the engine.
  absl::Status CheckDatabase() const;
  // Either; for what does something beside the journal first.
  absl::Status CheckWritable() const;
  // Commits in the queue behind the group that is being written.
  std::size_t waiting() const;

  // A copy of the engine, and where in the journal it ends.
  struct Copied {
    std::uint64_t sequence = 0;
    crypto::Digest chain{};  // Of the archive, over all frames up to there; zeros without one.
    std::unique_ptr<storage::EngineCopy> copy;
  };
  // Taken between two groups, with everything before it written, synced in the archive, and nothing
  // after it. UNAVAILABLE (kArchiveMissing, kDatabaseMissing),
  // RESOURCE_EXHAUSTED (kDiskReserve, kDescriptorReserve): nothing would lead on from it.
  absl::StatusOr<Copied> Copy();
  absl::Status Compact();

 private:
  // Waits until `run` was called between two groups, with everything before it synced in the
  // archive. `run`'s errors, or Copy's: it was not called.
  absl::Status RunBetweenGroups(const std::function<absl::Status()>& run);
  Journal(std::unique_ptr<storage::Engine> engine, std::unique_ptr<archive::Archive> archive);
  std::unique_ptr<storage::Engine> engine_;
  std::unique_ptr<archive::Archive> archive_;
  const std::unique_ptr<JournalQueue> queue_;
  std::unique_ptr<JournalWriter> writer_;  // Last: its thread uses all of the above.
};

}  // namespace lethe::vault

#endif  // LETHE_VAULT_JOURNAL_JOURNAL_H_
