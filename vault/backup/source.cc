#include "vault/backup/source.h"

#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/codec.h"
#include "base/reason.h"
#include "base/status_macros.h"
#include "crypto/hash.h"
#include "storage/engine_copy.h"
#include "vault/backup/manifest.h"
#include "vault/backup/receiver.h"

namespace lethe::vault::backup {
namespace {

absl::StatusOr<File> Describe(const storage::EngineCopy& copy, const std::string& name) {
  File file{.name = name};
  crypto::Sha256Stream hash;
  LETHE_TRY(storage::ReadContent(copy, name, [&](std::string_view piece) {
    hash.Add(piece);
    file.size_bytes += piece.size();
    return absl::OkStatus();
  }));
  file.sha256 = hash.Finish();
  return file;
}

absl::StatusOr<std::vector<File>> DescribeAll(const storage::EngineCopy& copy) {
  std::vector<File> files;
  for (const std::string& name : copy.Names()) {
    LETHE_ASSIGN(File file, Describe(copy, name));
    files.push_back(std::move(file));
  }
  return files;
}

class Source final : public Artifact {
 public:
  Source(std::unique_ptr<storage::EngineCopy> copy, Manifest manifest,
         const std::set<crypto::Digest>& there, std::string signed_text)
      : copy_(std::move(copy)),
        manifest_(std::move(manifest)),
        files_(FilesToSend(manifest_, there)),
        head_(ByteWriter().Long(signed_text).Take()) {}

  absl::StatusOr<std::string> Next() override {
    if (head_at_ < head_.size()) {
      std::string piece = head_.substr(head_at_, kPieceBytesMax);
      head_at_ += piece.size();
      return piece;
    }
    for (; next_ < files_.size(); ++next_) {
      LETHE_ASSIGN(std::string piece, NextOf(*files_[next_]));
      if (!piece.empty()) return piece;
    }
    return std::string();
  }

  std::int64_t record_count() const override {
    return static_cast<std::int64_t>(manifest_.files.size());
  }
  const std::vector<Withheld>& withheld() const override { return nothing_withheld_; }

 private:
  // The next piece of `file`; nothing at its end, and then the next file may come.
  absl::StatusOr<std::string> NextOf(const File& file) {
    if (content_ == nullptr) {
      LETHE_ASSIGN(content_, copy_->Open(file.name));
    }
    LETHE_ASSIGN(std::string piece, content_->Read(kPieceBytesMax));
    sent_ += piece.size();
    const bool ends = piece.empty();
    if (sent_ > file.size_bytes || (ends && sent_ < file.size_bytes)) {
      return Refuse(Reason::kInternal, "the copy of the database is not what it was");
    }
    if (ends) {
      content_ = nullptr;
      sent_ = 0;
    }
    return piece;
  }

  const std::unique_ptr<storage::EngineCopy> copy_;
  const Manifest manifest_;
  const std::vector<const File*> files_;
  const std::string head_;
  std::size_t head_at_ = 0;
  std::size_t next_ = 0;
  std::unique_ptr<storage::EngineCopy::Content> content_;  // Of the current file; null between two.
  std::uint64_t sent_ = 0;                                 // Of it.
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
  LETHE_ASSIGN(Journal::Copied copied, parts.journal.Copy());
  Manifest manifest{.vault = parts.vault,
                    .position = copied.sequence,
                    .archived = archived,
                    .dev = parts.dev,
                    .chain = copied.chain,
                    .create_time = parts.clock.Now()};
  LETHE_ASSIGN(manifest.files, DescribeAll(*copied.copy));
  std::string text = Sign(manifest, parts.key);
  return std::make_unique<Source>(std::move(copied.copy), std::move(manifest), request.there,
                                  std::move(text));
}

}  // namespace lethe::vault::backup
