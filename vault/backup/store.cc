#include "vault/backup/store.h"

#include <algorithm>
#include <atomic>
#include <charconv>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <optional>
#include <string_view>
#include <system_error>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_format.h"
#include "base/bytes.h"
#include "base/private_file.h"
#include "base/status_macros.h"
#include "vault/backup/content.h"

namespace lethe::vault::backup {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kManifestEnding = ".backup";
constexpr std::string_view kNoteEnding = ".verified";
constexpr std::size_t kPositionDigits = 20;

std::string NameOf(std::uint64_t position, std::string_view ending) {
  return absl::StrFormat("%020d%s", position, std::string(ending));
}

// NOT_FOUND; DATA_LOSS: it cannot be read, or is larger than any such file.
absl::StatusOr<std::string> TextOf(const std::string& path, std::size_t bytes_max) {
  std::error_code error;
  if (!fs::exists(path, error)) return absl::NotFoundError("no such file");
  const auto look = LookAt(path);
  if (!look.ok() || look->size_bytes > bytes_max) return absl::DataLossError("no such text");
  std::ifstream in(path, std::ios::binary);
  std::string text{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  if (!in || text.size() != look->size_bytes) return absl::DataLossError("a text cannot be read");
  return text;
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

class StoredContent final : public storage::EngineCopy::Content {
 public:
  StoredContent(ContentReader reader, std::function<void(std::uint64_t)> count)
      : reader_(std::move(reader)), count_(std::move(count)) {}

  absl::StatusOr<std::string> Read(std::size_t bytes_max) override {
    LETHE_ASSIGN(std::string piece, reader_.Read(bytes_max));
    count_(piece.size());
    return piece;
  }

 private:
  ContentReader reader_;
  const std::function<void(std::uint64_t)> count_;
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
    return std::make_unique<StoredContent>(
        ContentReader(store_.PathOf(file->second.sha256), file->second),
        [this](std::uint64_t bytes) { progress_(done_ += bytes); });
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
  auto text = TextOf(folder_ + "/" + NameOf(position, kManifestEnding), kManifestBytesMax);
  if (absl::IsNotFound(text.status())) return absl::NotFoundError("no backup of this position");
  auto found = text.ok() ? Read(*text) : absl::StatusOr<SignedManifest>(text.status());
  if (absl::IsDataLoss(found.status())) {
    return absl::DataLossError("the manifest of the backup of position " +
                               std::to_string(position) + " is damaged");
  }
  if (found.ok() && found->manifest.position != position) {
    return absl::DataLossError("the backup stands under another position than its own");
  }
  return found;
}

absl::StatusOr<std::string> BackupStore::LoadNote(std::uint64_t position) const {
  return TextOf(folder_ + "/" + NameOf(position, kNoteEnding), kManifestBytesMax);
}

absl::Status BackupStore::SaveNote(std::uint64_t position, const std::string& text) const {
  return WritePrivateFile(folder_ + "/" + NameOf(position, kNoteEnding), text);
}

std::unique_ptr<storage::EngineCopy> BackupStore::CopyOf(const Manifest& manifest,
                                                         const Progress& progress) const {
  return std::make_unique<StoredCopy>(*this, manifest, progress);
}

absl::Status BackupStore::Publish(std::uint64_t position, const std::string& signed_text) const {
  return WritePrivateFile(folder_ + "/" + NameOf(position, kManifestEnding), signed_text);
}

std::string BackupStore::PathOf(const crypto::Digest& content) const {
  return FilesOf(folder_) + "/" + ToHex(content);
}

}  // namespace lethe::vault::backup
