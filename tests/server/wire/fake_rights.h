// A made-up Rights facet over the people of the made-up Data.
#ifndef LETHE_TESTS_SERVER_WIRE_FAKE_RIGHTS_H_
#define LETHE_TESTS_SERVER_WIRE_FAKE_RIGHTS_H_

#include <map>

#include "tests/server/wire/fake_shared.h"
#include "vault/vault.h"

namespace lethe::test {

// Thread-safe.
class FakeRights final : public vault::Rights {
 public:
  explicit FakeRights(FakeShared& shared) : shared_(shared) {}

  absl::StatusOr<vault::Erasure> EraseSubject(const vault::Caller& caller,
                                              const vault::EraseRequest& request) override;
  absl::StatusOr<vault::Subject> UndoErasure(const vault::Caller& caller,
                                             const SubjectTag& subject) override;
  absl::StatusOr<vault::Erasure> OffboardTenant(const vault::Caller& caller,
                                                bool validate_only) override;
  absl::StatusOr<vault::Erasure> GetErasure(const vault::Caller& caller,
                                            const ReceiptTag& receipt) override;
  absl::StatusOr<vault::Subject> BeginAct(const vault::Caller& caller,
                                          const vault::SubjectRef& subject,
                                          const vault::Declaration& act) override;
  absl::StatusOr<vault::Subject> EndAct(const vault::Caller& caller,
                                        const vault::SubjectRef& subject,
                                        const vault::ActEnd& end) override;
  absl::StatusOr<std::unique_ptr<vault::Artifact>> AccessReport(
      const vault::Caller& caller, const vault::SubjectRef& subject) override;
  absl::StatusOr<std::unique_ptr<vault::Artifact>> ExportSubject(
      const vault::Caller& caller, const vault::SubjectRef& subject) override;

 private:
  FakeShared& shared_;
  std::map<ReceiptTag, vault::Erasure> erasures_ ABSL_GUARDED_BY(shared_.mutex);
};

}  // namespace lethe::test

#endif  // LETHE_TESTS_SERVER_WIRE_FAKE_RIGHTS_H_
