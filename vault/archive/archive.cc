#include "vault/archive/archive.h"

#include <algorithm>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "base/reason.h"
#include "base/status_macros.h"
#include "vault/archive/append_file.h"
#include "vault/archive/frame.h"
#include "vault/archive/segment.h"
#include "vault/archive/segment_list.h"

namespace lethe::vault::archive {
namespace {

// What ReadBack asks for first: most frames fit, and a larger one costs a second read.
constexpr std::size_t kReadBackBytes = 64u << 10;

absl::Status WriteFailed() { return Refuse(Reason::kInternal, "the archive failed to write"); }

absl::Status Missing(std::string_view what, const absl::Status& how) {
  return Refuse(Reason::kArchiveMissing,
                std::string(what).append(": ").append(std::string(how.message())));
}

// A segment that was not opened to be written yet.
absl::Status CheckSize(const AppendFolder& folder, std::uint64_t segment, std::uint64_t size) {
  const absl::StatusOr<std::uint64_t> found = folder.SizeOf(SegmentName(segment));
  if (!found.ok()) return absl::FailedPreconditionError("nothing has its name any more");
  if (*found >= size) return absl::OkStatus();
  return absl::FailedPreconditionError("it is shorter than what was read");
}

}  // namespace

struct Archive::Rep {
  Rep(std::unique_ptr<AppendFolder> folder, SegmentList found, std::uint64_t segment_bytes_max)
      : folder(std::move(folder)),
        segment_bytes_max(segment_bytes_max),
        segments(std::move(found)) {}

  SegmentList Segments() const {
    absl::MutexLock lock(&mutex);
    return segments;
  }
  ArchiveEnd End() const {
    absl::MutexLock lock(&mutex);
    return segments.end;
  }
  SegmentHeader LastHeader() const {
    absl::MutexLock lock(&mutex);
    return segments.headers.back();
  }

  std::shared_ptr<AppendFile> File() const {
    absl::MutexLock lock(&mutex);
    return file;
  }

  absl::Status CheckThere() const;
  absl::StatusOr<Frame> ReadBack(const FramePosition& position) const;
  absl::StatusOr<FramePosition> Write(const Frame& frame);
  absl::Status OpenLast();
  absl::Status StartSegment(const SegmentHeader& header, std::unique_ptr<AppendFile> started);
  absl::Status Rotate();

  const std::unique_ptr<AppendFolder> folder;
  const std::uint64_t segment_bytes_max;

  // The writer's own.
  bool failed = false;
  std::uint64_t synced_through = 0;

  mutable absl::Mutex mutex;
  SegmentList segments ABSL_GUARDED_BY(mutex);
  // Of the last segment; null before the first append or sync. Replaced by the writer alone.
  std::shared_ptr<AppendFile> file ABSL_GUARDED_BY(mutex);
};

absl::Status Archive::Rep::CheckThere() const {
  std::shared_ptr<AppendFile> newest;
  std::uint64_t segment = 0;
  std::uint64_t size = 0;
  {
    absl::MutexLock lock(&mutex);
    newest = file;
    segment = segments.headers.back().first_sequence;
    size = segments.end.offset;
  }
  if (const absl::Status there = folder->CheckThere(); !there.ok()) {
    return Missing("the archive's folder is not at its path", there);
  }
  const absl::Status whole =
      newest != nullptr ? newest->CheckThere(size) : CheckSize(*folder, segment, size);
  return whole.ok() ? whole : Missing("the archive's newest segment is not in its place", whole);
}

absl::StatusOr<FramePosition> Archive::Rep::Write(const Frame& frame) {
  LETHE_TRY(OpenLast());
  const std::uint64_t frame_bytes = kFrameOverheadBytes + frame.batch.size();
  const std::uint64_t used = End().offset;
  if (used > kSegmentHeaderBytes && used + frame_bytes > segment_bytes_max) LETHE_TRY(Rotate());

  const ArchiveEnd before = End();
  const FramePosition position{LastHeader().first_sequence, before.offset};
  const crypto::Digest chain = ChainOver(before.chain, frame);
  LETHE_TRY(File()->Append(AsBytes(EncodeFrame(frame, synced_through, before.chain, chain))));
  absl::MutexLock lock(&mutex);
  segments.end = {before.offset + frame_bytes, frame.last_sequence, chain};
  return position;
}

// Cuts what Open left out, and syncs what it read: after a crash of the process that may still be
// in the page cache only.
absl::Status Archive::Rep::OpenLast() {
  if (File() != nullptr) return absl::OkStatus();
  const SegmentList found = Segments();
  const SegmentHeader& last = found.headers.back();
  LETHE_ASSIGN(std::unique_ptr<AppendFile> opened,
               folder->OpenCutTo(SegmentName(last.first_sequence), found.end.offset));
  if (found.last_header_torn) {
    LETHE_TRY(StartSegment(last, std::move(opened)));
  } else {
    LETHE_TRY(opened->Sync());
    LETHE_TRY(folder->Sync());
    absl::MutexLock lock(&mutex);
    file = std::move(opened);
  }
  synced_through = found.end.last_sequence;
  return absl::OkStatus();
}

// The header is on disk under its name before a frame follows, so that it is never torn with one.
absl::Status Archive::Rep::StartSegment(const SegmentHeader& header,
                                        std::unique_ptr<AppendFile> started) {
  LETHE_TRY(started->Append(AsBytes(EncodeSegmentHeader(header))));
  LETHE_TRY(started->Sync());
  LETHE_TRY(folder->Sync());
  absl::MutexLock lock(&mutex);
  file = std::move(started);
  segments.end.offset = kSegmentHeaderBytes;
  segments.last_header_torn = false;
  return absl::OkStatus();
}

absl::Status Archive::Rep::Rotate() {
  // Synced first, so that only the last segment can ever be torn.
  LETHE_TRY(File()->Sync());
  const ArchiveEnd end = End();
  synced_through = end.last_sequence;
  const SegmentHeader last = LastHeader();
  const SegmentHeader next{last.vault, end.last_sequence + 1, last.first_sequence, end.chain};
  LETHE_ASSIGN(std::unique_ptr<AppendFile> started,
               folder->Create(SegmentName(next.first_sequence)));
  {
    absl::MutexLock lock(&mutex);
    segments.headers.push_back(next);
    segments.end.offset = 0;
  }
  return StartSegment(next, std::move(started));
}

absl::Status Archive::Create(const std::string& folder, const VaultId& vault,
                             const Beginning& beginning) {
  LETHE_TRY(MakeFolder(folder));
  LETHE_ASSIGN(const std::unique_ptr<AppendFolder> opened, OpenPosixFolder(folder));
  return Create(*opened, vault, beginning);
}

absl::Status Archive::Create(AppendFolder& folder, const VaultId& vault,
                             const Beginning& beginning) {
  LETHE_ASSIGN(const std::vector<std::string> names, folder.List());
  for (const std::string& name : names) {
    if (ParseSegmentName(name).has_value()) {
      return absl::AlreadyExistsError("the folder holds an archive");
    }
  }
  const std::uint64_t first = beginning.after + 1;
  LETHE_ASSIGN(const std::unique_ptr<AppendFile> file, folder.Create(SegmentName(first)));
  LETHE_TRY(file->Append(AsBytes(EncodeSegmentHeader(
      {.vault = vault, .first_sequence = first, .chain_before = beginning.chain}))));
  LETHE_TRY(file->Sync());
  return folder.Sync();
}

absl::StatusOr<std::unique_ptr<Archive>> Archive::Open(const std::string& folder,
                                                       const VaultId& vault) {
  LETHE_ASSIGN(std::unique_ptr<AppendFolder> opened, OpenPosixFolder(folder));
  return Open(std::move(opened), vault);
}

absl::StatusOr<std::unique_ptr<Archive>> Archive::Open(std::unique_ptr<AppendFolder> folder,
                                                       const VaultId& vault,
                                                       std::uint64_t segment_bytes_max) {
  LETHE_ASSIGN(SegmentList found, ReadSegmentList(*folder, vault));
  auto rep = std::make_unique<Rep>(std::move(folder), std::move(found), segment_bytes_max);
  return std::unique_ptr<Archive>(new Archive(std::move(rep)));
}

Archive::Archive(std::unique_ptr<Rep> rep) : rep_(std::move(rep)) {}

Archive::~Archive() = default;

absl::StatusOr<FramePosition> Archive::Append(const Frame& frame) {
  if (rep_->failed) return WriteFailed();
  if (frame.batch.size() > kFrameBytesMax) {
    return Refuse(Reason::kTooMany, "the change is larger than a frame of the archive");
  }
  if (frame.first_sequence != last_sequence() + 1 || frame.last_sequence < frame.first_sequence) {
    return Refuse(Reason::kChainBroken, "the frame does not follow the archive's last");
  }
  absl::StatusOr<FramePosition> position = rep_->Write(frame);
  if (position.ok()) return position;
  // Met where a file is opened, which comes before the first byte: all is as before.
  if (ReasonOf(position.status()) == Reason::kDescriptorReserve) return position;
  rep_->failed = true;
  return WriteFailed();
}

absl::Status Archive::Sync() {
  if (rep_->failed) return WriteFailed();
  absl::Status synced = rep_->OpenLast();
  if (synced.ok()) synced = rep_->File()->Sync();
  if (!synced.ok()) {
    rep_->failed = true;
    return WriteFailed();
  }
  rep_->synced_through = last_sequence();
  return absl::OkStatus();
}

absl::Status Archive::CheckRoom(std::uint64_t bytes, storage::Room room) const {
  LETHE_ASSIGN(const std::uint64_t free_bytes, rep_->folder->FreeBytes());
  // The whole reserve, half or a quarter of it.
  const std::uint64_t left_bytes = kReserveBytes >> static_cast<int>(room);
  if (free_bytes >= bytes + left_bytes) return absl::OkStatus();
  return Refuse(Reason::kDiskReserve, "the archive's volume is full up to its reserve");
}

absl::Status Archive::CheckThere() const { return rep_->CheckThere(); }

std::uint64_t Archive::begins_after() const {
  absl::MutexLock lock(&rep_->mutex);
  return rep_->segments.headers.front().first_sequence - 1;
}

std::uint64_t Archive::last_sequence() const { return rep_->End().last_sequence; }
crypto::Digest Archive::chain() const { return rep_->End().chain; }

std::uint64_t Archive::first_sequence() const {
  absl::MutexLock lock(&rep_->mutex);
  const std::uint64_t first = rep_->segments.headers.front().first_sequence;
  return rep_->segments.end.last_sequence < first ? 0 : first;
}

absl::StatusOr<crypto::Digest> Archive::ChainAt(std::uint64_t sequence) const {
  return archive::ChainAt(*rep_->folder, rep_->Segments(), sequence);
}

absl::StatusOr<Frame> Archive::ReadBack(const FramePosition& position) const {
  LETHE_TRY(CheckThere());
  absl::StatusOr<Frame> frame = rep_->ReadBack(position);
  // A file that goes while it is read is no damage.
  if (!frame.ok()) LETHE_TRY(CheckThere());
  return frame;
}

absl::StatusOr<Frame> Archive::Rep::ReadBack(const FramePosition& position) const {
  const std::string name = SegmentName(position.segment);
  LETHE_ASSIGN(std::string bytes, folder->ReadPastCache(name, position.offset, kReadBackBytes));
  const Bytes start = AsBytes(bytes).first(std::min(bytes.size(), kFrameHeadBytes));
  LETHE_ASSIGN(const FrameHead head, DecodeFrameHead(start));
  if (head.frame_bytes() > bytes.size()) {
    LETHE_ASSIGN(bytes, folder->ReadPastCache(name, position.offset, head.frame_bytes()));
  }
  crypto::Digest chain;
  return DecodeFrame(AsBytes(bytes), &chain);
}

absl::Status Archive::Replay(std::uint64_t after,
                             const std::function<absl::Status(const Frame&)>& each) const {
  return ReplaySegments(*rep_->folder, rep_->Segments(), after, each);
}

}  // namespace lethe::vault::archive
