#include "vault/archive/archive.h"

#include <algorithm>
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

  absl::StatusOr<FramePosition> Write(const Frame& frame);
  absl::Status OpenLast();
  absl::Status StartSegment(const SegmentHeader& header, std::unique_ptr<AppendFile> started);
  absl::Status Rotate();

  const std::unique_ptr<AppendFolder> folder;
  const std::uint64_t segment_bytes_max;

  // The writer's own.
  std::unique_ptr<AppendFile> file;  // Of the last segment; null before the first append or sync.
  bool failed = false;
  std::uint64_t synced_through = 0;

  mutable absl::Mutex mutex;
  SegmentList segments ABSL_GUARDED_BY(mutex);
};

absl::StatusOr<FramePosition> Archive::Rep::Write(const Frame& frame) {
  LETHE_TRY(OpenLast());
  const std::uint64_t frame_bytes = kFrameOverheadBytes + frame.batch.size();
  const std::uint64_t used = End().offset;
  if (used > kSegmentHeaderBytes && used + frame_bytes > segment_bytes_max) LETHE_TRY(Rotate());

  const ArchiveEnd before = End();
  const FramePosition position{LastHeader().first_sequence, before.offset};
  const crypto::Digest chain = ChainOver(before.chain, frame);
  LETHE_TRY(file->Append(AsBytes(EncodeFrame(frame, synced_through, before.chain, chain))));
  absl::MutexLock lock(&mutex);
  segments.end = {before.offset + frame_bytes, frame.last_sequence, chain};
  return position;
}

// Cuts what Open left out, and syncs what it read: after a crash of the process that may still be
// in the page cache only.
absl::Status Archive::Rep::OpenLast() {
  if (file != nullptr) return absl::OkStatus();
  const SegmentList found = Segments();
  const SegmentHeader& last = found.headers.back();
  LETHE_ASSIGN(std::unique_ptr<AppendFile> opened,
               folder->OpenCutTo(SegmentName(last.first_sequence), found.end.offset));
  if (found.last_header_torn) {
    LETHE_TRY(StartSegment(last, std::move(opened)));
  } else {
    LETHE_TRY(opened->Sync());
    LETHE_TRY(folder->Sync());
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
  file = std::move(started);
  absl::MutexLock lock(&mutex);
  segments.end.offset = kSegmentHeaderBytes;
  segments.last_header_torn = false;
  return absl::OkStatus();
}

absl::Status Archive::Rep::Rotate() {
  // Synced first, so that only the last segment can ever be torn.
  LETHE_TRY(file->Sync());
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

absl::Status Archive::Create(const std::string& folder, const VaultId& vault) {
  LETHE_TRY(MakeFolder(folder));
  LETHE_ASSIGN(const std::unique_ptr<AppendFolder> opened, OpenPosixFolder(folder));
  return Create(*opened, vault);
}

absl::Status Archive::Create(AppendFolder& folder, const VaultId& vault) {
  LETHE_ASSIGN(const std::vector<std::string> names, folder.List());
  for (const std::string& name : names) {
    if (ParseSegmentName(name).has_value()) {
      return absl::AlreadyExistsError("the folder holds an archive");
    }
  }
  LETHE_ASSIGN(const std::unique_ptr<AppendFile> file, folder.Create(SegmentName(1)));
  LETHE_TRY(file->Append(AsBytes(EncodeSegmentHeader({.vault = vault, .first_sequence = 1}))));
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
  rep_->failed = true;
  return WriteFailed();
}

absl::Status Archive::Sync() {
  if (rep_->failed) return WriteFailed();
  absl::Status synced = rep_->OpenLast();
  if (synced.ok()) synced = rep_->file->Sync();
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
  const std::string name = SegmentName(position.segment);
  LETHE_ASSIGN(std::string bytes,
               rep_->folder->ReadPastCache(name, position.offset, kReadBackBytes));
  const Bytes start = AsBytes(bytes).first(std::min(bytes.size(), kFrameHeadBytes));
  LETHE_ASSIGN(const FrameHead head, DecodeFrameHead(start));
  if (head.frame_bytes() > bytes.size()) {
    LETHE_ASSIGN(bytes, rep_->folder->ReadPastCache(name, position.offset, head.frame_bytes()));
  }
  crypto::Digest chain;
  return DecodeFrame(AsBytes(bytes), &chain);
}

absl::Status Archive::Replay(std::uint64_t after,
                             const std::function<absl::Status(const Frame&)>& each) const {
  return ReplaySegments(*rep_->folder, rep_->Segments(), after, each);
}

}  // namespace lethe::vault::archive
