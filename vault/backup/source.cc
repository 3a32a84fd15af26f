#include "vault/backup/source.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <system_error>
#include <utility>
#include <vector>

#include "base/codec.h"
#include "base/reason.h"
#include "base/status_macros.h"
#include "vault/backup/manifest.h"
#include "vault/backup/receiver.h"

namespace lethe::vault::backup {
namespace {

namespace fs = std::filesystem;

constexpr char kCheckpointPrefix[] = "checkpoint-";

absl::Status CannotRead() {
  return Refuse(Reason::kInternal, "a file of the checkpoint cannot be read");
}

// A checkpoint's folder, which goes away with it.
class Checkpoint {
 public:
  explicit Checkpoint(std::string path) : path_(std::move(path)) {}
  Checkpoint(Checkpoint&& other) noexcept : path_(std::exchange(other.path_, {})) {}
  Checkpoint& operator=(Checkpoint&&) = delete;
  ~Checkpoint() {
    std::error_code ignored;  // RemoveLeftovers tries again at the next start.
    if (!path_.empty()) fs::remove_all(path_, ignored);
  }

  std::string PathOf(const std::string& name) const { return path_ + "/" + name; }
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

absl::StatusOr<File> Describe(const fs::directory_entry& entry) {
  File file{.name = entry.path().filename().string()};
  std::ifstream in(entry.path(), std::ios::binary);
  crypto::Sha256Stream hash;
  std::string buffer(Artifact::kPieceBytesMax, '\0');
  while (in) {
    in.read(buffer.data(), static_cast<std::streamsize>(buffer.size()));
    hash.Add(std::string_view(buffer.data(), static_cast<std::size_t>(in.gcount())));
    file.size_bytes += static_cast<std::uint64_t>(in.gcount());
  }
  if (in.bad() || !in.eof()) return CannotRead();
  file.sha256 = hash.Finish();
  return file;
}

absl::StatusOr<std::vector<File>> DescribeAll(const std::string& folder) {
  std::vector<File> files;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(folder, error)) {
    LETHE_ASSIGN(File file, Describe(entry));
    files.push_back(std::move(file));
  }
  if (error || files.empty()) return CannotRead();
  std::ranges::sort(files, {}, &File::name);
  return files;
}

class Source final : public Artifact {
 public:
  Source(Checkpoint checkpoint, Manifest manifest, const std::set<crypto::Digest>& there,
         std::string signed_text)
      : checkpoint_(std::move(checkpoint)),
        manifest_(std::move(manifest)),
        files_(FilesToSend(manifest_, there)),
        head_(ByteWriter().Long(signed_text).Take()) {}

  absl::StatusOr<std::string> Next() override {
    if (head_at_ < head_.size()) {
      std::string piece = head_.substr(head_at_, kPieceBytesMax);
      head_at_ += piece.size();
      return piece;
    }
    while (next_ < files_.size()) {
      if (!in_.is_open()) in_.open(checkpoint_.PathOf(files_[next_]->name), std::ios::binary);
      std::string piece(kPieceBytesMax, '\0');
      in_.read(piece.data(), static_cast<std::streamsize>(piece.size()));
      piece.resize(static_cast<std::size_t>(in_.gcount()));
      sent_ += piece.size();
      if (in_.bad() || sent_ > files_[next_]->size_bytes) return CannotRead();
      if (!piece.empty()) return piece;
      if (sent_ != files_[next_]->size_bytes) return CannotRead();
      in_ = std::ifstream();
      sent_ = 0;
      ++next_;
    }
    return std::string();
  }

  std::int64_t record_count() const override {
    return static_cast<std::int64_t>(manifest_.files.size());
  }
  const std::vector<Withheld>& withheld() const override { return nothing_withheld_; }

 private:
  const Checkpoint checkpoint_;
  const Manifest manifest_;
  const std::vector<const File*> files_;
  const std::string head_;
  std::size_t head_at_ = 0;
  std::size_t next_ = 0;
  std::ifstream in_;
  std::uint64_t sent_ = 0;  // Of the current file.
  const std::vector<Withheld> nothing_withheld_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<Artifact>> OpenSource(const SourceParts& parts,
                                                     const BackupRequest& request) {
  const bool archived = parts.journal.archive() != nullptr;
  if (!archived && !request.dies_with_next_shred) {
    return Refuse(Reason::kNoArchive,
                  "a vault without an archive has no backup that survives the next erasure");
  }
  Checkpoint checkpoint(parts.folder + "/" + kCheckpointPrefix +
                        RowTag::Draw(parts.random).ToString());
  LETHE_ASSIGN(const Journal::Checkpoint at, parts.journal.CheckpointTo(checkpoint.path()));
  Manifest manifest{.vault = parts.vault,
                    .position = at.sequence,
                    .archived = archived,
                    .chain = at.chain,
                    .create_time = parts.clock.Now()};
  LETHE_ASSIGN(manifest.files, DescribeAll(checkpoint.path()));
  std::string text = Sign(manifest, parts.key);
  return std::make_unique<Source>(std::move(checkpoint), std::move(manifest), request.there,
                                  std::move(text));
}

void RemoveLeftovers(const std::string& folder) {
  std::error_code ignored;  // What cannot be removed costs room, nothing else.
  for (const auto& entry : fs::directory_iterator(folder, ignored)) {
    if (entry.path().filename().string().starts_with(kCheckpointPrefix)) {
      fs::remove_all(entry.path(), ignored);
    }
  }
}

}  // namespace lethe::vault::backup
