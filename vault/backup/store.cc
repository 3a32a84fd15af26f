#include "vault/backup/store.h"

#include <algorithm>
#include <atomic>
#include <charconv>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <optional>
#include <system_error>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_format.h"
#include "base/bytes.h"
#include "base/private_file.h"
#include "base/status_macros.h"

namespace lethe::vault::backup {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kManifestEnding = ".backup";
constexpr std::size_t kPositionDigits = 20;

std::string ManifestName(std::uint64_t position) {
  return absl::StrFormat("%020d%s", position, std::string(kManifestEnding));
}

std::optional<std::uint64_t> PositionOf(std::string_view name) {
  if (name.size() != kPositionDigits + kManifestEnding.size() || !name.ends_with(kManifestEnding)) {
    return std::nullopt;
  }
  std::uint64_t position = 0;
  const auto [end, error] = std::from_chars(name.data(), name.data() + kPositionDigits, position);
  if (error != std::errc() || end != name.data() + kPositionDigits) return std::nullopt;
  return position;
}

std::optional<crypto::Digest> ContentOf(const std::string& name) {
  const bool hex = std::ranges::all_of(
      name, [](unsigned char c) { return absl::ascii_isdigit(c) || (c >= 'a' && c <= 'f'); });
  if (!hex || name.size() % 2 != 0) return std::nullopt;
  return ArrayFrom<sizeof(crypto::Digest)>(AsBytes(absl::HexStringToBytes(name)));
}

std::string FilesOf(const std::string& folder) { return folder + "/files"; }

// What the store holds under one digest, checked on the way: its end is told only where it is
// whole.
class StoredContent final : public storage::EngineCopy::Content {
 public:
  StoredContent(std::ifstream in, const File& file, std::function<void(std::uint64_t)> count)
      : in_(std::move(in)), file_(file), count_(std::move(count)) {}

  absl::StatusOr<std::string> Read(std::size_t bytes_max) override {
    std::string piece(bytes_max, '\0');
    in_.read(piece.data(), static_cast<std::streamsize>(piece.size()));
    piece.resize(static_cast<std::size_t>(in_.gcount()));
    hash_.Add(piece);
    size_ += piece.size();
    const bool whole =
        !piece.empty() || (size_ == file_.size_bytes && hash_.Finish() == file_.sha256);
    if (in_.bad() || !whole) {
      return absl::DataLossError("the backup's file " + file_.name + " is damaged");
    }
    count_(piece.size());
    return piece;
  }

 private:
  std::ifstream in_;
  const File file_;
  const std::function<void(std::uint64_t)> count_;
  crypto::Sha256Stream hash_;
  std::uint64_t size_ = 0;
};

class StoredCopy final : public storage::EngineCopy {
 public:
  StoredCopy(const BackupStore& store, const Manifest& manifest, BackupStore::Progress progress)
      : store_(store), progress_(std::move(progress)) {
    for (const File& file : manifest.files) files_.emplace(file.name, file);
  }

  std::vector<std::string> Names() const override {
    std::vector<std::string> names;
    for (const auto& [name, file] : files_) names.push_back(name);
    return names;
  }
  absl::StatusOr<std::unique_ptr<Content>> Open(const std::string& name) const override {
    const auto file = files_.find(name);
    if (file == files_.end()) return absl::NotFoundError("the backup has no such file");
    std::ifstream in(store_.PathOf(file->second.sha256), std::ios::binary);
    if (!in) return absl::DataLossError("the backup lacks its file " + name);
    return std::make_unique<StoredContent>(
        std::move(in), file->second, [this](std::uint64_t bytes) { progress_(done_ += bytes); });
  }

 private:
  const BackupStore store_;
  const BackupStore::Progress progress_;
  std::map<std::string, File> files_;
  mutable std::atomic<std::uint64_t> done_{0};
};

}  // namespace

absl::StatusOr<BackupStore> BackupStore::Make(const std::string& folder) {
  LETHE_TRY(MakePrivateFolder(FilesOf(folder)));
  return BackupStore(folder);
}

absl::StatusOr<BackupStore> BackupStore::Open(const std::string& folder) {
  std::error_code error;
  if (!fs::is_directory(FilesOf(folder), error)) {
    return absl::NotFoundError("no backups in this folder");
  }
  return BackupStore(folder);
}

absl::StatusOr<std::vector<std::uint64_t>> BackupStore::List() const {
  std::vector<std::uint64_t> positions;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(folder_, error)) {
    if (const auto position = PositionOf(entry.path().filename().string())) {
      positions.push_back(*position);
    }
  }
  if (error) return absl::UnavailableError("the backup folder cannot be read");
  std::ranges::sort(positions);
  return positions;
}

absl::StatusOr<std::set<crypto::Digest>> BackupStore::Contents() const {
  std::set<crypto::Digest> contents;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(FilesOf(folder_), error)) {
    const auto content = ContentOf(entry.path().filename().string());
    if (content.has_value() && contents.size() < kFilesMax) contents.insert(*content);
  }
  if (error) return absl::UnavailableError("the backup folder cannot be read");
  return contents;
}

absl::StatusOr<SignedManifest> BackupStore::Load(std::uint64_t position) const {
  std::ifstream in(folder_ + "/" + ManifestName(position), std::ios::binary);
  if (!in) return absl::NotFoundError("no backup of this position");
  const std::string text{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  LETHE_ASSIGN(SignedManifest found, Read(text));
  if (found.manifest.position != position) {
    return absl::DataLossError("the backup stands under another position than its own");
  }
  return found;
}

std::unique_ptr<storage::EngineCopy> BackupStore::CopyOf(const Manifest& manifest,
                                                         const Progress& progress) const {
  return std::make_unique<StoredCopy>(*this, manifest, progress);
}

absl::Status BackupStore::Verify(const Manifest& manifest, const Progress& progress) const {
  const auto copy = CopyOf(manifest, progress);
  for (const std::string& name : copy->Names()) {
    LETHE_TRY(storage::ReadContent(*copy, name, [](std::string_view) { return absl::OkStatus(); }));
  }
  return absl::OkStatus();
}

absl::Status BackupStore::Publish(std::uint64_t position, const std::string& signed_text) const {
  return WritePrivateFile(folder_ + "/" + ManifestName(position), signed_text);
}

std::string BackupStore::PathOf(const crypto::Digest& content) const {
  return FilesOf(folder_) + "/" + ToHex(content);
}

}  // namespace lethe::vault::backup
