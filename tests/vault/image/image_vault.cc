#include "tests/vault/image/image_vault.h"

#include <fcntl.h>
#include <unistd.h>

#include <filesystem>
#include <string_view>
#include <thread>

#include "absl/strings/str_format.h"
#include "base/check.h"
#include "base/status_macros.h"
#include "gtest/gtest.h"
#include "tests/support/secret_search.h"
#include "tests/support/test_vault.h"

namespace lethe::test {
namespace {

// Read that much at a time; pieces overlap by more than any needle.
constexpr std::size_t kPieceBytes = std::size_t{4} << 20;
constexpr std::size_t kOverlapBytes = 256;

}  // namespace

absl::StatusOr<vault::InitResult> ImageVault::Init() {
  std::filesystem::create_directories(folder_ + "/keys");
  return vault::InitVault({.data_dir = folder_ + "/vault",
                           .holders = {holder()},
                           .archive_dir = folder_ + "/keys/archive"},
                          clock, random_);
}

absl::Status ImageVault::Open() {
  LETHE_ASSIGN(vault_, vault::OpenVault({.data_dir = folder_ + "/vault",
                                         .tenants = {{"acme", kTestPolicy}},
                                         .doomed_delay = absl::ZeroDuration(),
                                         .free_space_reserve_bytes = 0},
                                        clock, random_));
  while (!vault_->operations().Status().identifiers_loaded) std::this_thread::yield();
  return absl::OkStatus();
}

vault::Caller ImageVault::As(const std::string& purpose) {
  return {.principal = {"spiffe://test/tenants/acme/clients/one", "acme"},
          .tenant = "acme",
          .purpose = purpose,
          .request_id = RowTag::Draw(random_).ToString()};
}

std::string ImageVault::NewText() {
  return texts_.emplace_back(absl::StrFormat("of-a-person-%06d-to-be-found", texts_.size()));
}

SubjectTag ImageVault::Come(const std::vector<std::string>& categories) {
  const std::vector<vault::Identifier> identifiers = {{"email", NewText()}};
  const auto subject = vault_->data().CreateSubject(As("service"), identifiers);
  LETHE_CHECK(subject.ok());
  for (const std::string& category : categories) Put(subject->tag, category);
  return subject->tag;
}

RecordTag ImageVault::Put(const SubjectTag& subject, const std::string& category) {
  const bool own_purpose = category == "billing" || category == "support";
  const auto put = vault_->data().CreateRecord(As(own_purpose ? category : "service"), subject,
                                               {.category = category, .data = NewJson()});
  LETHE_CHECK(put.ok());
  return put->tag;
}

vault::Erasure ImageVault::Erase(const SubjectTag& subject) {
  vault::EraseRequest request;
  request.subject = subject;
  const auto erased = vault_->rights().EraseSubject(As("service"), request);
  EXPECT_TRUE(erased.ok()) << erased.status();
  return erased.value_or(vault::Erasure{});
}

std::set<std::string> ImageVault::KeysInTheHolder() const { return FindInFile(holder(), Keys()); }

std::set<std::string> FindInFile(const std::string& path, std::span<const std::string> secrets) {
  const SecretSearch search(secrets);
  std::set<std::string> found;
  const int fd = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  LETHE_CHECK(fd >= 0);
  std::string piece(kPieceBytes, '\0');
  off_t at = 0;
  while (true) {
    at = lseek(fd, at, SEEK_DATA);  // An image is sparse: most of it was never written.
    if (at < 0) break;
    const ssize_t got = pread(fd, piece.data(), piece.size(), at);
    LETHE_CHECK(got >= 0);
    if (got == 0) break;
    found.merge(search.In(std::string_view(piece.data(), static_cast<std::size_t>(got))));
    if (static_cast<std::size_t>(got) < piece.size()) break;
    at += static_cast<off_t>(kPieceBytes - kOverlapBytes);
  }
  close(fd);
  return found;
}

}  // namespace lethe::test
