#include "vault/expiry/expiry.h"

#include <algorithm>
#include <utility>

#include "base/reason.h"
#include "base/status_macros.h"
#include "crypto/kdf.h"
#include "vault/expiry/expired_rows.h"
#include "vault/expiry/retention_mark.h"

namespace lethe::vault::expiry {
namespace {

using records::OpenSubject;
using records::Period;
using records::SubjectLocks;

// One attempt of the committer; what is left follows in the next round.
constexpr std::size_t kPeriodsPerShred = 8'192;
constexpr std::size_t kRowsPerScan = 32;  // Bodies come along with a scan, up to 1 MiB each.

std::set<Selector> SelectorsOf(const std::vector<Period>& periods) {
  std::set<Selector> selectors;
  for (const Period& period : periods) selectors.insert(period.selector);
  return selectors;
}

}  // namespace

absl::Status Expiry::Sweep(absl::Time now) {
  LETHE_ASSIGN(const bool trusted, IsPastRetentionMark(stores_.engine(), now));
  if (!trusted) return absl::OkStatus();
  stores_.periods.ReviveWhole();
  absl::Status all = absl::OkStatus();
  for (const records::TenantHandle& tenant : stores_.tenants.all())
    all.Update(SweepTenant(*tenant, now));
  return all;
}

absl::Status Expiry::SweepTenant(const records::Tenant& tenant, absl::Time now) {
  LETHE_ASSIGN(Periods ended, stores_.periods.Living(tenant));
  std::erase_if(ended, [&](const Period& period) {
    return records::EndOf(period, *tenant.policy.FindById(period.category_id), tenant.policy) > now;
  });
  if (ended.size() > kPeriodsPerShred) ended.resize(kPeriodsPerShred);
  LETHE_TRY(HoldRestricted(tenant, ended));
  if (ended.empty()) return absl::OkStatus();
  stores_.periods.BeginShred(ended);
  // Again, for the acts that came while the first were being held: from here on none finds more.
  const Periods begun = ended;
  absl::Status status = HoldRestricted(tenant, ended);
  if (!status.ok()) ended.clear();
  Periods spared;
  std::ranges::copy_if(begun, std::back_inserter(spared), [&](const Period& period) {
    return !SelectorsOf(ended).contains(period.selector);
  });
  stores_.periods.Revive(spared);
  LETHE_TRY(status);
  return ended.empty() ? absl::OkStatus() : Shred(tenant, ended, now);
}

absl::Status Expiry::HoldRestricted(const records::Tenant& tenant, Periods& ended) {
  if (ended.empty()) return absl::OkStatus();
  const std::set<Selector> selectors = SelectorsOf(ended);
  LETHE_ASSIGN(const std::set<SubjectTag> subjects, stores_.acts.SubjectsWithActs(tenant.tag));
  std::set<Selector> spared;
  for (const SubjectTag& subject : subjects) {
    if (HoldSubject(tenant, subject, selectors).ok()) continue;
    LETHE_ASSIGN(const std::set<Selector> named, NamedBy(tenant, subject, selectors));
    spared.insert(named.begin(), named.end());
  }
  std::erase_if(ended, [&](const Period& period) { return spared.contains(period.selector); });
  return absl::OkStatus();
}

absl::Status Expiry::HoldSubject(const records::Tenant& tenant, const SubjectTag& tag,
                                 const std::set<Selector>& selectors) {
  SubjectLocks::Exclusive hold(stores_.locks, tag);
  if (stores_.erasing.Contains(tag)) {
    return Refuse(Reason::kErasureInProgress, "the subject is being erased", {}, "Art. 17");
  }
  const auto subject = stores_.subjects.Load(tenant, tag);
  if (absl::IsNotFound(subject.status())) return absl::OkStatus();
  LETHE_TRY(subject.status());
  if (!subject->restricted()) return absl::OkStatus();
  storage::Range range{.prefix = subject->row_key, .after = {}};
  while (true) {
    LETHE_ASSIGN(auto rows, stores_.records.Scan(*subject, range.after, kRowsPerScan));
    const bool last = rows.size() < kRowsPerScan;
    if (!rows.empty()) range.after = rows.back().key;
    storage::Batch change;
    for (storage::Row& row : rows) {
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
    if (last) return absl::OkStatus();
  }
}

absl::StatusOr<std::set<Selector>> Expiry::NamedBy(const records::Tenant& tenant,
                                                   const SubjectTag& tag,
                                                   const std::set<Selector>& selectors) const {
  std::set<Selector> named;
  storage::Range range{.prefix = row_key::Subject(tenant.tag, tag), .after = {}};
  while (true) {
    LETHE_ASSIGN(const auto rows, stores_.engine().Scan(table::kRecord, range, kRowsPerScan));
    for (const storage::Row& row : rows) {
      const auto record = records::ReadRecordRow(AsBytes(row.value));
      // One that cannot even be read may be of any of them.
      if (!record.ok()) return selectors;
      if (selectors.contains(record->header.period)) named.insert(record->header.period);
    }
    if (rows.size() < kRowsPerScan) return named;
    range.after = rows.back().key;
  }
}

absl::Status Expiry::Shred(const records::Tenant& tenant, const Periods& ended, absl::Time now) {
  absl::StatusOr<Erasure> erasure = Describe(tenant, ended, now);
  if (!erasure.ok()) {
    stores_.periods.Revive(ended);
    return erasure.status();
  }
  keytree::ShredRequest request;
  for (const Period& period : ended) {
    request.leaves.push_back(period.leaf);
    records::PeriodStore::PutTombstone(tenant, period, request.on_commit);
  }
  ExpiredRows::RequestClearing(tenant.tag, stores_.random, request.on_commit);
  PutRetentionMark(now, request.on_commit);
  receipts_.PutFacts(tenant, *erasure, request.on_commit);
  request.facts = erasure::ShredFacts(*erasure);
  request.statement = receipts_.StatementMaker(tenant, *erasure);
  request.event = {.method = audit::Method::kSystem, .tenant = tenant.tag};
  request.event.categories = erasure->categories_shredded;
  request.event.rule = "category.period";
  request.event.count = static_cast<std::uint32_t>(ended.size());
  // On an error they are still whole, and the next sweep revives them; or a silent holder keeps the
  // shred waiting, and they stay dying until it is carried through.
  LETHE_ASSIGN(keytree::ShredOutcome outcome, stores_.tree->Shred(std::move(request)));
  receipts_.Settle(tenant, *std::move(erasure), std::move(outcome));
  return absl::OkStatus();
}

// The records of a period are not counted: that would cost what the one commit saves.
absl::StatusOr<Erasure> Expiry::Describe(const records::Tenant& tenant, const Periods& ended,
                                         absl::Time now) const {
  Erasure erasure;
  erasure.receipt = ReceiptTag::Draw(stores_.random);
  erasure.ground = ErasureGround::kRetentionExpired;
  erasure.erase_time = now;
  std::set<std::string> categories;
  for (const Period& period : ended) {
    categories.insert(tenant.policy.FindById(period.category_id)->name);
    LETHE_ASSIGN(const Secret secret, stores_.tree->Unwrap(period.leaf));
    erasure.key_commitments.emplace_back(AsText(crypto::Commit(secret)));
  }
  erasure.categories_shredded.assign(categories.begin(), categories.end());
  return erasure;
}

}  // namespace lethe::vault::expiry
