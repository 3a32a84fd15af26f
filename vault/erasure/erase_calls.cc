#include "vault/erasure/erase_calls.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "base/codec.h"
#include "base/status_macros.h"
#include "vault/calls/body_mac.h"
#include "vault/model/request_rules.h"
#include "vault/rows/derived_keys.h"
#include "vault/rows/etag.h"
#include "vault/rows/row_schema.h"

namespace lethe::vault::erasure {
namespace {

using memory::SubjectLocks;
using policy::Action;
using records::OpenSubject;

absl::Status CheckErase(const EraseRequest& request) {
  if (!IsKnown(request.ground)) {
    return InvalidField("ground", "enum");
  }
  if (!IsKnown(request.initiator)) {
    return InvalidField("initiator", "enum");
  }
  return CheckSubjectRef(request.subject);
}

// What a repeated request is to be told beside the receipt, as long as it is remembered:
//   subject 16 | nonce 32
std::string MemoOf(const Erasure& erasure) {
  return ByteWriter().Raw(erasure.subject.bytes()).Raw(erasure.nonce).Take();
}

absl::Status ReadMemo(std::string_view memo, Erasure& erasure) {
  if (memo.size() != SubjectTag::kBytes + kNonceBytes) {
    return absl::DataLossError("a remembered erase has no memo");
  }
  erasure.subject = SubjectTag::FromBytes(AsBytes(memo.substr(0, SubjectTag::kBytes)));
  erasure.nonce = memo.substr(SubjectTag::kBytes);
  return absl::OkStatus();
}

policy::SubjectFacts FactsFor(const OpenSubject& subject, const EraseRequest& request) {
  policy::SubjectFacts facts = FactsOf(subject);
  facts.initiator = request.initiator;
  return facts;
}

}  // namespace

absl::StatusOr<Erasure> EraseCalls::EraseSubject(const Caller& caller,
                                                 const EraseRequest& request) {
  return desk_.Answer(
      desk_.Open(caller, audit::Method::kErase), [&](calls::Call& call) -> absl::StatusOr<Erasure> {
        LETHE_TRY(desk_.Admit(call, true));
        LETHE_TRY(CheckErase(request));
        if (request.validate_only) return Preview(call, request);
        LETHE_TRY(desk_.Decide(call, Action::kErase, {}));
        LETHE_ASSIGN(const auto once, calls::OnceOnly::Of(desk_, call));
        LETHE_ASSIGN(const auto* before, once.Before(MacOfErase(*call.tenant, request)));
        if (before != nullptr) return Replay(call, *before, request);
        const auto time = call.tenant->policy.EraseTime(desk_.now());
        if (time.has_value()) return Schedule(call, request, *time, once);
        LETHE_ASSIGN(Run run, Begin(call, request, once));
        return RunShred(std::move(run));
      });
}

// The request row outlives the person, so it knows nothing of an identifier; its memo says
// which subject it was.
records::BodyMac EraseCalls::MacOfErase(const tenants::Tenant& tenant,
                                        const EraseRequest& request) {
  return calls::BodyMacOf(TenantRequestKey(tenant.secret),
                          ByteWriter()
                              .U8(static_cast<std::uint8_t>(request.ground))
                              .U8(static_cast<std::uint8_t>(request.initiator))
                              .Short(request.etag)
                              .str());
}

records::RequestRow EraseCalls::RowOf(const tenants::Tenant& tenant, const EraseRequest& request,
                                      const Erasure& erasure) {
  return {.tag = records::TagBytesOf(erasure.receipt.bytes()),
          .body = MacOfErase(tenant, request),
          .memo = MemoOf(erasure)};
}

absl::StatusOr<Erasure> EraseCalls::Replay(calls::Call& call, const records::RequestRow& before,
                                           const EraseRequest& request) {
  const auto receipt = ReceiptTag::FromBytes(before.tag);
  auto found = erasures_.receipts.Find(*call.tenant, receipt);
  if (absl::IsNotFound(found.status())) found = Scheduled(call, receipt);
  LETHE_TRY(found.status());
  Erasure erasure = *std::move(found);
  LETHE_TRY(ReadMemo(before.memo, erasure));
  const auto* tag = std::get_if<SubjectTag>(&request.subject);
  if (tag != nullptr && *tag != erasure.subject) return calls::OtherBody();
  call.About(erasure.subject);
  LETHE_TRY(desk_.CommitRead(call));
  return erasure;
}

absl::StatusOr<OpenSubject> EraseCalls::LoadForErase(calls::Call& call, const calls::Target& target,
                                                     const EraseRequest& request) {
  LETHE_ASSIGN(OpenSubject subject, desk_.Load(call, target));
  LETHE_TRY(desk_.Decide(call, Action::kErase, FactsFor(subject, request)));
  LETHE_TRY(CheckEtag(request.etag, EtagOf(subject.header)));
  return subject;
}

absl::StatusOr<Erasure> EraseCalls::Preview(calls::Call& call, const EraseRequest& request) {
  LETHE_ASSIGN(const calls::Target target, desk_.Resolve(call, request.subject));
  SubjectLocks::Shared hold(stores_.locks, target.tag);
  LETHE_ASSIGN(const OpenSubject subject, LoadForErase(call, target, request));
  LETHE_ASSIGN(const ErasePlan plan, erasures_.withholding.Plan(subject, desk_.now()));
  LETHE_TRY(desk_.CommitRead(call));
  return Eraser::Describe(subject, plan, request, desk_.now());
}

absl::StatusOr<EraseCalls::Run> EraseCalls::Begin(calls::Call& call, const EraseRequest& request,
                                                  const calls::OnceOnly& once) {
  LETHE_ASSIGN(const calls::Target target, desk_.Resolve(call, request.subject));
  SubjectLocks::Exclusive hold(stores_.locks, target.tag);
  LETHE_ASSIGN(OpenSubject subject, LoadForErase(call, target, request));
  LETHE_ASSIGN(const ErasePlan plan, erasures_.withholding.Plan(subject, desk_.now()));
  return Mark(call, subject, plan, request, &once);
}

absl::StatusOr<EraseCalls::Run> EraseCalls::Mark(calls::Call& call, OpenSubject& subject,
                                                 const ErasePlan& plan, const EraseRequest& request,
                                                 const calls::OnceOnly* once,
                                                 const ReceiptTag& receipt) {
  Run run{.tenant = call.tenant};
  run.was_scheduled = subject.header.scheduled;
  run.was_withheld = subject.header.state == SubjectState::kPartiallyErased;
  LETHE_ASSIGN(run.prepared,
               erasures_.eraser.Prepare(subject, plan, request, desk_.now(), receipt));
  const Erasure& erasure = run.prepared.erasure;
  for (const auto& opened : plan.identifiers_gone) {
    run.gone.push_back(stores_.identifier_table.Of(call.tenant->tag, opened.identifier));
  }
  for (const auto& opened : plan.identifiers_kept) {
    run.kept.push_back(stores_.identifier_table.Of(call.tenant->tag, opened.identifier));
  }
  if (once != nullptr) {
    once->RememberUnconditionally(RowOf(*call.tenant, request, erasure),
                                  run.prepared.request.on_commit);
  }
  call.event.categories = erasure.categories_shredded;
  call.event.count = static_cast<std::uint32_t>(erasure.records_shredded);
  if (run.was_scheduled) {
    ScheduledErases::Drop(call.tenant->tag, subject.tag, run.prepared.request.on_commit);
  }
  run.prepared.request.event = call.event;
  run.leaves = run.prepared.request.leaves;
  // From here on nobody gets at what dies: no reader is half-way, and no cache knows it.
  stores_.erasing.Begin(subject.tag);
  stores_.cache.Forget(run.leaves);
  return run;
}

absl::StatusOr<Erasure> EraseCalls::RunShred(Run run) {
  auto outcome = stores_.tree->Shred(std::move(run.prepared.request));
  if (outcome.ok()) {
    Erasure erasure =
        erasures_.receipts.Settle(*run.tenant, run.prepared.erasure, *std::move(outcome));
    End(run, true);
    work_waits_();
    return erasure;
  }
  // A silent holder: the shred will be carried through when it answers, and the subject waits.
  if (IsUnderWay(run)) {
    absl::MutexLock lock(&mutex_);
    unresolved_.push_back(std::move(run));
  } else {
    End(run, false);
  }
  return outcome.status();
}

absl::Status EraseCalls::EraseWhatEnded(const tenants::TenantHandle& tenant,
                                        const SubjectTag& tag) {
  const Caller nobody{.principal = {.tenant = tenant->name}, .tenant = tenant->name};
  calls::Call call{.caller = nobody, .tenant = tenant};
  call.event.method = audit::Method::kErase;
  call.event.tenant = tenant->tag;
  call.About(tag);
  std::optional<Run> run;
  {
    SubjectLocks::Exclusive hold(stores_.locks, tag);
    if (stores_.erasing.Contains(tag)) return absl::OkStatus();
    auto subject = stores_.subjects.Load(*tenant, tag);
    if (absl::IsNotFound(subject.status())) return absl::OkStatus();
    LETHE_TRY(subject.status());
    if (subject->header.state != SubjectState::kPartiallyErased || subject->restricted()) {
      return absl::OkStatus();
    }
    const bool waits =
        subject->header.scheduled && tenant->phase != tenants::TenantPhase::kOffboarding;
    if (waits) return absl::OkStatus();
    LETHE_ASSIGN(const ErasePlan plan, erasures_.withholding.Plan(*subject, desk_.now()));
    const bool all_kept = plan.shredded.empty() && plan.identifiers_gone.empty();
    if (all_kept && !plan.complete()) return absl::OkStatus();
    LETHE_ASSIGN(run, Mark(call, *subject, plan,
                           {.subject = tag, .ground = ErasureGround::kRetentionExpired}, nullptr));
  }
  return RunShred(*std::move(run)).status();
}

bool EraseCalls::IsUnderWay(const Run& run) const {
  return std::ranges::any_of(run.leaves, [&](const Place& leaf) {
    return absl::IsNotFound(stores_.tree->Unwrap(leaf).status());
  });
}

void EraseCalls::End(const Run& run, bool erased) {
  const SubjectTag& subject = run.prepared.erasure.subject;
  SubjectLocks::Exclusive hold(stores_.locks, subject);
  if (erased) {
    stores_.identifier_table.Erase(subject, run.gone, run.kept);
  } else if (!run.was_scheduled) {
    // A scan at start may have passed by while the subject was marked.
    for (const auto& fingerprint : run.gone) {
      stores_.identifier_table.Load(fingerprint, subject, run.was_withheld);
    }
    for (const auto& fingerprint : run.kept) {
      stores_.identifier_table.Load(fingerprint, subject, run.was_withheld);
    }
  }
  stores_.erasing.End(subject);
}

chores::Chore EraseCalls::UnresolvedChore() {
  return {.name = "unresolved-erases",
          .period = absl::ZeroDuration(),
          .step = [this](chores::Round& round) {
            FinishUnresolved(round);
            return false;
          }};
}

void EraseCalls::FinishUnresolved(chores::Round& round) {
  std::vector<Run> runs;
  {
    absl::MutexLock lock(&mutex_);
    runs.swap(unresolved_);
  }
  for (Run& run : runs) {
    // The receipt's row comes with COMMITTED: without it nothing is dead yet.
    const ReceiptTag& tag = run.prepared.erasure.receipt;
    const auto receipt = erasures_.receipts.Find(*run.tenant, tag);
    if (chores::IsBadRow(receipt.status())) {
      round.StepOver({table::kReceipt, row_key::Receipt(run.tenant->tag, tag)}, receipt.status());
    }
    if (receipt.ok()) {
      erasures_.receipts.Settle(*run.tenant, run.prepared.erasure, OutcomeOf(*receipt));
      End(run, true);
    } else if (IsUnderWay(run)) {
      absl::MutexLock lock(&mutex_);
      unresolved_.push_back(std::move(run));
    } else {
      End(run, false);
    }
  }
}

absl::StatusOr<Erasure> EraseCalls::GetErasure(const Caller& caller, const ReceiptTag& receipt) {
  return desk_.Answer(desk_.Open(caller, audit::Method::kGetErasure),
                      [&](calls::Call& call) -> absl::StatusOr<Erasure> {
                        // Of a tenant that is gone, or that another of its name has followed.
                        auto offboarding = erasures_.offboard_receipts.Find(caller, receipt);
                        if (offboarding.ok()) {
                          LETHE_TRY(desk_.CommitRead(call));
                          return offboarding;
                        }
                        LETHE_TRY(desk_.Admit(call, false));
                        LETHE_TRY(desk_.Decide(call, Action::kReadSubject, {}));
                        LETHE_ASSIGN(Erasure erasure,
                                     erasures_.receipts.Find(*call.tenant, receipt));
                        LETHE_TRY(desk_.CommitRead(call));
                        return erasure;
                      });
}

}  // namespace lethe::vault::erasure
