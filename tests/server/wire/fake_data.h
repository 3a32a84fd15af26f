// A made-up Data facet: keeps people and records in memory, and decides nothing.
#ifndef LETHE_TESTS_SERVER_WIRE_FAKE_DATA_H_
#define LETHE_TESTS_SERVER_WIRE_FAKE_DATA_H_

#include "tests/server/wire/fake_shared.h"
#include "vault/vault.h"

namespace lethe::test {

// Thread-safe.
class FakeData final : public vault::Data {
 public:
  explicit FakeData(FakeShared& shared) : shared_(shared) {}

  absl::StatusOr<vault::Subject> CreateSubject(
      const vault::Caller& caller, std::span<const vault::Identifier> identifiers) override;
  absl::StatusOr<vault::Subject> GetSubject(const vault::Caller& caller,
                                            const vault::SubjectRef& subject) override;
  absl::StatusOr<vault::Page<vault::Subject>> ListSubjects(const vault::Caller& caller,
                                                           const vault::PageRequest& page) override;
  absl::StatusOr<vault::Subject> AddIdentifier(const vault::Caller& caller,
                                               const vault::SubjectRef& subject,
                                               const vault::Identifier& identifier) override;
  absl::StatusOr<vault::Subject> RemoveIdentifier(const vault::Caller& caller,
                                                  const vault::SubjectRef& subject,
                                                  const vault::Identifier& identifier) override;
  absl::StatusOr<vault::Record> CreateRecord(const vault::Caller& caller,
                                             const vault::SubjectRef& subject,
                                             vault::NewRecord record) override;
  absl::StatusOr<vault::Record> GetRecord(const vault::Caller& caller, const SubjectTag& subject,
                                          const RecordTag& record) override;
  absl::StatusOr<vault::Page<vault::Record>> ListRecords(const vault::Caller& caller,
                                                         const vault::SubjectRef& subject,
                                                         const std::string& category,
                                                         const vault::PageRequest& page) override;
  absl::StatusOr<std::pair<vault::Record, vault::KeyDeath>> UpdateRecord(
      const vault::Caller& caller, const SubjectTag& subject, const RecordTag& record,
      const std::string& etag, vault::RecordPatch patch) override;
  absl::StatusOr<vault::KeyDeath> DeleteRecord(const vault::Caller& caller,
                                               const SubjectTag& subject, const RecordTag& record,
                                               const std::string& etag) override;
  std::vector<absl::StatusOr<vault::ImportedRecord>> Import(
      const vault::Caller& caller, std::span<const vault::ImportItem> items) override;

 private:
  FakeShared& shared_;
};

}  // namespace lethe::test

#endif  // LETHE_TESTS_SERVER_WIRE_FAKE_DATA_H_
