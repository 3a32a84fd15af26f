#include "vault/data/identifier_loader.h"

#include <string>
#include <variant>

#include "base/status_macros.h"
#include "storage/scan.h"
#include "vault/chores/bad_row.h"
#include "vault/rows/row_schema.h"

namespace lethe::vault::data {
namespace {

constexpr std::size_t kRowsPerScan = 500;  // Headers are small; a step stays below a millisecond.

}  // namespace

IdentifierLoader::~IdentifierLoader() {
  stopping_ = true;
  for (std::thread& thread : threads_) thread.join();
}

void IdentifierLoader::Start(int threads) {
  for (int i = 0; i < threads; ++i) threads_.emplace_back([this] { Work(); });
}

void IdentifierLoader::Run() { Work(); }

void IdentifierLoader::Work() {
  while (!stopping_) {
    const int range = next_range_.fetch_add(1);
    if (range >= kRanges) return;
    for (const tenants::TenantHandle& tenant : parts_.tenants.all()) {
      std::string prefix = row_key::Tenant(tenant->tag);
      prefix.push_back(static_cast<char>(range));
      // A range that cannot be read leaves the table incomplete: better no answer than a wrong one.
      if (!LoadRange(prefix).ok()) return;
    }
    if (ranges_done_.fetch_add(1) + 1 == kRanges) parts_.table.MarkComplete();
  }
}

absl::Status IdentifierLoader::LoadRange(const std::string& prefix) {
  return storage::ForEachRow(
      parts_.engine, table::kSubject, {.prefix = prefix, .after = {}}, kRowsPerScan,
      [&](const storage::Row& row) -> absl::Status {
        if (stopping_) return absl::CancelledError("stopping");
        const absl::Status status = LoadSubject(row.key);
        if (!chores::IsBadRow(status)) return status;
        // One damaged subject must not shut out all others; but whoever is not found may be that
        // one.
        parts_.table.MarkGap(TenantTag::FromBytes(AsBytes(row.key).first(TenantTag::kBytes)));
        return absl::OkStatus();
      });
}

absl::Status IdentifierLoader::LoadSubject(const std::string& row_key) {
  const Bytes key = AsBytes(row_key);
  const tenants::TenantHandle tenant =
      parts_.tenants.Find(TenantTag::FromBytes(key.first(TenantTag::kBytes)));
  if (tenant == nullptr) return absl::OkStatus();  // Offboarded since.
  const SubjectTag tag = SubjectTag::FromBytes(key.last(SubjectTag::kBytes));
  // Read again under the lock: an erase may have come between the scan and here.
  memory::SubjectLocks::Shared hold(parts_.locks, tag);
  if (parts_.is_erasing(tag)) return absl::OkStatus();
  const absl::StatusOr<records::OpenSubject> subject =
      parts_.subjects.LoadWithoutActs(*tenant, tag);
  if (absl::IsNotFound(subject.status())) return absl::OkStatus();
  LETHE_TRY(subject.status());
  // Of whom an erase is scheduled, the identifiers are free.
  if (subject->header.identifiers == 0 || subject->header.scheduled) return absl::OkStatus();
  LETHE_ASSIGN(auto identifiers, parts_.identifiers.All(*subject));
  const bool withheld = subject->header.state == SubjectState::kPartiallyErased;
  for (records::OpenIdentifier& opened : identifiers) {
    parts_.table.Load(parts_.table.Of(tenant->tag, opened.identifier), tag, withheld);
    Wipe(opened.identifier.value);
  }
  return absl::OkStatus();
}

}  // namespace lethe::vault::data
