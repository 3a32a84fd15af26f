#include "vault/offboarding/offboarding.h"

#include <algorithm>
#include <utility>
#include <variant>

#include "base/status_macros.h"
#include "crypto/kdf.h"
#include "storage/scan.h"
#include "vault/calls/bad_row_of.h"
#include "vault/offboarding/gone_tenants.h"

namespace lethe::vault::offboarding {
namespace {

using tenants::Tenant;
using tenants::TenantHandle;
using tenants::TenantPhase;

// Longer than a step of a stream or a put; an erase that waits for a silent holder takes longer.
constexpr absl::Duration kPatience = absl::Seconds(10);
// Each costs a shred of its own.
constexpr std::size_t kSubjectsPerStep = 16;
// What a duty keeps ends at midnights; once an hour is soon enough for a look at everybody.
constexpr absl::Duration kWalkEvery = absl::Hours(1);
constexpr std::size_t kRowsPerScan = 1'000;

bool IsLiving(const storage::Engine& engine, const std::string& subject_key) {
  const auto row = engine.Get(table::kSubject, subject_key);
  if (!row.ok()) return !absl::IsNotFound(row.status());
  const auto read = records::ReadSubjectRow(AsBytes(*row));
  return !read.ok() || std::holds_alternative<records::LivingSubject>(*read);
}

absl::StatusOr<absl::flat_hash_set<SubjectTag>> SubjectsOf(const storage::Engine& engine,
                                                           const TenantTag& tenant) {
  absl::flat_hash_set<SubjectTag> subjects;
  LETHE_TRY(storage::ForEachRow(
      engine, table::kSubject, {.prefix = row_key::Tenant(tenant), .after = {}}, kRowsPerScan,
      [&](const storage::Row& row) {
        subjects.insert(SubjectTag::FromBytes(AsBytes(row.key).last(SubjectTag::kBytes)));
        return absl::OkStatus();
      }));
  return subjects;
}

}  // namespace

absl::StatusOr<Erasure> Offboarding::OffboardTenant(const Caller& caller, bool validate_only) {
  if (stores_.tenants.Find(caller.tenant) == nullptr) {
    auto before = erasures_.offboard_receipts.Last(caller);  // It is done; the same answer again.
    if (before.ok()) return before;
  }
  return desk_.Answer(desk_.Open(caller, audit::Method::kOffboardTenant),
                      [&](calls::Call& call) -> absl::StatusOr<Erasure> {
                        LETHE_TRY(desk_.Admit(call, true));
                        LETHE_TRY(desk_.Decide(call, policy::Action::kErase, {}));
                        LETHE_TRY(CheckUnrestricted(*call.tenant));
                        LETHE_ASSIGN(Plan plan, PlanFor(*call.tenant, desk_.now()));
                        if (validate_only) {
                          LETHE_TRY(desk_.CommitRead(call));
                          return Describe(*call.tenant, plan, desk_.now());
                        }
                        LETHE_ASSIGN(Tenant tenant,
                                     stores_.tenants.Withdraw(std::move(call.tenant), kPatience));
                        // Nobody else is in now: what came in while the first plan was made is
                        // seen.
                        absl::Status status = CheckUnrestricted(tenant);
                        auto last_plan = PlanFor(tenant, desk_.now());
                        status.Update(last_plan.status());
                        if (status.ok())
                          return RunShred(std::move(tenant), *std::move(last_plan), call.event);
                        stores_.tenants.PutBack(std::move(tenant));
                        return status;
                      });
}

absl::Status Offboarding::CheckUnrestricted(const Tenant& tenant) const {
  LETHE_ASSIGN(const auto subjects, stores_.acts.SubjectsWithActs(tenant.tag));
  for (const SubjectTag& tag : subjects) {
    memory::SubjectLocks::Shared hold(stores_.locks, tag);
    // One that is being erased is restricted until that is done.
    bool restricted = stores_.erasing.Contains(tag);
    if (!restricted) {
      const auto subject = stores_.subjects.Load(tenant, tag);
      if (absl::IsNotFound(subject.status())) continue;
      LETHE_TRY(subject.status());
      restricted = subject->restricted();
    }
    if (restricted) {
      return Refuse(Reason::kProcessingRestricted, "processing is restricted", {}, "Art. 18");
    }
  }
  return absl::OkStatus();
}

// A duty keeps a category as long as one of its periods has its end ahead. Where the end does not
// hang on the origin, only a look at each subject tells, and the housekeeper takes it.
absl::StatusOr<Offboarding::Plan> Offboarding::PlanFor(const Tenant& tenant, absl::Time now) const {
  std::map<std::uint32_t, absl::Time> ends;
  // A damaged period keeps nothing; what a later version wrote may.
  absl::Status of_later_version;
  LETHE_ASSIGN(const auto periods,
               stores_.periods.Living(tenant, [&](const auto&, const absl::Status& why) {
                 if (!absl::IsDataLoss(why)) of_later_version.Update(why);
               }));
  LETHE_TRY(of_later_version);
  for (const records::Period& period : periods) {
    const policy::Category& category = *tenant.policy.FindById(period.category_id);
    const absl::Time end = records::EndOf(period, category);
    if (end <= now) continue;
    absl::Time& last = ends.try_emplace(category.id, end).first->second;
    last = std::max(last, end);
  }
  Plan plan;
  for (const policy::Category& category : tenant.policy.categories()) {
    if (!tenant.scopes.contains(category.id)) continue;
    const auto end = ends.find(category.id);
    const bool kept = category.legal_obligation.has_value() &&
                      (!category.counts_from_creation() || end != ends.end());
    if (!kept) {
      plan.dead.push_back(category.id);
      continue;
    }
    Withheld withheld{.category = category.name, .reference = category.legal_obligation->reference};
    if (end != ends.end()) withheld.until = end->second;
    plan.withheld.push_back(std::move(withheld));
  }
  return plan;
}

Erasure Offboarding::Describe(const Tenant& tenant, const Plan& plan, absl::Time now) {
  Erasure erasure;
  erasure.ground = ErasureGround::kNotNecessary;
  erasure.erase_time = now;
  erasure.withheld = plan.withheld;
  for (const std::uint32_t id : plan.dead) {
    erasure.categories_shredded.push_back(tenant.policy.FindById(id)->name);
  }
  return erasure;
}

absl::StatusOr<Erasure> Offboarding::RunShred(Tenant tenant, Plan plan, audit::Event event) {
  Run run{.tenant = std::move(tenant), .plan = std::move(plan)};
  run.erasure = Describe(run.tenant, run.plan, desk_.now());
  run.erasure.receipt = ReceiptTag::Draw(stores_.random);
  if (run.plan.complete()) {
    auto subjects = SubjectsOf(stores_.engine(), run.tenant.tag);
    if (!subjects.ok()) {
      stores_.tenants.PutBack(std::move(run.tenant));
      return subjects.status();
    }
    run.subjects = *std::move(subjects);
  }
  keytree::ShredRequest request = RequestFor(run, std::move(event));
  const std::vector<Place> leaves = request.leaves;
  stores_.cache.Clear();
  const auto outcome = stores_.tree->Shred(std::move(request));
  if (outcome.ok()) return End(std::move(run), erasure::ReceiptStore::OutcomeFrom(*outcome));
  const bool under_way = std::ranges::any_of(leaves, [&](const Place& leaf) {
    return absl::IsNotFound(stores_.tree->Unwrap(leaf).status());
  });
  if (under_way) {
    // A silent holder: it will be carried through, and the tenant stays out of reach until then.
    absl::MutexLock lock(&mutex_);
    unresolved_.push_back(std::move(run));
  } else {
    stores_.tenants.PutBack(std::move(run.tenant));
  }
  return outcome.status();
}

keytree::ShredRequest Offboarding::RequestFor(Run& run, audit::Event event) const {
  keytree::ShredRequest request;
  const Tenant& tenant = run.tenant;
  const auto shred = [&](const Place& leaf, const Secret& secret) {
    request.leaves.push_back(leaf);
    run.erasure.key_commitments.emplace_back(AsText(crypto::Commit(secret)));
  };
  for (const std::uint32_t id : run.plan.dead) {
    const Tenant::Scope& scope = tenant.scopes.at(id);
    shred(scope.leaf, scope.secret);
    request.on_commit.Delete(
        table::kTenantScope,
        row_key::TenantSelector(tenant.tag, tenants::TenantScopeSelector(tenant.secret, id)));
  }
  if (run.plan.complete()) {
    shred(tenant.leaf, tenant.secret);
    request.on_commit.Put(table::kTenant, row_key::Tenant(tenant.tag),
                          tenants::EncodeTenantTombstone());
    tenants::DropOffboardingMark(tenant.tag, request.on_commit);
    GoneTenants::RequestClearing(tenant.tag, request.on_commit);
  } else {
    tenants::PutOffboardingMark(tenant.tag, request.on_commit);
  }
  erasures_.receipts.PutFacts(erasures_.offboard_receipts.StandInFor(tenant.name), run.erasure,
                              request.on_commit);
  request.facts = erasure::ShredFacts(run.erasure);
  event.categories = run.erasure.categories_shredded;
  request.event = std::move(event);
  return request;
}

absl::StatusOr<Erasure> Offboarding::End(Run run, const erasure::Outcome& outcome) {
  const Tenant receipts_of = erasures_.offboard_receipts.StandInFor(run.tenant.name);
  if (run.plan.complete()) {
    stores_.identifier_table.EraseAll(run.subjects);
    stores_.tenants.Remove(run.tenant);
  } else {
    for (const std::uint32_t id : run.plan.dead) run.tenant.scopes.erase(id);
    run.tenant.phase = TenantPhase::kOffboarding;
    stores_.tenants.PutBack(std::move(run.tenant));
  }
  return erasures_.receipts.Settle(receipts_of, std::move(run.erasure), outcome);
}

void Offboarding::FinishUnresolved(chores::Round& round) {
  std::vector<Run> runs;
  {
    absl::MutexLock lock(&mutex_);
    runs.swap(unresolved_);
  }
  for (Run& run : runs) {
    // The receipt's row comes with COMMITTED: without it nothing is dead yet.
    const auto receipt = erasures_.receipts.Find(
        erasures_.offboard_receipts.StandInFor(run.tenant.name), run.erasure.receipt);
    if (chores::IsBadRow(receipt.status())) {
      round.StepOver({table::kReceipt, row_key::Receipt({}, run.erasure.receipt)},
                     receipt.status());
    }
    const Place leaf =
        run.plan.complete() ? run.tenant.leaf : run.tenant.scopes.at(run.plan.dead.front()).leaf;
    if (receipt.ok()) {
      (void)End(std::move(run), erasure::OutcomeOf(*receipt));
    } else if (absl::IsNotFound(stores_.tree->Unwrap(leaf).status())) {
      absl::MutexLock lock(&mutex_);
      unresolved_.push_back(std::move(run));
    } else {
      stores_.tenants.PutBack(std::move(run.tenant));
    }
  }
}

chores::Chore Offboarding::WalkChore() {
  return {.name = "offboarding",
          .period = absl::ZeroDuration(),
          .step = [this](chores::Round& round) { return Step(round); }};
}

absl::StatusOr<bool> Offboarding::Step(chores::Round& round) {
  FinishUnresolved(round);
  bool more = false;
  for (TenantHandle& tenant : stores_.tenants.all()) {
    if (tenant->phase != TenantPhase::kOffboarding) continue;
    const auto more_of_it = StepTenant(std::move(tenant), round);
    LETHE_TRY(round.Note(more_of_it.status()));
    more = more || more_of_it.value_or(false);
  }
  return more;
}

absl::StatusOr<bool> Offboarding::StepTenant(TenantHandle tenant, chores::Round& round) {
  Walk& walk = walks_[tenant->tag];
  const std::string name = row_key::Tenant(tenant->tag);
  const bool again = walk.any_bad && round.retries() && !round.IsPutOff(name);
  if (round.now() < walk.not_before && !again) return false;
  if (round.now() < walk.not_before) walk = Walk();
  storage::Range range{.prefix = name, .after = walk.after};
  LETHE_ASSIGN(const auto page,
               storage::NextPage(stores_.engine(), table::kSubject, range, kSubjectsPerStep));
  for (const storage::Row& row : page.rows) LETHE_TRY(EraseOne(tenant, row, walk, round));
  walk.after = range.after;
  if (!page.last) return true;
  const bool any_left = walk.any_left;
  walk = Walk{.not_before = round.now() + kWalkEvery, .any_bad = walk.any_bad};
  round.PutOff(name);
  if (any_left) return false;
  const absl::Status finished = FinishTenant(std::move(tenant));
  if (!chores::IsBadRow(finished)) return finished.ok() ? absl::StatusOr<bool>(false) : finished;
  walk.any_bad = true;
  round.StepOver({table::kTenant, name}, finished);
  return false;
}

// One that cannot be erased now is met again on the next walk.
absl::Status Offboarding::EraseOne(const TenantHandle& tenant, const storage::Row& row, Walk& walk,
                                   chores::Round& round) {
  if (!IsLiving(stores_.engine(), row.key)) return absl::OkStatus();
  const auto subject = SubjectTag::FromBytes(AsBytes(row.key).last(SubjectTag::kBytes));
  const absl::Status status = erases_.EraseWhatEnded(tenant, subject);
  walk.any_left = walk.any_left || IsLiving(stores_.engine(), row.key);
  if (!chores::IsBadRow(status)) return round.Note(status);
  walk.any_bad = true;
  round.StepOver(calls::BadRowOf(stores_, *tenant, subject), status);
  return absl::OkStatus();
}

// Nobody is left, so no duty keeps anything.
absl::Status Offboarding::FinishTenant(TenantHandle tenant) {
  Plan plan;
  for (const auto& [id, scope] : tenant->scopes) plan.dead.push_back(id);
  const audit::Event event{.method = audit::Method::kSystem, .tenant = tenant->tag};
  LETHE_ASSIGN(Tenant taken, stores_.tenants.Withdraw(std::move(tenant), kPatience));
  return RunShred(std::move(taken), std::move(plan), event).status();
}

}  // namespace lethe::vault::offboarding
