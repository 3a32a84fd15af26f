#include "vault/backup/taking.h"

#include <set>
#include <string>
#include <utility>

#include "base/status_macros.h"
#include "vault/backup/note.h"

namespace lethe::vault::backup {
namespace {

// A second stream mends what the first one was found to rest on; a third, what was written into
// that very folder meanwhile. A folder that needs more has no rest.
constexpr int kStreamsMax = 4;

// One taking, stream by stream.
class Taking {
 public:
  explicit Taking(const TakingParts& parts) : parts_(parts) {}

  absl::StatusOr<Taken> Run() {
    for (int stream = 0; stream < kStreamsMax; ++stream) {
      LETHE_ASSIGN(const bool done, Stream());
      if (done) return std::move(taken_);
    }
    return absl::DataLossError(
        "files of the folder were found damaged again and again: its storage cannot be relied on");
  }

 private:
  // True: the backup is there.
  absl::StatusOr<bool> Stream() {
    LETHE_ASSIGN(std::set<crypto::Digest> there, parts_.store.Contents());
    for (const BadFile& bad : bad_) {
      if (!brought_.contains(bad.file.sha256)) there.erase(bad.file.sha256);
    }
    Receiver receiver(parts_.store, there, parts_.signer);
    LETHE_TRY(parts_.fetch(there, receiver));
    LETHE_ASSIGN(taken_.manifest, receiver.Finish());
    taken_.bytes_received += receiver.bytes_received();
    const Manifest& manifest = taken_.manifest.manifest;
    for (const File* file : FilesToSend(manifest, there)) brought_.insert(file->sha256);
    if (parts_.before) parts_.before(manifest);
    const Verdict verdict = parts_.verification.Check(manifest);
    LETHE_TRY(Remember(verdict));
    if (!verdict.whole()) return false;
    LETHE_TRY(receiver.Publish());
    LETHE_TRY(parts_.store.SaveNote(
        manifest.position, Encode(NoteOf(taken_.manifest.sha256, verdict, parts_.clock.Now()))));
    Tell();
    return true;
  }

  absl::Status Remember(const Verdict& verdict) {
    for (const BadFile& bad : verdict.bad) {
      if (brought_.contains(bad.file.sha256)) {
        return absl::DataLossError(
            std::string(Damaged(bad.file, bad.fault).message()) +
            " although it was just written: the folder's storage cannot be relied on");
      }
      parts_.verification.Forget(bad.file.sha256);
      bad_.push_back(bad);
    }
    return absl::OkStatus();
  }

  void Tell() {
    for (const BadFile& bad : bad_) {
      const bool mended = brought_.contains(bad.file.sha256);
      (mended ? taken_.mended : taken_.lost).push_back(bad);
    }
  }

  const TakingParts& parts_;
  std::vector<BadFile> bad_;          // Of what was there.
  std::set<crypto::Digest> brought_;  // What this taking has brought.
  Taken taken_;
};

}  // namespace

absl::StatusOr<Taken> Take(const TakingParts& parts) { return Taking(parts).Run(); }

}  // namespace lethe::vault::backup
