// A small vault whose rows can be damaged one byte at a time: what a start finds on a disk that
// lies, or that somebody wrote to who has no key.
#ifndef LETHE_TESTS_FUZZ_DAMAGED_VAULT_H_
#define LETHE_TESTS_FUZZ_DAMAGED_VAULT_H_

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "base/bytes.h"
#include "base/random.h"
#include "storage/engine.h"
#include "tests/support/fake_clock.h"
#include "tests/support/memory_slot_file.h"
#include "vault/open/opened_vault.h"

namespace lethe::fuzz {

class DamagedVault {
 public:
  // Makes one subject with an identifier, records in two categories of which one was updated, and
  // an erased subject; then closes it and keeps the image.
  DamagedVault();

  // The image with the rows altered: n * (U16 row, U16 offset, U8 xor). As a start found it.
  absl::StatusOr<std::unique_ptr<vault::OpenedVault>> OpenWith(Bytes alterations);

  vault::Caller As(const std::string& purpose);
  const vault::Identifier& identifier() const { return identifier_; }
  const SubjectTag& subject() const { return subject_; }
  // The body of each record, and the purpose that may read it.
  const std::map<RecordTag, std::pair<std::string, std::string>>& records() const {
    return records_;
  }
  const vault::Erasure& erasure() const { return erasure_; }

 private:
  using RowId = std::pair<storage::TableId, std::string>;

  void Fill(vault::OpenedVault& vault);
  void Put(vault::OpenedVault& vault, const std::string& category, const std::string& purpose);
  absl::StatusOr<std::unique_ptr<vault::OpenedVault>> OpenOn(
      std::shared_ptr<storage::Engine> engine, std::shared_ptr<test::SlotDisk> slots);

  test::FakeClock clock_{absl::FromUnixSeconds(1'790'000'000)};
  SystemRandom random_;
  const vault::Identifier identifier_{"customer_number", "12345"};
  SubjectTag subject_;
  std::map<RecordTag, std::pair<std::string, std::string>> records_;
  vault::Erasure erasure_;
  // The image.
  std::map<RowId, std::string> rows_;
  std::uint64_t position_ = 0;
  test::SlotDisk slots_;
};

}  // namespace lethe::fuzz

#endif  // LETHE_TESTS_FUZZ_DAMAGED_VAULT_H_
