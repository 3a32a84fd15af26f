#include "vault/erasure/hygiene.h"

#include <utility>
#include <variant>

#include "base/reason.h"
#include "base/status_macros.h"
#include "storage/scan.h"
#include "vault/audit/event.h"
#include "vault/records/envelope.h"
#include "vault/records/request_rows.h"
#include "vault/records/subject_header.h"
#include "vault/rows/row_schema.h"
#include "vault/rows/sealed_row.h"

namespace lethe::vault::erasure {
namespace {

constexpr std::uint8_t kFormat = 1;
constexpr std::string_view kOrderPrefix = "hygiene.";
constexpr std::string_view kClearedPrefix = "cleared.";
constexpr std::size_t kRequestsPerStep = 1'000;
constexpr absl::Duration kRequestsEvery = absl::Hours(1);

absl::Status CheckOrder(const storage::Row& order) {
  constexpr std::size_t kNameBytes = TenantTag::kBytes + SubjectTag::kBytes + ReceiptTag::kBytes;
  if (order.key.size() != kOrderPrefix.size() + kNameBytes) {
    return Refuse(Reason::kDecryptFailed, "an order of hygiene names nobody");
  }
  ByteReader in(order.value);
  LETHE_TRY(CheckFormat(in.U8(), kFormat));
  return in.Finish();
}

// tenant | subject of an order.
std::string SubjectOf(const storage::Row& order) {
  return order.key.substr(kOrderPrefix.size(), TenantTag::kBytes + SubjectTag::kBytes);
}

std::string ClearedKey(std::string_view tenant, std::string_view receipt) {
  return ByteWriter().Raw(kClearedPrefix).Raw(tenant).Raw(receipt).Take();
}

}  // namespace

void Hygiene::RequestClearing(const TenantTag& tenant, const SubjectTag& subject,
                              const ReceiptTag& receipt, storage::Batch& change) {
  change.Put(table::kMeta,
             ByteWriter()
                 .Raw(kOrderPrefix)
                 .Raw(row_key::Subject(tenant, subject))
                 .Raw(receipt.bytes())
                 .Take(),
             std::string(1, static_cast<char>(kFormat)));
}

absl::StatusOr<std::optional<absl::Time>> Hygiene::CompleteTime(const storage::Engine& engine,
                                                                const TenantTag& tenant,
                                                                const ReceiptTag& receipt) {
  const auto row = engine.Get(table::kMeta, ClearedKey(tenant.view(), receipt.view()));
  if (absl::IsNotFound(row.status())) return std::optional<absl::Time>();
  LETHE_TRY(row.status());
  ByteReader in(*row);
  LETHE_TRY(CheckFormat(in.U8(), kFormat));
  const std::optional<absl::Time> time = ReadTime(in);
  LETHE_TRY(in.Finish());
  return time;
}

chores::Chore Hygiene::ClearChore() {
  StartOver();
  return {.name = "hygiene", .period = absl::ZeroDuration(), .step = [this](chores::Round& round) {
            auto more = Step(round);
            if (!more.ok()) StartOver();
            return more;
          }};
}

void Hygiene::StartOver() {
  orders_ = {.prefix = std::string(kOrderPrefix), .after = {}};
  order_.reset();
}

void Hygiene::StepOver(chores::Round& round, const chores::RowName& row, const absl::Status& why) {
  round.StepOver(row, why);
  order_has_bad_row_ = true;
}

absl::StatusOr<bool> Hygiene::Step(chores::Round& round) {
  if (!order_.has_value()) {
    LETHE_ASSIGN(order_, NextOrder(round));
    if (!order_.has_value()) return false;
    order_has_bad_row_ = false;
    records_ = {.prefix = SubjectOf(*order_), .after = {}};
  }
  const std::string subject = SubjectOf(*order_);
  LETHE_ASSIGN(const bool more_records, StepRecords(subject, round));
  if (more_records) return true;
  LETHE_ASSIGN(const bool more_requests, StepRequests(subject, round));
  if (more_requests) return true;
  if (order_has_bad_row_) {
    round.PutOff(order_->key);
  } else {
    LETHE_TRY(Close(round.now()));
  }
  order_.reset();
  return true;
}

absl::StatusOr<std::optional<storage::Row>> Hygiene::NextOrder(chores::Round& round) {
  while (true) {
    LETHE_ASSIGN(auto page, storage::NextPage(journal_.engine(), table::kMeta, orders_, 1));
    if (page.rows.empty()) break;
    storage::Row& order = page.rows.front();
    if (round.IsPutOff(order.key)) continue;
    const absl::Status whole = CheckOrder(order);
    if (whole.ok()) return std::optional(std::move(order));
    round.StepOver({table::kMeta, order.key}, whole);
  }
  StartOver();
  return std::optional<storage::Row>();
}

absl::StatusOr<bool> Hygiene::StepRecords(const std::string& subject_prefix, chores::Round& round) {
  LETHE_ASSIGN(const auto page,
               storage::NextPage(journal_.engine(), table::kRecord, records_, kRowsPerStep));
  storage::Batch change;
  for (const storage::Row& row : page.rows) {
    LETHE_TRY(ClearRecord(subject_prefix, row, round, change));
  }
  if (!change.empty()) LETHE_TRY(Commit(std::move(change)));
  return !page.last;
}

// A record is dead when its scope's row is gone: the two are born in one batch, and only an erase
// deletes the scope's.
absl::Status Hygiene::ClearRecord(const std::string& subject_prefix, const storage::Row& row,
                                  chores::Round& round, storage::Batch& change) {
  const auto record = records::ReadRecordRow(AsBytes(row.value));
  if (!record.ok()) {
    StepOver(round, {table::kRecord, row.key}, record.status());
    return absl::OkStatus();
  }
  std::string scope_key = subject_prefix;
  scope_key.append(AsText(record->header.category));
  const auto scope = journal_.engine().Get(table::kScope, scope_key);
  if (scope.ok()) return absl::OkStatus();
  if (chores::IsBadRow(scope.status())) {
    StepOver(round, {table::kScope, scope_key}, scope.status());
    return absl::OkStatus();
  }
  if (!absl::IsNotFound(scope.status())) return scope.status();
  change.Delete(table::kRecord, row.key);
  change.Delete(table::kHold, row.key);
  // Its leaf guards nothing any more; where the group was re-keyed it leaves with the next one.
  change.Delete(table::kLeaf, record->header.leaf.Key());
  return absl::OkStatus();
}

// Requests of a subject whose key is dead; of one that lives on they go after their day.
absl::StatusOr<bool> Hygiene::StepRequests(const std::string& subject_prefix,
                                           chores::Round& round) {
  const auto header = journal_.engine().Get(table::kSubject, subject_prefix);
  if (absl::IsNotFound(header.status())) return false;  // Cleared away with its tenant.
  LETHE_TRY(header.status());
  const auto read = records::ReadSubjectRow(AsBytes(*header));
  if (!read.ok()) {
    StepOver(round, {table::kSubject, subject_prefix}, read.status());
    return false;
  }
  if (!std::holds_alternative<records::ErasedSubject>(*read)) return false;
  storage::Range all{.prefix = subject_prefix, .after = {}};
  LETHE_ASSIGN(const auto page,
               storage::NextPage(journal_.engine(), table::kRequest, all, kRequestsPerStep));
  storage::Batch change;
  for (const storage::Row& row : page.rows) change.Delete(table::kRequest, row.key);
  if (!change.empty()) LETHE_TRY(Commit(std::move(change)));
  return !page.last;
}

absl::Status Hygiene::Close(absl::Time now) {
  const std::string name = order_->key.substr(kOrderPrefix.size());
  ByteWriter cleared;
  cleared.U8(kFormat);
  AppendTime(cleared, now);
  storage::Batch done;
  done.Delete(table::kMeta, order_->key);
  done.Put(table::kMeta,
           ClearedKey(name.substr(0, TenantTag::kBytes),
                      name.substr(TenantTag::kBytes + SubjectTag::kBytes)),
           cleared.Take());
  return Commit(std::move(done));
}

chores::Chore Hygiene::RequestsChore() {
  return {
      .name = "outdated-requests", .period = kRequestsEvery, .step = [this](chores::Round& round) {
        auto more = DropOutdatedRequests(round);
        if (!more.ok()) requests_ = {};
        return more;
      }};
}

absl::StatusOr<bool> Hygiene::DropOutdatedRequests(chores::Round& round) {
  LETHE_ASSIGN(const auto page,
               storage::NextPage(journal_.engine(), table::kRequest, requests_, kRequestsPerStep));
  if (page.last) requests_ = {};
  storage::Batch change;
  for (const storage::Row& row : page.rows) {
    const auto outdated = records::IsOutdated(AsBytes(row.value), round.now());
    if (!outdated.ok()) round.StepOver({table::kRequest, row.key}, outdated.status());
    if (!outdated.value_or(false)) continue;
    // A request that came back this instant has put a row of its own there.
    change.ExpectValue(table::kRequest, row.key, row.value);
    change.Delete(table::kRequest, row.key);
  }
  if (!change.empty()) {
    const absl::Status status = Commit(std::move(change));
    if (!status.ok() && !absl::IsAborted(status)) return status;
  }
  return !page.last;
}

absl::Status Hygiene::Commit(storage::Batch change) {
  audit::Event event{.method = audit::Method::kSystem};
  event.count = static_cast<std::uint32_t>(change.operations().size());
  // Lost at a power cut, it is done again.
  return journal_
      .Commit({std::move(event)}, std::move(change), storage::Durability::kWritten,
              storage::Room::kReserve)
      .status();
}

}  // namespace lethe::vault::erasure
