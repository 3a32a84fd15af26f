#include "vault/archive/archive.h"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "base/reason.h"
#include "base/status_macros.h"
#include "vault/archive/append_file.h"
#include "vault/archive/folder_archive.h"
#include "vault/archive/frame.h"
#include "vault/archive/segment.h"
#include "vault/archive/segment_list.h"

namespace lethe::vault::archive {
namespace {

// What ReadBack asks for first: most frames fit, and a larger one costs a second read.
constexpr std::size_t kReadBackBytes = 64u << 10;

class FolderArchive final : public Archive {
 public:
  FolderArchive(std::unique_ptr<AppendFolder> folder, SegmentList found,
                std::uint64_t segment_bytes_max)
      : folder_(std::move(folder)),
        segment_bytes_max_(segment_bytes_max),
        header_torn_(found.last_header_torn),
        headers_(std::move(found.headers)),
        end_(found.end) {}

  absl::StatusOr<FramePosition> Append(const Frame& frame) override;
  absl::Status Sync() override;
  absl::Status CheckRoom(std::uint64_t bytes, storage::Room room) const override;

  std::uint64_t last_sequence() const override { return End().last_sequence; }
  std::uint64_t first_sequence() const override;
  crypto::Digest chain() const override { return End().chain; }
  absl::StatusOr<crypto::Digest> ChainAt(std::uint64_t sequence) const override;

  absl::StatusOr<Frame> ReadBack(const FramePosition& position) const override;
  absl::Status Replay(std::uint64_t after,
                      const std::function<absl::Status(const Frame&)>& each) const override;

 private:
  ArchiveEnd End() const {
    absl::MutexLock lock(&mutex_);
    return end_;
  }
  SegmentHeader LastHeader() const {
    absl::MutexLock lock(&mutex_);
    return headers_.back();
  }

  absl::StatusOr<FramePosition> Write(const Frame& frame);
  absl::Status OpenLast();
  absl::Status StartSegment(const SegmentHeader& header, std::unique_ptr<AppendFile> file);
  absl::Status Rotate();
  absl::StatusOr<ArchiveEnd> ReplaySegment(
      const SegmentHeader& header, std::uint64_t end, std::uint64_t after,
      const std::function<absl::Status(const Frame&)>& each) const;

  const std::unique_ptr<AppendFolder> folder_;
  const std::uint64_t segment_bytes_max_;

  // The writer's own.
  std::unique_ptr<AppendFile> file_;  // Of the last segment; null before the first append or sync.
  bool header_torn_;
  bool failed_ = false;
  std::uint64_t synced_through_ = 0;

  mutable absl::Mutex mutex_;
  std::vector<SegmentHeader> headers_ ABSL_GUARDED_BY(mutex_);
  ArchiveEnd end_ ABSL_GUARDED_BY(mutex_);
};

absl::Status WriteFailed() { return Refuse(Reason::kInternal, "the archive failed to write"); }

absl::StatusOr<FramePosition> FolderArchive::Append(const Frame& frame) {
  if (failed_) return WriteFailed();
  if (frame.batch.size() > kFrameBytesMax) {
    return Refuse(Reason::kTooMany, "the change is larger than a frame of the archive");
  }
  if (frame.first_sequence != End().last_sequence + 1 ||
      frame.last_sequence < frame.first_sequence) {
    return Refuse(Reason::kChainBroken, "the frame does not follow the archive's last");
  }
  absl::StatusOr<FramePosition> position = Write(frame);
  if (position.ok()) return position;
  failed_ = true;
  return WriteFailed();
}

absl::StatusOr<FramePosition> FolderArchive::Write(const Frame& frame) {
  LETHE_TRY(OpenLast());
  const std::uint64_t frame_bytes = kFrameOverheadBytes + frame.batch.size();
  const std::uint64_t used = End().offset;
  if (used > kSegmentHeaderBytes && used + frame_bytes > segment_bytes_max_) LETHE_TRY(Rotate());

  const ArchiveEnd before = End();
  const FramePosition position{LastHeader().first_sequence, before.offset};
  const crypto::Digest chain = ChainOver(before.chain, frame);
  LETHE_TRY(file_->Append(AsBytes(EncodeFrame(frame, synced_through_, before.chain, chain))));
  absl::MutexLock lock(&mutex_);
  end_ = {before.offset + frame_bytes, frame.last_sequence, chain};
  return position;
}

absl::Status FolderArchive::Sync() {
  if (failed_) return WriteFailed();
  absl::Status synced = OpenLast();
  if (synced.ok()) synced = file_->Sync();
  if (!synced.ok()) {
    failed_ = true;
    return WriteFailed();
  }
  synced_through_ = End().last_sequence;
  return absl::OkStatus();
}

// Cuts what Open left out, and syncs what it read: after a crash of the process that may still be
// in the page cache only.
absl::Status FolderArchive::OpenLast() {
  if (file_ != nullptr) return absl::OkStatus();
  const SegmentHeader last = LastHeader();
  LETHE_ASSIGN(std::unique_ptr<AppendFile> file,
               folder_->OpenCutTo(SegmentName(last.first_sequence), End().offset));
  if (header_torn_) {
    LETHE_TRY(StartSegment(last, std::move(file)));
    header_torn_ = false;
  } else {
    LETHE_TRY(file->Sync());
    LETHE_TRY(folder_->Sync());
    file_ = std::move(file);
  }
  synced_through_ = End().last_sequence;
  return absl::OkStatus();
}

// The header is on disk under its name before a frame follows, so that it is never torn with one.
absl::Status FolderArchive::StartSegment(const SegmentHeader& header,
                                         std::unique_ptr<AppendFile> file) {
  LETHE_TRY(file->Append(AsBytes(EncodeSegmentHeader(header))));
  LETHE_TRY(file->Sync());
  LETHE_TRY(folder_->Sync());
  file_ = std::move(file);
  absl::MutexLock lock(&mutex_);
  end_.offset = kSegmentHeaderBytes;
  return absl::OkStatus();
}

absl::Status FolderArchive::Rotate() {
  // Synced first, so that only the last segment can ever be torn.
  LETHE_TRY(file_->Sync());
  const ArchiveEnd end = End();
  synced_through_ = end.last_sequence;
  const SegmentHeader last = LastHeader();
  const SegmentHeader next{last.vault, end.last_sequence + 1, last.first_sequence, end.chain};
  LETHE_ASSIGN(std::unique_ptr<AppendFile> file, folder_->Create(SegmentName(next.first_sequence)));
  {
    absl::MutexLock lock(&mutex_);
    headers_.push_back(next);
    end_.offset = 0;
  }
  return StartSegment(next, std::move(file));
}

absl::Status FolderArchive::CheckRoom(std::uint64_t bytes, storage::Room room) const {
  LETHE_ASSIGN(const std::uint64_t free_bytes, folder_->FreeBytes());
  // The whole reserve, half or a quarter of it.
  const std::uint64_t left_bytes = kReserveBytes >> static_cast<int>(room);
  if (free_bytes >= bytes + left_bytes) return absl::OkStatus();
  return Refuse(Reason::kDiskReserve, "the archive's volume is full up to its reserve");
}

std::uint64_t FolderArchive::first_sequence() const {
  absl::MutexLock lock(&mutex_);
  const std::uint64_t first = headers_.front().first_sequence;
  return end_.last_sequence < first ? 0 : first;
}

absl::StatusOr<Frame> FolderArchive::ReadBack(const FramePosition& position) const {
  const std::string name = SegmentName(position.segment);
  LETHE_ASSIGN(std::string bytes, folder_->ReadPastCache(name, position.offset, kReadBackBytes));
  const Bytes start = AsBytes(bytes).first(std::min(bytes.size(), kFrameHeadBytes));
  LETHE_ASSIGN(const FrameHead head, DecodeFrameHead(start));
  if (head.frame_bytes() > bytes.size()) {
    LETHE_ASSIGN(bytes, folder_->ReadPastCache(name, position.offset, head.frame_bytes()));
  }
  crypto::Digest chain;
  return DecodeFrame(AsBytes(bytes), &chain);
}

absl::Status FolderArchive::Replay(std::uint64_t after,
                                   const std::function<absl::Status(const Frame&)>& each) const {
  std::vector<SegmentHeader> headers;
  ArchiveEnd end;
  {
    absl::MutexLock lock(&mutex_);
    headers = headers_;
    end = end_;
  }
  if (end.offset < kSegmentHeaderBytes) headers.pop_back();  // Torn when made: holds nothing.
  for (std::size_t i = 0; i < headers.size(); ++i) {
    const bool newest = i + 1 == headers.size();
    // A segment is passed over where the next one begins no later than what is wanted.
    if (!newest && headers[i + 1].first_sequence <= after + 1) continue;
    const std::uint64_t last = newest ? end.last_sequence : headers[i + 1].first_sequence - 1;
    const crypto::Digest& chain = newest ? end.chain : headers[i + 1].chain_before;
    LETHE_ASSIGN(std::uint64_t stop, folder_->SizeOf(SegmentName(headers[i].first_sequence)));
    // What is appended meanwhile is not asked for.
    if (newest && end.offset >= kSegmentHeaderBytes) stop = end.offset;
    LETHE_ASSIGN(const ArchiveEnd reached, ReplaySegment(headers[i], stop, after, each));
    if (reached.last_sequence != last || reached.chain != chain) return ChainBroken();
  }
  return absl::OkStatus();
}

absl::StatusOr<crypto::Digest> FolderArchive::ChainAt(std::uint64_t sequence) const {
  std::optional<SegmentHeader> header;  // Of the last segment that begins no later.
  std::uint64_t stop = 0;
  {
    absl::MutexLock lock(&mutex_);
    if (sequence > end_.last_sequence) return ChainBroken();
    for (const SegmentHeader& each : headers_) {
      if (each.first_sequence <= sequence + 1) header = each;
    }
    if (!header.has_value()) return ChainBroken();
    if (header->first_sequence == headers_.back().first_sequence) stop = end_.offset;
  }
  if (header->first_sequence == sequence + 1) return header->chain_before;
  if (stop == 0) {
    LETHE_ASSIGN(stop, folder_->SizeOf(SegmentName(header->first_sequence)));
  }
  SegmentCursor cursor(*folder_, *header, stop);
  while (cursor.last_sequence() < sequence) {
    LETHE_ASSIGN(const std::optional<Frame> frame, cursor.Next());
    if (!frame.has_value()) break;
  }
  if (cursor.last_sequence() != sequence) return ChainBroken();
  return cursor.chain();
}

absl::StatusOr<ArchiveEnd> FolderArchive::ReplaySegment(
    const SegmentHeader& header, std::uint64_t end, std::uint64_t after,
    const std::function<absl::Status(const Frame&)>& each) const {
  SegmentCursor cursor(*folder_, header, end);
  while (true) {
    LETHE_ASSIGN(const std::optional<Frame> frame, cursor.Next());
    if (!frame.has_value()) {
      return ArchiveEnd{cursor.offset(), cursor.last_sequence(), cursor.chain()};
    }
    if (frame->last_sequence > after) LETHE_TRY(each(*frame));
  }
}

}  // namespace

absl::Status CreateArchiveIn(AppendFolder& folder, const VaultId& vault) {
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

absl::StatusOr<std::unique_ptr<Archive>> OpenArchiveIn(std::unique_ptr<AppendFolder> folder,
                                                       const VaultId& vault,
                                                       std::uint64_t segment_bytes_max) {
  LETHE_ASSIGN(SegmentList found, ReadSegmentList(*folder, vault));
  return std::make_unique<FolderArchive>(std::move(folder), std::move(found), segment_bytes_max);
}

absl::Status Archive::Create(const std::string& folder, const VaultId& vault) {
  LETHE_TRY(MakeFolder(folder));
  LETHE_ASSIGN(const std::unique_ptr<AppendFolder> opened, OpenPosixFolder(folder));
  return CreateArchiveIn(*opened, vault);
}

absl::StatusOr<std::unique_ptr<Archive>> Archive::Open(const std::string& folder,
                                                       const VaultId& vault) {
  LETHE_ASSIGN(std::unique_ptr<AppendFolder> opened, OpenPosixFolder(folder));
  return OpenArchiveIn(std::move(opened), vault);
}

}  // namespace lethe::vault::archive
