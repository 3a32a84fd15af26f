// Access report and export: one decision when they begin, and one for every step and record after
// that, so that an erase or a restriction that comes meanwhile ends them.
#ifndef LETHE_VAULT_REPORTS_ARTIFACT_CALLS_H_
#define LETHE_VAULT_REPORTS_ARTIFACT_CALLS_H_

#include <memory>
#include <string>

#include "vault/data/record_calls.h"
#include "vault/erasure/withholding.h"
#include "vault/model/artifact.h"
#include "vault/model/caller.h"
#include "vault/model/subject.h"
#include "vault/reports/artifact.h"
#include "vault/vault.h"

namespace lethe::vault::reports {

class ArtifactCalls : public virtual Rights {
 public:
  ArtifactCalls(calls::Desk& desk, data::RecordCalls& records,
                const erasure::Withholding& withholding)
      : desk_(desk), stores_(desk.stores), records_(records), withholding_(withholding) {}

  absl::StatusOr<std::unique_ptr<Artifact>> AccessReport(const Caller& caller,
                                                         const SubjectRef& subject) override;
  absl::StatusOr<std::unique_ptr<Artifact>> ExportSubject(const Caller& caller,
                                                          const SubjectRef& subject) override;

 private:
  // Which document.
  struct Kind {
    audit::Method method;
    policy::Action action;
    std::unique_ptr<ArtifactFormat> (*format)();
  };
  absl::StatusOr<std::unique_ptr<Artifact>> Begin(const Caller& caller, const SubjectRef& subject,
                                                  const Kind& kind);
  absl::StatusOr<ArtifactHead> HeadOf(const records::OpenSubject& subject) const;
  // The next records; the event of reading them is in the journal before it returns.
  absl::StatusOr<ArtifactStep> Step(const Caller& caller, const SubjectTag& subject,
                                    const Kind& kind, const std::string& after);
  absl::Status Collect(const calls::Call& call, const records::OpenSubject& subject,
                       policy::Action action, ArtifactStep& step);

  calls::Desk& desk_;
  calls::Stores& stores_;
  data::RecordCalls& records_;
  const erasure::Withholding& withholding_;
};

}  // namespace lethe::vault::reports

#endif  // LETHE_VAULT_REPORTS_ARTIFACT_CALLS_H_
