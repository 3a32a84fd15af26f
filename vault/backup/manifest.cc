#include "vault/backup/manifest.h"

#include <algorithm>
#include <numeric>
#include <optional>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_split.h"
#include "base/bytes.h"
#include "base/reason.h"
#include "base/status_macros.h"
#include "nlohmann/json.hpp"

namespace lethe::vault::backup {
namespace {

using Json = nlohmann::ordered_json;

constexpr int kFormat = 1;
constexpr char kSigned[] = "lethe.backup.v1";
constexpr char kSignatureWord[] = "lethe-backup-v1";
constexpr std::uint64_t kFileBytesMax = std::uint64_t{1} << 40;

absl::Status Malformed() { return absl::DataLossError("the backup's manifest is damaged"); }

std::string SignedBytes(const std::string& json) { return kSigned + json; }

std::string Base64(Bytes bytes) { return absl::Base64Escape(std::string(AsText(bytes))); }

// A name that leads nowhere but to a file of the folder it is put in.
bool IsFileName(std::string_view name) {
  return !name.empty() && name.size() <= 255 && name.front() != '.' &&
         std::ranges::all_of(name, [](char c) {
           return absl::ascii_isalnum(static_cast<unsigned char>(c)) || c == '.' || c == '-' ||
                  c == '_';
         });
}

// Members of a JSON object, with one answer for whatever is missing or of another type.
class Members {
 public:
  explicit Members(const Json& json) : json_(json) {}

  absl::StatusOr<std::string> Text(const char* key) const {
    if (!json_.is_object() || !json_.contains(key) || !json_[key].is_string()) return Malformed();
    return json_[key].get<std::string>();
  }
  absl::StatusOr<std::uint64_t> Number(const char* key) const {
    if (!json_.is_object() || !json_.contains(key) || !json_[key].is_number_unsigned()) {
      return Malformed();
    }
    return json_[key].get<std::uint64_t>();
  }
  absl::StatusOr<bool> Flag(const char* key) const {
    if (!json_.is_object() || !json_.contains(key) || !json_[key].is_boolean()) return Malformed();
    return json_[key].get<bool>();
  }
  absl::StatusOr<crypto::Digest> Digest(const char* key) const {
    LETHE_ASSIGN(const std::string hex, Text(key));
    if (hex.size() != 2 * sizeof(crypto::Digest) ||
        !std::ranges::all_of(hex, [](unsigned char c) { return absl::ascii_isxdigit(c); })) {
      return Malformed();
    }
    return *ArrayFrom<sizeof(crypto::Digest)>(AsBytes(absl::HexStringToBytes(hex)));
  }

 private:
  const Json& json_;
};

absl::StatusOr<File> FileFrom(const Json& json) {
  const Members members(json);
  File file;
  LETHE_ASSIGN(file.name, members.Text("name"));
  LETHE_ASSIGN(file.size_bytes, members.Number("size_bytes"));
  LETHE_ASSIGN(file.sha256, members.Digest("sha256"));
  if (!IsFileName(file.name) || file.size_bytes > kFileBytesMax) return Malformed();
  return file;
}

absl::StatusOr<Manifest> ManifestFrom(const Json& json) {
  const Members members(json);
  LETHE_ASSIGN(const std::uint64_t format, members.Number("format"));
  if (format != kFormat) {
    return Refuse(Reason::kUnsupportedFormat, "the backup has a format this version does not know");
  }
  Manifest manifest;
  LETHE_ASSIGN(const std::string vault, members.Text("vault_id"));
  const auto id = VaultId::Parse(vault);
  if (!id.ok()) return Malformed();
  manifest.vault = *id;
  LETHE_ASSIGN(manifest.position, members.Number("position"));
  LETHE_ASSIGN(manifest.archived, members.Flag("archived"));
  LETHE_ASSIGN(manifest.dev, members.Flag("dev"));
  LETHE_ASSIGN(manifest.chain, members.Digest("chain"));
  LETHE_ASSIGN(const std::string time, members.Text("create_time"));
  if (!absl::ParseTime(absl::RFC3339_full, time, &manifest.create_time, nullptr)) {
    return Malformed();
  }
  if (!json.contains("files") || !json["files"].is_array() || json["files"].size() > kFilesMax) {
    return Malformed();
  }
  for (const Json& row : json["files"]) {
    LETHE_ASSIGN(File file, FileFrom(row));
    manifest.files.push_back(std::move(file));
  }
  return manifest;
}

}  // namespace

std::uint64_t Manifest::size_bytes() const {
  return std::accumulate(files.begin(), files.end(), std::uint64_t{0},
                         [](std::uint64_t sum, const File& file) { return sum + file.size_bytes; });
}

std::string Sign(const Manifest& manifest, const crypto::SigningKey& key) {
  Json json;
  json["format"] = kFormat;
  json["vault_id"] = manifest.vault.ToString();
  json["position"] = manifest.position;
  json["archived"] = manifest.archived;
  json["dev"] = manifest.dev;
  json["chain"] = ToHex(manifest.chain);
  json["create_time"] =
      absl::FormatTime(absl::RFC3339_full, manifest.create_time, absl::UTCTimeZone());
  json["files"] = Json::array();
  for (const File& file : manifest.files) {
    json["files"].push_back(
        {{"name", file.name}, {"size_bytes", file.size_bytes}, {"sha256", ToHex(file.sha256)}});
  }
  const std::string text = json.dump();
  const crypto::Signature signature = key.Sign(AsBytes(SignedBytes(text)));
  return absl::StrFormat("%s\n%s %s %s\n", text, kSignatureWord, Base64(key.public_key()),
                         Base64(signature));
}

absl::StatusOr<SignedManifest> Read(const std::string& text) {
  const std::vector<std::string> lines = absl::StrSplit(text, '\n');
  if (lines.size() != 3 || !lines[2].empty()) return Malformed();
  const std::vector<std::string> words = absl::StrSplit(lines[1], ' ');
  std::string key_bytes;
  std::string signature_bytes;
  if (words.size() != 3 || words[0] != kSignatureWord ||
      !absl::Base64Unescape(words[1], &key_bytes) ||
      !absl::Base64Unescape(words[2], &signature_bytes)) {
    return Malformed();
  }
  // One text for one manifest: the last letter of a base64 word has bits that decoding drops.
  const bool canonical =
      words[1] == absl::Base64Escape(key_bytes) && words[2] == absl::Base64Escape(signature_bytes);
  const auto signer = ArrayFrom<sizeof(crypto::PublicKey)>(AsBytes(key_bytes));
  if (!canonical || !signer.has_value() ||
      !crypto::Verify(*signer, AsBytes(SignedBytes(lines[0])), AsBytes(signature_bytes))) {
    return Malformed();
  }
  LETHE_ASSIGN(Manifest manifest, ManifestFrom(Json::parse(lines[0], nullptr, false)));
  return SignedManifest{std::move(manifest), *signer, crypto::Sha256(AsBytes(text))};
}

}  // namespace lethe::vault::backup
