#include "vault/reports/artifact_calls.h"

#include <algorithm>
#include <utility>

#include "base/status_macros.h"
#include "vault/acts/restriction.h"
#include "vault/model/limits.h"
#include "vault/model/request_rules.h"
#include "vault/records/scan_size.h"

namespace lethe::vault::reports {
namespace {

using memory::SubjectLocks;
using policy::Action;
using records::OpenSubject;

// A step holds the subject's lock: enough for a few pieces, and not for long.
constexpr std::size_t kStepBytesMax = 4 * Artifact::kPieceBytesMax;

// The subject is dead or dying: the document ends here, without its tail.
absl::Status Ended() {
  return Refuse(Reason::kConcurrentChange, "the subject was erased meanwhile", "subject");
}

}  // namespace

absl::StatusOr<std::unique_ptr<Artifact>> ArtifactCalls::AccessReport(const Caller& caller,
                                                                      const SubjectRef& subject) {
  return Begin(caller, subject,
               {audit::Method::kAccessReport, Action::kAccess, NewAccessReportFormat});
}

absl::StatusOr<std::unique_ptr<Artifact>> ArtifactCalls::ExportSubject(const Caller& caller,
                                                                       const SubjectRef& subject) {
  return Begin(caller, subject, {audit::Method::kExport, Action::kExport, NewExportFormat});
}

absl::StatusOr<std::unique_ptr<Artifact>> ArtifactCalls::Begin(const Caller& caller,
                                                               const SubjectRef& subject_ref,
                                                               const Kind& kind) {
  return desk_.Answer(
      desk_.Open(caller, kind.method),
      [&](calls::Call& call) -> absl::StatusOr<std::unique_ptr<Artifact>> {
        LETHE_TRY(desk_.Admit(call, false));
        const bool own_access = kind.action == Action::kAccess;
        LETHE_ASSIGN(const calls::Target target, own_access ? desk_.Resolve(call, subject_ref, true)
                                                            : desk_.Resolve(call, subject_ref));
        SubjectLocks::Shared hold(stores_.locks, target.tag);
        LETHE_ASSIGN(const OpenSubject subject, desk_.Load(call, target));
        LETHE_TRY(desk_.Decide(call, kind.action, FactsOf(subject)));
        LETHE_ASSIGN(ArtifactHead head, HeadOf(subject));
        LETHE_TRY(desk_.CommitRead(call));
        return NewArtifact(kind.format(), std::move(head),
                           [this, caller, tag = subject.tag, kind](const std::string& after) {
                             return Step(caller, tag, kind, after);
                           });
      });
}

absl::StatusOr<ArtifactHead> ArtifactCalls::HeadOf(const OpenSubject& subject) const {
  ArtifactHead head{
      .tenant = subject.tenant->name, .subject = ToSubject(subject), .generated_time = desk_.now()};
  LETHE_ASSIGN(auto identifiers, stores_.identifiers.All(subject));
  for (auto& opened : identifiers) head.identifiers.push_back(std::move(opened.identifier));
  std::ranges::sort(head.identifiers, [](const Identifier& a, const Identifier& b) {
    return std::tie(a.type, a.value) < std::tie(b.type, b.value);
  });
  const records::Act* act = subject.Find(ActKind::kRestriction);
  if (act != nullptr) {
    LETHE_ASSIGN(const Plaintext text, stores_.acts.TextOf(subject, *act));
    LETHE_ASSIGN(Restriction restriction, acts::ReadRestriction(text.bytes()));
    head.restriction = RestrictionInForce{std::move(restriction), act->time};
  }
  LETHE_ASSIGN(const auto scopes, stores_.scopes.All(subject));
  for (const records::Scope& scope : scopes) {
    const policy::Category* category = subject.tenant->policy.FindById(scope.category_id);
    if (category != nullptr && scope.records > 0) head.categories.push_back(category);
    if (subject.header.state != SubjectState::kPartiallyErased) continue;
    LETHE_ASSIGN(auto withheld, withholding_.Of(subject, scope, desk_.now()));
    if (withheld.has_value()) head.withheld.push_back(*std::move(withheld));
  }
  std::ranges::sort(head.categories, {}, &policy::Category::id);
  return head;
}

absl::StatusOr<ArtifactStep> ArtifactCalls::Step(const Caller& caller, const SubjectTag& tag,
                                                 const Kind& kind, const std::string& after) {
  return desk_.Answer(
      desk_.Open(caller, kind.method), [&](calls::Call& call) -> absl::StatusOr<ArtifactStep> {
        LETHE_TRY(desk_.Admit(call, false));
        SubjectLocks::Shared hold(stores_.locks, tag);
        const auto subject = desk_.Load(call, calls::Target{tag});
        const bool erased = ReasonOf(subject.status()) == Reason::kErasureInProgress ||
                            ReasonOf(subject.status()) == Reason::kSubjectErased;
        if (erased) return Ended();
        LETHE_TRY(subject.status());
        LETHE_TRY(desk_.Decide(call, kind.action, FactsOf(*subject)));
        ArtifactStep step{.after = after};
        LETHE_TRY(Collect(call, *subject, kind.action, step));
        call.event.count = static_cast<std::uint32_t>(step.records.size());
        LETHE_TRY(desk_.CommitRead(call));
        return step;
      });
}

absl::Status ArtifactCalls::Collect(const calls::Call& call, const OpenSubject& subject,
                                    Action action, ArtifactStep& step) {
  std::size_t bytes = 0;
  records::ScanSize size;
  while (!step.last && bytes < kStepBytesMax && step.records.size() < limits::kStepRecordsMax) {
    std::string behind = step.after;
    LETHE_ASSIGN(auto page, stores_.records.NextPage(subject, behind, size.rows()));
    size.Saw(page);
    for (storage::Row& row : page.rows) {
      // The rest of the page is read again by the next step: what waits for a slow reader is
      // bounded by bytes, not by rows.
      if (bytes >= kStepBytesMax) return absl::OkStatus();
      step.after = row.key;
      LETHE_ASSIGN(const auto found, stores_.records.Describe(subject, std::move(row)));
      if (!found.has_value()) continue;
      auto record = records_.OpenAllowed(call, subject, action, *found);
      if (data::IsHidden(record.status())) continue;
      LETHE_TRY(record.status());
      bytes += record->data.size();
      step.records.push_back(*std::move(record));
    }
    step.last = page.last;
  }
  return absl::OkStatus();
}

}  // namespace lethe::vault::reports
