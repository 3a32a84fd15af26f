// An AppendFolder that hands everything on to another: what a test wants to see or to change, it
// overrides.
#ifndef LETHE_TESTS_VAULT_ARCHIVE_FORWARDING_FOLDER_H_
#define LETHE_TESTS_VAULT_ARCHIVE_FORWARDING_FOLDER_H_

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "vault/archive/append_file.h"

namespace lethe::test {

class ForwardingFolder : public vault::archive::AppendFolder {
 public:
  using File = vault::archive::AppendFile;

  explicit ForwardingFolder(std::unique_ptr<AppendFolder> below) : below_(std::move(below)) {}

  absl::StatusOr<std::vector<std::string>> List() const override { return below_->List(); }
  absl::StatusOr<std::unique_ptr<File>> Create(const std::string& name) override {
    return below_->Create(name);
  }
  absl::StatusOr<std::unique_ptr<File>> OpenCutTo(const std::string& name,
                                                  std::uint64_t size) override {
    return below_->OpenCutTo(name, size);
  }
  absl::Status Sync() override { return below_->Sync(); }
  absl::StatusOr<std::uint64_t> SizeOf(const std::string& name) const override {
    return below_->SizeOf(name);
  }
  absl::StatusOr<std::string> Read(const std::string& name, std::uint64_t offset,
                                   std::size_t size) const override {
    return below_->Read(name, offset, size);
  }
  absl::StatusOr<std::string> ReadPastCache(const std::string& name, std::uint64_t offset,
                                            std::size_t size) const override {
    return below_->ReadPastCache(name, offset, size);
  }
  absl::Status CheckThere() const override { return below_->CheckThere(); }
  absl::StatusOr<std::uint64_t> FreeBytes() const override { return below_->FreeBytes(); }

 private:
  const std::unique_ptr<AppendFolder> below_;
};

}  // namespace lethe::test

#endif  // LETHE_TESTS_VAULT_ARCHIVE_FORWARDING_FOLDER_H_
