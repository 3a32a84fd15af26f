#include "vault/erasure/hygiene.h"

#include <utility>
#include <variant>

#include "base/status_macros.h"
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

// tenant | subject of an order.
std::string SubjectOf(const std::string& order) {
  return order.substr(0, TenantTag::kBytes + SubjectTag::kBytes);
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

absl::StatusOr<bool> Hygiene::Step(absl::Time now) {
  LETHE_ASSIGN(
      const auto orders,
      journal_.engine().Scan(table::kMeta, {.prefix = std::string(kOrderPrefix), .after = {}}, 1));
  if (orders.empty()) return false;
  const std::string order = orders.front().key.substr(kOrderPrefix.size());
  const std::string subject = SubjectOf(order);
  if (order != working_on_) {
    working_on_ = order;
    records_after_.clear();
  }
  LETHE_ASSIGN(const bool more_records, StepRecords(subject));
  if (more_records) return true;
  LETHE_ASSIGN(const bool more_requests, StepRequests(subject));
  if (more_requests) return true;
  storage::Batch done;
  done.Delete(table::kMeta, orders.front().key);
  ByteWriter cleared;
  cleared.U8(kFormat);
  AppendTime(cleared, now);
  done.Put(table::kMeta,
           ClearedKey(order.substr(0, TenantTag::kBytes), order.substr(subject.size())),
           cleared.Take());
  LETHE_TRY(Commit(std::move(done)));
  working_on_.clear();
  return true;
}

// A record is dead when its scope's row is gone: the two are born in one batch, and only an erase
// deletes the scope's.
absl::StatusOr<bool> Hygiene::StepRecords(const std::string& subject_prefix) {
  LETHE_ASSIGN(
      const auto rows,
      journal_.engine().Scan(table::kRecord, {.prefix = subject_prefix, .after = records_after_},
                             kRowsPerStep));
  storage::Batch change;
  for (const storage::Row& row : rows) {
    LETHE_ASSIGN(const records::RecordRow record, records::ReadRecordRow(AsBytes(row.value)));
    std::string scope_key = subject_prefix;
    scope_key.append(AsText(record.header.category));
    const auto scope = journal_.engine().Get(table::kScope, scope_key);
    if (scope.ok()) continue;
    if (!absl::IsNotFound(scope.status())) return scope.status();
    change.Delete(table::kRecord, row.key);
    change.Delete(table::kHold, row.key);
    // Its leaf guards nothing any more; where the group was re-keyed it leaves with the next one.
    change.Delete(table::kLeaf, record.header.leaf.Key());
  }
  if (!change.empty()) LETHE_TRY(Commit(std::move(change)));
  if (rows.size() < kRowsPerStep) return false;
  records_after_ = rows.back().key;
  return true;
}

// Requests of a subject whose key is dead; of one that lives on they go after their day.
absl::StatusOr<bool> Hygiene::StepRequests(const std::string& subject_prefix) {
  const auto header = journal_.engine().Get(table::kSubject, subject_prefix);
  if (absl::IsNotFound(header.status())) return false;  // Cleared away with its tenant.
  LETHE_TRY(header.status());
  LETHE_ASSIGN(const auto read, records::ReadSubjectRow(AsBytes(*header)));
  if (!std::holds_alternative<records::ErasedSubject>(read)) return false;
  LETHE_ASSIGN(const auto rows,
               journal_.engine().Scan(table::kRequest, {.prefix = subject_prefix, .after = {}},
                                      kRequestsPerStep));
  storage::Batch change;
  for (const storage::Row& row : rows) change.Delete(table::kRequest, row.key);
  if (!change.empty()) LETHE_TRY(Commit(std::move(change)));
  return rows.size() == kRequestsPerStep;
}

absl::StatusOr<bool> Hygiene::DropOutdatedRequests(absl::Time now) {
  LETHE_ASSIGN(const auto rows,
               journal_.engine().Scan(table::kRequest, {.prefix = {}, .after = requests_after_},
                                      kRequestsPerStep));
  storage::Batch change;
  for (const storage::Row& row : rows) {
    LETHE_ASSIGN(const bool outdated, records::IsOutdated(AsBytes(row.value), now));
    if (!outdated) continue;
    // A request that came back this instant has put a row of its own there.
    change.ExpectValue(table::kRequest, row.key, row.value);
    change.Delete(table::kRequest, row.key);
  }
  if (!change.empty()) {
    const absl::Status status = Commit(std::move(change));
    if (!status.ok() && !absl::IsAborted(status)) return status;
  }
  const bool more = rows.size() == kRequestsPerStep;
  requests_after_ = more ? rows.back().key : std::string();
  return more;
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
