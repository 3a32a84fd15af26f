// A FakeVault keeps records in memory and does what a test tells it to: fail the next call, or hold
// it until released. It decides nothing; what the server asks of it can be read back.
#ifndef LETHE_TESTS_SERVER_WIRE_FAKE_VAULT_H_
#define LETHE_TESTS_SERVER_WIRE_FAKE_VAULT_H_

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/synchronization/mutex.h"
#include "base/random.h"
#include "vault/vault.h"

namespace lethe::test {

class FakeVault final : public vault::Vault {
 public:
  struct Refusal {
    vault::Caller caller;
    std::string method;
    absl::Status status;
  };

  // The next call of any method but Status fails with `status`.
  void FailNext(absl::Status status);
  // Calls wait at the door from now on until Release, also those that come then.
  void Hold();
  void Release();
  // Until `count` calls wait at the door.
  void AwaitHeld(int count);
  // What the artifacts opened from now on hold, and how they end.
  void SetArtifact(std::vector<std::string> pieces, absl::Status end);
  // What the calls about keys start from.
  void SetKeys(vault::KeyStatus keys);
  void SetSealed() { sealed_ = true; }

  std::vector<Refusal> refusals() const;
  // The last caller that came through the door.
  vault::Caller last_caller() const;
  int calls() const;

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
                                             const vault::NewRecord& record) override;
  absl::StatusOr<vault::Record> GetRecord(const vault::Caller& caller, const SubjectTag& subject,
                                          const RecordTag& record) override;
  absl::StatusOr<vault::Page<vault::Record>> ListRecords(const vault::Caller& caller,
                                                         const vault::SubjectRef& subject,
                                                         const std::string& category,
                                                         const vault::PageRequest& page) override;
  absl::StatusOr<std::pair<vault::Record, vault::KeyDeath>> UpdateRecord(
      const vault::Caller& caller, const SubjectTag& subject, const RecordTag& record,
      const std::string& etag, const vault::RecordPatch& patch) override;
  absl::StatusOr<vault::KeyDeath> DeleteRecord(const vault::Caller& caller,
                                               const SubjectTag& subject, const RecordTag& record,
                                               const std::string& etag) override;
  std::vector<absl::StatusOr<vault::ImportedRecord>> Import(
      const vault::Caller& caller, std::span<const vault::ImportItem> items) override;
  absl::StatusOr<vault::Erasure> EraseSubject(const vault::Caller& caller,
                                              const vault::EraseRequest& request) override;
  absl::StatusOr<vault::Subject> UndoErasure(const vault::Caller& caller,
                                             const SubjectTag& subject) override;
  absl::StatusOr<vault::Erasure> OffboardTenant(const vault::Caller& caller,
                                                bool validate_only) override;
  absl::StatusOr<vault::Erasure> GetErasure(const vault::Caller& caller,
                                            const ReceiptTag& receipt) override;
  absl::StatusOr<vault::Subject> RestrictSubject(const vault::Caller& caller,
                                                 const vault::SubjectRef& subject,
                                                 const vault::Restriction& restriction) override;
  absl::StatusOr<vault::Subject> UnrestrictSubject(const vault::Caller& caller,
                                                   const vault::SubjectRef& subject,
                                                   absl::Time informed_time) override;
  absl::StatusOr<std::unique_ptr<vault::Artifact>> AccessReport(
      const vault::Caller& caller, const vault::SubjectRef& subject) override;
  absl::StatusOr<std::unique_ptr<vault::Artifact>> ExportSubject(
      const vault::Caller& caller, const vault::SubjectRef& subject) override;
  absl::StatusOr<std::unique_ptr<vault::Artifact>> CreateBackup(
      const vault::Caller& caller, const vault::BackupRequest& request) override;
  absl::StatusOr<vault::KeyStatus> GetKeyStatus(const vault::Caller& caller) override;
  absl::StatusOr<vault::KeyStatus> RotateRoot(const vault::Caller& caller) override;
  absl::StatusOr<vault::KeyStatus> StepHorizon(const vault::Caller& caller) override;
  absl::StatusOr<vault::KeyStatus> AttestHorizon(const vault::Caller& caller,
                                                 const std::string& key_id) override;
  absl::StatusOr<vault::KeyStatus> RetireHolder(const vault::Caller& caller,
                                                const std::string& name) override;
  void RecordRefusal(const vault::Caller& caller, std::string_view method,
                     const absl::Status& status) override;
  vault::VaultStatus Status() const override;

 private:
  struct Person {
    vault::Subject subject;
    std::vector<vault::Identifier> identifiers;
    std::map<RecordTag, vault::Record> records;
  };

  // Every call passes here first: counts it, waits while held, fails it if told to.
  absl::Status Door(const vault::Caller& caller);
  absl::StatusOr<Person*> Find(const vault::SubjectRef& ref) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  Person& Make(std::span<const vault::Identifier> identifiers)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  vault::Record& Put(Person& person, const vault::NewRecord& record)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  mutable absl::Mutex mutex_;
  SystemRandom random_;
  std::map<SubjectTag, Person> people_ ABSL_GUARDED_BY(mutex_);
  std::map<ReceiptTag, vault::Erasure> erasures_ ABSL_GUARDED_BY(mutex_);
  std::vector<Refusal> refusals_ ABSL_GUARDED_BY(mutex_);
  std::optional<absl::Status> next_failure_ ABSL_GUARDED_BY(mutex_);
  std::vector<std::string> pieces_ ABSL_GUARDED_BY(mutex_){"{\"a\":", "1}"};
  absl::Status artifact_end_ ABSL_GUARDED_BY(mutex_);
  vault::Caller last_caller_ ABSL_GUARDED_BY(mutex_);
  vault::KeyStatus keys_ ABSL_GUARDED_BY(mutex_);
  int calls_ ABSL_GUARDED_BY(mutex_) = 0;
  int held_ ABSL_GUARDED_BY(mutex_) = 0;
  bool closed_ ABSL_GUARDED_BY(mutex_) = false;
  std::atomic<bool> sealed_{false};
};

}  // namespace lethe::test

#endif  // LETHE_TESTS_SERVER_WIRE_FAKE_VAULT_H_
