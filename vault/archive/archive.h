// The archive is the journal itself on a second path: every batch, ciphertext, in order, kept back
// to the oldest backup still restorable. Format in docs/formats.md.
//
// Segments `<first sequence, 20 digits>.lethe`: a header, then frames. A frame carries the range of
// event sequences it holds, the encoded batch, and the SHA-256 chain over all frames before it, so
// that a gap, a fork or an altered byte shows. What was never synced may be torn by a power cut:
// that end of the last segment is left out at open, and cut off before the first append. Anything
// else that does not verify is DATA_LOSS: at open for headers and the last segment, when read for
// others.
#ifndef LETHE_VAULT_ARCHIVE_ARCHIVE_H_
#define LETHE_VAULT_ARCHIVE_ARCHIVE_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "base/bytes.h"
#include "base/ids.h"
#include "crypto/hash.h"
#include "storage/engine.h"

namespace lethe::vault::archive {

class AppendFolder;  // Where the segments lie; see append_file.h.

// Where a frame lies.
struct FramePosition {
  std::uint64_t segment = 0;  // First sequence of its segment.
  std::uint64_t offset = 0;
};

struct Frame {
  std::uint64_t first_sequence = 0;
  std::uint64_t last_sequence = 0;
  std::string batch;  // storage::Batch::Encode
};

// Where an archive begins that is not a vault's first: behind which sequence, and with a chain that
// no other archive of the vault has there.
struct Beginning {
  std::uint64_t after = 0;
  crypto::Digest chain{};
};

// One writer; reads of synced frames may run beside it. A failed write or sync is final: every
// later call answers INTERNAL (a failed fsync is never retried).
class Archive {
 public:
  // A segment is dropped whole when no backup needs it.
  static constexpr std::uint64_t kSegmentBytesMax = 64u << 20;
  static constexpr std::size_t kFrameBytesMax = 64u << 20;
  // Room to bring engine and archive level again.
  static constexpr std::uint64_t kReserveBytes = 16u << 20;

  // Makes an empty archive. ALREADY_EXISTS: the folder holds one.
  static absl::Status Create(const std::string& folder, const VaultId& vault,
                             const Beginning& beginning = {});
  static absl::Status Create(AppendFolder& folder, const VaultId& vault,
                             const Beginning& beginning = {});
  // Opens at its end. NOT_FOUND; FAILED_PRECONDITION: another vault's; DATA_LOSS.
  static absl::StatusOr<std::unique_ptr<Archive>> Open(const std::string& folder,
                                                       const VaultId& vault);
  static absl::StatusOr<std::unique_ptr<Archive>> Open(
      std::unique_ptr<AppendFolder> folder, const VaultId& vault,
      std::uint64_t segment_bytes_max = kSegmentBytesMax);
  ~Archive();

  // Appends without syncing. `frame.first_sequence` must be the successor of last_sequence().
  // RESOURCE_EXHAUSTED (kDescriptorReserve): no file could be opened; all is as before.
  absl::StatusOr<FramePosition> Append(const Frame& frame);
  // Everything appended so far survives a power cut (fdatasync; a new segment's folder entry too).
  absl::Status Sync();

  // RESOURCE_EXHAUSTED (kDiskReserve): appending a batch of `bytes` would take more of the
  // kReserveBytes than `room` allows, and a full disk is better met before anything is written.
  absl::Status CheckRoom(std::uint64_t bytes, storage::Room room) const;

  // UNAVAILABLE (kArchiveMissing): the folder or the newest segment is not what the next start
  // would find at its path, and what is wrong with it. Asked before anything is written: what is
  // appended to a file without a name is lost. May run beside the writer.
  absl::Status CheckThere() const;

  // Before the first frame: begins_after().
  std::uint64_t last_sequence() const;
  // The sequence behind which the oldest segment begins; 0 for a vault's first archive.
  std::uint64_t begins_after() const;
  // Of the oldest frame kept; 0 when empty.
  std::uint64_t first_sequence() const;
  // Over all frames so far.
  crypto::Digest chain() const;
  // Over the frames up to the one that ends with `sequence`. DATA_LOSS (kChainBroken): none ends
  // there, or it is not kept any more.
  absl::StatusOr<crypto::Digest> ChainAt(std::uint64_t sequence) const;

  // Reads one frame back from the disk, not from memory (page cache dropped where the system
  // allows), and verifies its checksum. UNAVAILABLE (kArchiveMissing): CheckThere's; nothing is
  // known of the frame then.
  absl::StatusOr<Frame> ReadBack(const FramePosition& position) const;
  // Calls `each` for every frame with last_sequence > `after`, in order; stops at its first error.
  absl::Status Replay(std::uint64_t after,
                      const std::function<absl::Status(const Frame&)>& each) const;

 private:
  struct Rep;
  explicit Archive(std::unique_ptr<Rep> rep);
  const std::unique_ptr<Rep> rep_;
};

}  // namespace lethe::vault::archive

#endif  // LETHE_VAULT_ARCHIVE_ARCHIVE_H_
