// An AppendFolder that never looks at its path: what an archive was that nobody watched. The
// control of every test of a folder that is gone.
#ifndef LETHE_TESTS_VAULT_ARCHIVE_BLIND_FOLDER_H_
#define LETHE_TESTS_VAULT_ARCHIVE_BLIND_FOLDER_H_

#include <memory>
#include <string>
#include <utility>

#include "base/status_macros.h"
#include "tests/vault/archive/forwarding_folder.h"
#include "vault/archive/append_file.h"

namespace lethe::test {

class BlindAppendFile final : public vault::archive::AppendFile {
 public:
  explicit BlindAppendFile(std::unique_ptr<AppendFile> below) : below_(std::move(below)) {}

  absl::Status Append(Bytes bytes) override { return below_->Append(bytes); }
  absl::Status Sync() override { return below_->Sync(); }
  absl::Status CheckThere(std::uint64_t) const override { return absl::OkStatus(); }

 private:
  const std::unique_ptr<AppendFile> below_;
};

class BlindFolder final : public ForwardingFolder {
 public:
  using ForwardingFolder::ForwardingFolder;

  absl::StatusOr<std::unique_ptr<File>> Create(const std::string& name) override {
    LETHE_ASSIGN(std::unique_ptr<File> file, ForwardingFolder::Create(name));
    return std::make_unique<BlindAppendFile>(std::move(file));
  }
  absl::StatusOr<std::unique_ptr<File>> OpenCutTo(const std::string& name,
                                                  std::uint64_t size) override {
    LETHE_ASSIGN(std::unique_ptr<File> file, ForwardingFolder::OpenCutTo(name, size));
    return std::make_unique<BlindAppendFile>(std::move(file));
  }
  absl::Status CheckThere() const override { return absl::OkStatus(); }
};

}  // namespace lethe::test

#endif  // LETHE_TESTS_VAULT_ARCHIVE_BLIND_FOLDER_H_
