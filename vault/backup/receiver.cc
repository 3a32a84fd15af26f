#include "vault/backup/receiver.h"

#include <algorithm>
#include <utility>

#include "base/codec.h"
#include "base/status_macros.h"

namespace lethe::vault::backup {
namespace {

constexpr std::size_t kSizeBytes = 4;  // Of the manifest's size, in front of it.

absl::Status CutShort() { return absl::DataLossError("the backup's stream was cut short"); }

}  // namespace

std::vector<const File*> FilesToSend(const Manifest& manifest, std::set<crypto::Digest> there) {
  std::vector<const File*> files;
  for (const File& file : manifest.files) {
    if (there.insert(file.sha256).second) files.push_back(&file);
  }
  return files;
}

absl::Status Receiver::Add(std::string_view bytes) {
  if (found_.has_value()) return AddToFiles(bytes);
  head_ += bytes;
  if (head_.size() < kSizeBytes) return absl::OkStatus();
  const std::size_t size = ByteReader(head_).U32();
  if (size > kManifestBytesMax) return absl::DataLossError("the stream is no backup");
  if (head_.size() < kSizeBytes + size) return absl::OkStatus();
  const std::string head = std::exchange(head_, {});
  LETHE_TRY(TakeManifest(head.substr(kSizeBytes, size)));
  return AddToFiles(std::string_view(head).substr(kSizeBytes + size));
}

absl::Status Receiver::TakeManifest(std::string text) {
  LETHE_ASSIGN(SignedManifest found, Read(text));
  if (found.signer != signer_) {
    return absl::DataLossError("the backup is signed by another vault than the one asked");
  }
  text_ = std::move(text);
  found_ = std::move(found);
  files_ = FilesToSend(found_->manifest, there_);
  for (const File* file : files_) bytes_expected_ += file->size_bytes;
  return StartFile();
}

// Empty files travel as nothing, so they are whole as soon as their turn comes.
absl::Status Receiver::StartFile() {
  for (; next_ < files_.size(); ++next_) {
    LETHE_ASSIGN(PrivateFile out, PrivateFile::Create(store_.PathOf(files_[next_]->sha256)));
    out_.emplace(std::move(out));
    hash_ = crypto::Sha256Stream();
    left_ = files_[next_]->size_bytes;
    if (left_ > 0) return absl::OkStatus();
    LETHE_TRY(EndFile());
  }
  return absl::OkStatus();
}

absl::Status Receiver::EndFile() {
  if (hash_.Finish() != files_[next_]->sha256) {
    return absl::DataLossError("a file of the backup came damaged");
  }
  LETHE_TRY(out_->Finish());
  out_.reset();
  return absl::OkStatus();
}

absl::Status Receiver::AddToFiles(std::string_view bytes) {
  while (!bytes.empty()) {
    if (!out_.has_value()) return absl::DataLossError("the stream goes on behind the backup's end");
    const std::string_view piece = bytes.substr(0, std::min<std::uint64_t>(bytes.size(), left_));
    hash_.Add(piece);
    LETHE_TRY(out_->Append(piece));
    left_ -= piece.size();
    bytes_received_ += piece.size();
    bytes.remove_prefix(piece.size());
    if (left_ > 0) continue;
    LETHE_TRY(EndFile());
    ++next_;
    LETHE_TRY(StartFile());
  }
  return absl::OkStatus();
}

absl::StatusOr<SignedManifest> Receiver::Finish() {
  if (!found_.has_value() || next_ < files_.size()) return CutShort();
  return *found_;
}

absl::Status Receiver::Publish() const { return store_.Publish(found_->manifest.position, text_); }

}  // namespace lethe::vault::backup
