#include "vault/expiry/expiry.h"

#include <algorithm>
#include <utility>

#include "base/reason.h"
#include "base/status_macros.h"
#include "crypto/kdf.h"
#include "storage/scan.h"
#include "vault/calls/bad_row_of.h"
#include "vault/chores/halves.h"
#include "vault/expiry/expired_rows.h"
#include "vault/expiry/retention_mark.h"

namespace lethe::vault::expiry {
namespace {

using memory::SubjectLocks;
using records::OpenSubject;
using records::Period;

// One attempt of the committer; what is left follows in the next round.
constexpr std::size_t kPeriodsPerShred = 8'192;
constexpr std::size_t kActsPerScan = 1'000;
// Nobody reads past an end, so a minute is soon enough for its shred, and a look at all periods
// that live costs little then.
constexpr absl::Duration kSweepEvery = absl::Minutes(1);
constexpr std::size_t kRowsPerScan = 32;  // Bodies come along with a scan, up to 1 MiB each.

std::set<Selector> SelectorsOf(const std::vector<Period>& periods) {
  std::set<Selector> selectors;
  for (const Period& period : periods) selectors.insert(period.selector);
  return selectors;
}

}  // namespace

chores::Chore Expiry::SweepChore() {
  return {.name = "expiry",
          .period = kSweepEvery,
          .step = [this](chores::Round& round) -> absl::StatusOr<bool> {
            LETHE_TRY(Sweep(round));
            return false;
          }};
}

absl::Status Expiry::Sweep(chores::Round& round) {
  LETHE_ASSIGN(const bool trusted, IsClockTrusted(round));
  if (!trusted) return absl::OkStatus();
  stores_.periods.ReviveWhole();
  for (const tenants::TenantHandle& tenant : stores_.tenants.all()) {
    LETHE_TRY(round.Note(SweepTenant(*tenant, round)));
  }
  return absl::OkStatus();
}

// A mark that cannot be read says nothing against the clock, and the next shred writes another.
absl::StatusOr<bool> Expiry::IsClockTrusted(chores::Round& round) const {
  const auto trusted = IsPastRetentionMark(stores_.engine(), round.now());
  if (!chores::IsBadRow(trusted.status())) return trusted;
  round.StepOver({table::kMeta, kRetentionMarkRow}, trusted.status());
  return true;
}

absl::StatusOr<Expiry::Periods> Expiry::EndedOf(const tenants::Tenant& tenant,
                                                chores::Round& round) const {
  LETHE_ASSIGN(Periods ended,
               stores_.periods.Living(tenant, [&](const std::string& key, const absl::Status& why) {
                 round.StepOver({table::kPeriod, key}, why);
               }));
  std::erase_if(ended, [&](const Period& period) {
    const policy::Category& category = *tenant.policy.FindById(period.category_id);
    return records::EndOf(period, category) > round.now() ||
           round.IsPutOff(row_key::TenantSelector(tenant.tag, period.selector));
  });
  return ended;
}

absl::Status Expiry::SweepTenant(const tenants::Tenant& tenant, chores::Round& round) {
  LETHE_ASSIGN(Periods ended, EndedOf(tenant, round));
  if (ended.size() > kPeriodsPerShred) ended.resize(kPeriodsPerShred);
  LETHE_TRY(HoldRestricted(tenant, ended, round));
  if (ended.empty()) return absl::OkStatus();
  stores_.periods.BeginShred(ended);
  // Again, for the acts that came while the first were being held: from here on none finds more.
  const Periods begun = ended;
  const absl::Status status = HoldRestricted(tenant, ended, round);
  if (!status.ok()) ended.clear();
  Periods spared;
  std::ranges::copy_if(begun, std::back_inserter(spared), [&](const Period& period) {
    return !SelectorsOf(ended).contains(period.selector);
  });
  stores_.periods.Revive(spared);
  LETHE_TRY(status);
  return ShredOthers(tenant, ended, round);
}

absl::StatusOr<std::set<SubjectTag>> Expiry::SubjectsWithActs(const tenants::Tenant& tenant,
                                                              chores::Round& round) const {
  std::set<SubjectTag> subjects;
  LETHE_TRY(storage::ForEachRow(
      stores_.engine(), table::kAct, {.prefix = row_key::Tenant(tenant.tag), .after = {}},
      kActsPerScan, [&](const storage::Row& row) {
        if (row.key.size() != TenantTag::kBytes + SubjectTag::kBytes + ActTag::kBytes) {
          round.StepOver({table::kAct, row.key},
                         Refuse(Reason::kDecryptFailed, "an act is nobody's"));
          return absl::OkStatus();
        }
        subjects.insert(
            SubjectTag::FromBytes(AsBytes(row.key).subspan(TenantTag::kBytes, SubjectTag::kBytes)));
        return absl::OkStatus();
      }));
  return subjects;
}

absl::Status Expiry::HoldRestricted(const tenants::Tenant& tenant, Periods& ended,
                                    chores::Round& round) {
  if (ended.empty()) return absl::OkStatus();
  const std::set<Selector> selectors = SelectorsOf(ended);
  LETHE_ASSIGN(const std::set<SubjectTag> subjects, SubjectsWithActs(tenant, round));
  std::set<Selector> spared;
  for (const SubjectTag& subject : subjects) {
    const absl::Status held = HoldSubject(tenant, subject, selectors);
    if (held.ok()) continue;
    if (chores::IsBadRow(held)) {
      round.StepOver(calls::BadRowOf(stores_, tenant, subject), held);
    } else if (ReasonOf(held) != Reason::kErasureInProgress) {
      LETHE_TRY(round.Note(held));
    }
    LETHE_ASSIGN(const std::set<Selector> named, NamedBy(tenant, subject, selectors, round));
    spared.insert(named.begin(), named.end());
  }
  std::erase_if(ended, [&](const Period& period) { return spared.contains(period.selector); });
  return absl::OkStatus();
}

absl::Status Expiry::HoldSubject(const tenants::Tenant& tenant, const SubjectTag& tag,
                                 const std::set<Selector>& selectors) {
  SubjectLocks::Exclusive hold(stores_.locks, tag);
  if (stores_.erasing.Contains(tag)) {
    return Refuse(Reason::kErasureInProgress, "the subject is being erased", {}, "Art. 17");
  }
  const auto subject = stores_.subjects.Load(tenant, tag);
  if (absl::IsNotFound(subject.status())) return absl::OkStatus();
  LETHE_TRY(subject.status());
  if (!subject->restricted()) return absl::OkStatus();
  std::string after;
  while (true) {
    LETHE_ASSIGN(auto page, stores_.records.NextPage(*subject, after, kRowsPerScan));
    storage::Batch change;
    for (storage::Row& row : page.rows) {
      LETHE_ASSIGN(const auto found, stores_.records.Describe(*subject, std::move(row)));
      const bool concerned = found.has_value() && selectors.contains(found->parsed.header.period);
      if (!concerned) continue;
      LETHE_TRY(stores_.records.Hold(*subject, *found, change));
    }
    if (!change.empty()) {
      audit::Event event{.method = audit::Method::kSystem, .tenant = tenant.tag, .subjects = {tag}};
      event.rule = "Art. 18";
      event.count = static_cast<std::uint32_t>(change.operations().size());
      // On disk before the shred's PREPARED, which may come next.
      LETHE_TRY(stores_.journal
                    ->Commit({std::move(event)}, std::move(change), storage::Durability::kSynced,
                             storage::Room::kReserve)
                    .status());
    }
    if (page.last) return absl::OkStatus();
  }
}

absl::StatusOr<std::set<Selector>> Expiry::NamedBy(const tenants::Tenant& tenant,
                                                   const SubjectTag& tag,
                                                   const std::set<Selector>& selectors,
                                                   chores::Round& round) const {
  std::set<Selector> named;
  LETHE_TRY(storage::ForEachRow(stores_.engine(), table::kRecord,
                                {.prefix = row_key::Subject(tenant.tag, tag), .after = {}},
                                kRowsPerScan, [&](const storage::Row& row) {
                                  const auto record = records::ReadRecordRow(AsBytes(row.value));
                                  if (!record.ok()) {
                                    // It may be of any of them.
                                    named = selectors;
                                    round.StepOver({table::kRecord, row.key}, record.status());
                                  } else if (selectors.contains(record->header.period)) {
                                    named.insert(record->header.period);
                                  }
                                  return absl::OkStatus();
                                }));
  return named;
}

absl::Status Expiry::ShredOthers(const tenants::Tenant& tenant, const Periods& ended,
                                 chores::Round& round) {
  return chores::DoWithoutBad<Period>(
      ended, [&](std::span<const Period> some) { return Shred(tenant, some, round.now()); },
      [&](const Period& period, const absl::Status& why) {
        const std::string key = row_key::TenantSelector(tenant.tag, period.selector);
        const auto beside = chores::BadLeafBeside(stores_.engine(), *stores_.tree, period.leaf);
        round.StepOver(beside.value_or(chores::RowName{table::kPeriod, key}), why);
        round.PutOff(key);
        stores_.periods.Revive({&period, 1});
      });
}

absl::Status Expiry::Shred(const tenants::Tenant& tenant, std::span<const Period> ended,
                           absl::Time now) {
  LETHE_ASSIGN(Erasure erasure, Describe(tenant, ended, now));
  keytree::ShredRequest request;
  for (const Period& period : ended) {
    request.leaves.push_back(period.leaf);
    records::PeriodStore::PutTombstone(tenant, period, request.on_commit);
  }
  ExpiredRows::RequestClearing(tenant.tag, stores_.random, request.on_commit);
  PutRetentionMark(now, request.on_commit);
  receipts_.PutFacts(tenant, erasure, request.on_commit);
  request.facts = erasure::ShredFacts(erasure);
  request.statement = receipts_.StatementMaker(tenant, erasure);
  request.event = {.method = audit::Method::kSystem, .tenant = tenant.tag};
  request.event.categories = erasure.categories_shredded;
  request.event.rule = "category.period";
  request.event.count = static_cast<std::uint32_t>(ended.size());
  // On an error they are still whole, and the next sweep revives them; or a silent holder keeps the
  // shred waiting, and they stay dying until it is carried through.
  LETHE_ASSIGN(keytree::ShredOutcome outcome, stores_.tree->Shred(std::move(request)));
  receipts_.Settle(tenant, std::move(erasure), std::move(outcome));
  return absl::OkStatus();
}

// The records of a period are not counted: that would cost what the one commit saves.
absl::StatusOr<Erasure> Expiry::Describe(const tenants::Tenant& tenant,
                                         std::span<const Period> ended, absl::Time now) const {
  Erasure erasure;
  erasure.receipt = ReceiptTag::Draw(stores_.random);
  erasure.ground = ErasureGround::kRetentionExpired;
  erasure.erase_time = now;
  std::set<std::string> categories;
  for (const Period& period : ended) {
    categories.insert(tenant.policy.FindById(period.category_id)->name);
    const absl::StatusOr<Secret> secret = stores_.tree->Unwrap(period.leaf);
    // A row that lives names a leaf that is not there.
    if (absl::IsNotFound(secret.status())) {
      return Refuse(Reason::kLeafLost, "a period's secret is missing");
    }
    LETHE_TRY(secret.status());
    erasure.key_commitments.emplace_back(AsText(crypto::Commit(*secret)));
  }
  erasure.categories_shredded.assign(categories.begin(), categories.end());
  return erasure;
}

}  // namespace lethe::vault::expiry
