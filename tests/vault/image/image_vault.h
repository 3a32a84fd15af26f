// A vault as an operator has it, on a file system of its own in an image file: real database, real
// archive, real file holder, nothing marked as development. All that was ever written to its disk
// is in the raw bytes of the image, with whatever the file system made of it.
#ifndef LETHE_TESTS_VAULT_IMAGE_IMAGE_VAULT_H_
#define LETHE_TESTS_VAULT_IMAGE_IMAGE_VAULT_H_

#include <memory>
#include <set>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "tests/support/drawn_random.h"
#include "tests/support/fake_clock.h"
#include "vault/open/open.h"

namespace lethe::test {

class ImageVault {
 public:
  explicit ImageVault(std::string folder) : folder_(std::move(folder)) {}

  absl::StatusOr<vault::InitResult> Init();
  absl::Status Open();
  void Close() { vault_.reset(); }
  vault::Vault* operator->() { return vault_.get(); }

  // Somebody with an address and a record in each of `categories`; what is personal of them is kept
  // in texts().
  SubjectTag Come(const std::vector<std::string>& categories);
  RecordTag Put(const SubjectTag& subject, const std::string& category);
  // A new text that carries a mark of its own.
  std::string NewText();
  std::string NewJson() { return R"({"text":")" + NewText() + R"("})"; }
  // The test fails if it is refused.
  vault::Erasure Erase(const SubjectTag& subject);
  vault::Caller As(const std::string& purpose);

  std::string holder() const { return folder_ + "/keys/holder.slots"; }
  const std::vector<std::string>& texts() const { return texts_; }
  // Every key there ever was: leaf secrets, node keys, roots.
  std::vector<std::string> Keys() const { return random_.Secrets(); }
  // Those that stand in the holder's file: the root, and nothing else.
  std::set<std::string> KeysInTheHolder() const;

  FakeClock clock{absl::FromUnixSeconds(1'790'000'000)};

 private:
  const std::string folder_;
  DrawnRandom random_;
  std::unique_ptr<vault::Vault> vault_;
  std::vector<std::string> texts_;
};

// Which of `secrets` stand anywhere in the raw bytes of a file.
std::set<std::string> FindInFile(const std::string& path, std::span<const std::string> secrets);

}  // namespace lethe::test

#endif  // LETHE_TESTS_VAULT_IMAGE_IMAGE_VAULT_H_
