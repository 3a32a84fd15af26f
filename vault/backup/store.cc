#include "vault/backup/store.h"

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <fstream>
#include <iterator>
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
constexpr std::size_t kReadBytes = 1u << 20;

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

// Reads the content behind `file`, handing it on piece by piece, and checks it.
absl::Status ReadChecked(const std::string& path, const File& file,
                         const std::function<absl::Status(std::string_view)>& each) {
  std::ifstream in(path, std::ios::binary);
  if (!in) return absl::DataLossError("the backup lacks its file " + file.name);
  crypto::Sha256Stream hash;
  std::uint64_t size = 0;
  std::string buffer(kReadBytes, '\0');
  while (in) {
    in.read(buffer.data(), static_cast<std::streamsize>(buffer.size()));
    const std::string_view piece(buffer.data(), static_cast<std::size_t>(in.gcount()));
    hash.Add(piece);
    size += piece.size();
    LETHE_TRY(each(piece));
  }
  if (in.bad() || size != file.size_bytes || hash.Finish() != file.sha256) {
    return absl::DataLossError("the backup's file " + file.name + " is damaged");
  }
  return absl::OkStatus();
}

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

absl::Status BackupStore::Verify(const Manifest& manifest, const Progress& progress) const {
  std::uint64_t done = 0;
  for (const File& file : manifest.files) {
    LETHE_TRY(ReadChecked(PathOf(file.sha256), file, [&](std::string_view piece) {
      progress(done += piece.size());
      return absl::OkStatus();
    }));
  }
  return absl::OkStatus();
}

absl::Status BackupStore::CopyTo(const Manifest& manifest, const std::string& folder,
                                 const Progress& progress) const {
  LETHE_TRY(MakePrivateFolder(folder));
  std::uint64_t done = 0;
  for (const File& file : manifest.files) {
    LETHE_ASSIGN(PrivateFile out, PrivateFile::Create(folder + "/" + file.name));
    LETHE_TRY(ReadChecked(PathOf(file.sha256), file, [&](std::string_view piece) {
      progress(done += piece.size());
      return out.Append(piece);
    }));
    LETHE_TRY(out.Finish());
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
