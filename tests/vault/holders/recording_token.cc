#include "tests/vault/holders/recording_token.h"

#include <filesystem>
#include <fstream>
#include <iterator>

#include "base/check.h"
#include "base/memory/secret.h"
#include "base/random.h"
#include "base/status_macros.h"
#include "crypto/aead.h"

namespace lethe::test {
namespace {

using vault::holders::TokenKeys;

class FolderToken final : public TokenKeys {
 public:
  FolderToken(const std::string& folder, std::shared_ptr<DiskLog> log)
      : folder_(folder), log_(std::move(log)) {
    if (std::filesystem::create_directories(folder_) && log_ != nullptr) log_->MakeFolder(folder_);
  }

  absl::StatusOr<Id> Make() override {
    Id id;
    random_.Fill(id);
    const std::string key(AsText(Secret::Draw(random_).Reveal()));
    std::ofstream(PathOf(id), std::ios::binary) << key;
    if (log_ != nullptr) {
      const FileId file = log_->Create(PathOf(id));
      log_->Write(file, 0, key);
      log_->Sync(file);
      log_->SyncFolder(folder_);
    }
    return id;
  }
  absl::Status Seal(const Id& id, Bytes plaintext, Bytes aad, MutableBytes out) override {
    LETHE_ASSIGN(const Secret key, Find(id));
    crypto::DefaultAead().Seal(key, plaintext, aad, out);
    return absl::OkStatus();
  }
  absl::Status Open(const Id& id, Bytes sealed, Bytes aad, MutableBytes out) override {
    LETHE_ASSIGN(const Secret key, Find(id));
    return crypto::DefaultAead().Open(key, sealed, aad, out);
  }
  absl::Status Destroy(const Id& id) override {
    if (!std::filesystem::remove(PathOf(id)) || log_ == nullptr) return absl::OkStatus();
    log_->Delete(PathOf(id));
    log_->SyncFolder(folder_);
    return absl::OkStatus();
  }
  absl::StatusOr<std::vector<Id>> List() override {
    std::vector<Id> ids;
    for (const auto& entry : std::filesystem::directory_iterator(folder_)) {
      const std::string name = entry.path().filename().string();
      Id id;
      LETHE_CHECK(name.size() == 2 * id.size());
      for (std::size_t i = 0; i < id.size(); ++i) {
        id[i] = static_cast<std::uint8_t>(std::stoi(name.substr(2 * i, 2), nullptr, 16));
      }
      ids.push_back(id);
    }
    return ids;
  }
  vault::Assurance CheckAssurance(std::string* why) override {
    *why = "files of a test";
    return vault::Assurance::kTest;
  }

 private:
  std::string PathOf(const Id& id) const { return folder_ + "/" + ToHex(id); }

  // A key that a crash left without its bytes is no key.
  absl::StatusOr<Secret> Find(const Id& id) const {
    std::ifstream in(PathOf(id), std::ios::binary);
    const std::string key{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
    if (key.size() != Secret::kBytes) return absl::NotFoundError("the token has no such key");
    return Secret::CopyFrom(AsBytes(key));
  }

  const std::string folder_;
  const std::shared_ptr<DiskLog> log_;
  SystemRandom random_;
};

}  // namespace

std::unique_ptr<TokenKeys> RecordingToken(const std::string& folder, std::shared_ptr<DiskLog> log) {
  return std::make_unique<FolderToken>(folder, std::move(log));
}

}  // namespace lethe::test
