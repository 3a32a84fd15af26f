// EraseCalls: the undo window. From the answer on the subject is refused to everybody and its
// identifiers are free; the erase itself runs when the window ends.
#include <algorithm>
#include <optional>
#include <utility>

#include "base/status_macros.h"
#include "vault/calls/bad_row_of.h"
#include "vault/erasure/erase_calls.h"
#include "vault/rows/row_schema.h"

namespace lethe::vault::erasure {
namespace {

using memory::SubjectLocks;
using policy::Action;
using records::OpenSubject;

// Each costs a shred of its own.
constexpr std::size_t kErasesPerStep = 16;

}  // namespace

absl::StatusOr<Erasure> EraseCalls::Schedule(calls::Call& call, const EraseRequest& request,
                                             absl::Time time, const calls::OnceOnly& once) {
  LETHE_ASSIGN(const calls::Target target, desk_.Resolve(call, request.subject));
  SubjectLocks::Exclusive hold(stores_.locks, target.tag);
  LETHE_ASSIGN(OpenSubject subject, LoadForErase(call, target, request));
  LETHE_ASSIGN(const ErasePlan plan, erasures_.withholding.Plan(subject, desk_.now()));
  Erasure erasure = Eraser::Describe(subject, plan, request, time);
  erasure.receipt = ReceiptTag::Draw(stores_.random);
  erasure.nonce = Eraser::NonceOf(subject, erasure.receipt);
  erasure.scheduled_time = time;
  records::Change change;
  subject.header.scheduled = true;
  stores_.subjects.Put(subject, change.batch);
  ScheduledErases::Put({.tenant = call.tenant->tag,
                        .subject = subject.tag,
                        .time = time,
                        .ground = request.ground,
                        .initiator = request.initiator,
                        .receipt = erasure.receipt},
                       change.batch);
  once.Remember(RowOf(*call.tenant, request, erasure), change.batch);
  LETHE_TRY(desk_.Commit(call, change, storage::Durability::kSynced, storage::Room::kReserve));
  std::vector<memory::IdentifierTable::Fingerprint> free;
  for (const auto* some : {&plan.identifiers_gone, &plan.identifiers_kept}) {
    for (const auto& opened : *some) {
      free.push_back(stores_.identifier_table.Of(call.tenant->tag, opened.identifier));
    }
  }
  stores_.identifier_table.Erase(subject.tag, free, {});
  return erasure;
}

absl::StatusOr<Erasure> EraseCalls::Scheduled(const calls::Call& call,
                                              const ReceiptTag& receipt) const {
  LETHE_ASSIGN(const auto found, ScheduledErases(stores_.engine()).Find(call.tenant->tag, receipt));
  if (!found.has_value()) return Refuse(Reason::kResourceNotFound, "no such receipt");
  Erasure erasure;
  erasure.receipt = receipt;
  erasure.subject = found->subject;
  erasure.ground = found->ground;
  erasure.erase_time = found->time;
  erasure.scheduled_time = found->time;
  return erasure;
}

chores::Chore EraseCalls::ScheduledChore() {
  return {.name = "scheduled-erases",
          .period = absl::ZeroDuration(),
          .step = [this](chores::Round& round) { return RunScheduled(round); }};
}

absl::StatusOr<bool> EraseCalls::RunScheduled(chores::Round& round) {
  LETHE_ASSIGN(
      const auto all,
      ScheduledErases(stores_.engine()).All([&](const std::string& key, const absl::Status& why) {
        round.StepOver({table::kMeta, key}, why);
      }));
  std::size_t run = 0;
  for (const ScheduledErase& scheduled : all) {
    const tenants::TenantHandle tenant = stores_.tenants.Find(scheduled.tenant);
    std::string key = ScheduledErases::KeyOf(scheduled.tenant, scheduled.subject);
    const bool waits = scheduled.time > round.now() || tenant == nullptr || round.IsPutOff(key) ||
                       stores_.erasing.Contains(scheduled.subject);
    if (waits) continue;
    if (run++ == kErasesPerStep) return true;
    const absl::Status status = RunOneScheduled(tenant, scheduled);
    if (status.ok()) continue;
    // One that cannot be erased must not keep the others alive.
    if (chores::IsBadRow(status)) {
      round.StepOver(calls::BadRowOf(stores_, *tenant, scheduled.subject), status);
    } else if (absl::IsNotFound(status)) {
      round.StepOver({table::kMeta, key}, status);  // Of nobody.
    } else {
      LETHE_TRY(round.Note(status));
    }
    round.PutOff(std::move(key));
  }
  return false;
}

absl::Status EraseCalls::RunOneScheduled(const tenants::TenantHandle& tenant,
                                         const ScheduledErase& scheduled) {
  const Caller nobody{.principal = {.tenant = tenant->name}, .tenant = tenant->name};
  calls::Call call{.caller = nobody, .tenant = tenant};
  call.event.method = audit::Method::kErase;
  call.event.tenant = tenant->tag;
  call.About(scheduled.subject);
  std::optional<Run> run;
  {
    SubjectLocks::Exclusive hold(stores_.locks, scheduled.subject);
    if (stores_.erasing.Contains(scheduled.subject)) return absl::OkStatus();
    auto subject = stores_.subjects.Load(*tenant, scheduled.subject);
    LETHE_TRY(subject.status());
    if (!subject->header.scheduled) {
      return Refuse(Reason::kDecryptFailed, "an erasure is due of a subject that does not know it");
    }
    LETHE_ASSIGN(const ErasePlan plan, erasures_.withholding.Plan(*subject, desk_.now()));
    LETHE_ASSIGN(run, Mark(call, *subject, plan,
                           {.subject = scheduled.subject,
                            .ground = scheduled.ground,
                            .initiator = scheduled.initiator},
                           nullptr, scheduled.receipt));
  }
  return RunShred(*std::move(run)).status();
}

absl::StatusOr<Subject> EraseCalls::UndoErasure(const Caller& caller, const SubjectTag& subject) {
  return desk_.Answer(desk_.Open(caller, audit::Method::kUndoErasure),
                      [&](calls::Call& call) -> absl::StatusOr<Subject> {
                        LETHE_TRY(desk_.Admit(call, true));
                        LETHE_TRY(desk_.Decide(call, Action::kErase, {}));
                        LETHE_TRY(stores_.identifier_table.CheckComplete());
                        Subject after;
                        auto lost = [&] {
                          SubjectLocks::Exclusive hold(stores_.locks, subject);
                          return UndoOnce(call, subject, after);
                        }();
                        LETHE_TRY(lost.status());
                        // The rows are gone; their leaves go before the answer. A crash in between
                        // finds them doomed.
                        if (!lost->empty()) LETHE_TRY(stores_.doomed.Shred(*lost).status());
                        return after;
                      });
}

// The leaves of the identifiers that somebody else has by now.
absl::StatusOr<std::vector<Place>> EraseCalls::UndoOnce(calls::Call& call, const SubjectTag& tag,
                                                        Subject& after) {
  if (stores_.erasing.Contains(tag)) {
    return Refuse(Reason::kErasureInProgress, "the subject is being erased", {}, "Art. 17");
  }
  LETHE_ASSIGN(OpenSubject subject, stores_.subjects.Load(*call.tenant, tag));
  call.About(tag);
  if (!subject.header.scheduled) {
    return Refuse(Reason::kResourceNotFound, "no erasure of the subject is scheduled");
  }
  LETHE_ASSIGN(const auto identifiers, stores_.identifiers.All(subject));
  const bool withheld = subject.header.state == SubjectState::kPartiallyErased;
  records::Change change;
  std::vector<memory::IdentifierTable::Reservation> kept;
  std::vector<Place> lost;
  for (const auto& opened : identifiers) {
    if (withheld) continue;
    auto mine = stores_.identifier_table.Reserve(
        {stores_.identifier_table.Of(call.tenant->tag, opened.identifier)});
    if (mine.ok()) {
      kept.push_back(*std::move(mine));
      continue;
    }
    if (ReasonOf(mine.status()) != Reason::kIdentifierTaken) return mine.status();
    stores_.identifiers.Remove(subject, opened.row, change.batch);
    stores_.doomed.Mark(opened.leaf, desk_.now(), change.batch);
    --subject.header.identifiers;
    lost.push_back(opened.leaf);
  }
  subject.header.scheduled = false;
  stores_.subjects.Put(subject, change.batch);
  ScheduledErases::Drop(call.tenant->tag, tag, change.batch);
  LETHE_TRY(desk_.Commit(call, change));
  for (auto& reservation : kept) std::move(reservation).Publish(tag);
  if (withheld) {
    for (const auto& opened : identifiers) {
      stores_.identifier_table.Load(
          stores_.identifier_table.Of(call.tenant->tag, opened.identifier), tag, true);
    }
  }
  after = ToSubject(subject);
  return lost;
}

}  // namespace lethe::vault::erasure
