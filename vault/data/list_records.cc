// RecordCalls::List: one page of a subject's records, in the order of their tags.
#include <algorithm>
#include <utility>

#include "base/status_macros.h"
#include "vault/data/record_calls.h"
#include "vault/model/limits.h"
#include "vault/model/request_rules.h"
#include "vault/records/scan_size.h"

namespace lethe::vault::data {
namespace {

using memory::SubjectLocks;
using policy::Action;
using records::OpenSubject;

}  // namespace

bool IsHidden(const absl::Status& refusal) {
  const auto reason = ReasonOf(refusal);
  return reason == Reason::kPurposeNotAllowed || reason == Reason::kResourceNotFound ||
         reason == Reason::kSubjectErased;
}

// A page while it is being filled.
struct RecordCalls::Filling {
  std::size_t size = 0;
  std::string after;  // The last row looked at.
  Page<Record> page;
  std::size_t bytes = 0;
  std::size_t looked_at = 0;
  bool full = false;  // The next row belongs to the next page.
};

absl::StatusOr<Page<Record>> RecordCalls::ListRecords(const Caller& caller,
                                                      const SubjectRef& subject_ref,
                                                      const std::string& category,
                                                      const PageRequest& page) {
  return desk_.Answer(desk_.Open(caller, audit::Method::kListRecords),
                      [&](calls::Call& call) -> absl::StatusOr<Page<Record>> {
                        LETHE_TRY(desk_.Admit(call, false));
                        LETHE_TRY(CheckPage(page));
                        LETHE_ASSIGN(const calls::Target target, desk_.Resolve(call, subject_ref));
                        SubjectLocks::Shared hold(stores_.locks, target.tag);
                        LETHE_ASSIGN(const OpenSubject subject, desk_.Load(call, target));
                        const policy::Category* filter = nullptr;
                        if (!category.empty()) {
                          LETHE_ASSIGN(filter, desk_.CategoryOf(call, category, "category"));
                        }
                        LETHE_TRY(desk_.Decide(call, Action::kList, FactsOf(subject), filter));
                        const memory::PageScope scope{.method = call.event.method,
                                                      .tenant = call.tenant->tag,
                                                      .subject = subject.tag,
                                                      .category = category,
                                                      .purpose = caller.purpose,
                                                      .principal = caller.principal.id};
                        LETHE_ASSIGN(std::string after, StartOfPage(subject, scope, page.token));
                        return PageFrom(
                            call, subject, scope,
                            Filling{.size = memory::PageSize(page), .after = std::move(after)});
                      });
}

absl::StatusOr<std::string> RecordCalls::StartOfPage(const OpenSubject& subject,
                                                     const memory::PageScope& scope,
                                                     const std::string& token) const {
  if (token.empty()) return std::string();
  LETHE_ASSIGN(memory::PagePosition position, stores_.page_tokens.Open(scope, token));
  if (position.change_counter != subject.header.change_counter) {
    return Refuse(Reason::kConcurrentChange, "the subject changed: begin the listing anew",
                  "page_token");
  }
  return std::move(position.after);
}

absl::StatusOr<Page<Record>> RecordCalls::PageFrom(calls::Call& call, const OpenSubject& subject,
                                                   const memory::PageScope& scope,
                                                   Filling filling) {
  bool more = true;
  records::ScanSize size;
  while (more && !filling.full && filling.looked_at < limits::kStepRecordsMax) {
    // Where the next page begins is for the rows to say: one that is not taken comes again.
    std::string behind = filling.after;
    LETHE_ASSIGN(auto page, stores_.records.NextPage(subject, behind, size.rows()));
    size.Saw(page);
    more = !page.last;
    for (storage::Row& row : page.rows) {
      LETHE_TRY(TakeRow(call, subject, scope, std::move(row), filling));
      if (filling.full) break;
    }
  }
  call.event.categories.clear();
  for (const Record& record : filling.page.items) {
    auto& categories = call.event.categories;
    if (std::ranges::find(categories, record.category) == categories.end()) {
      categories.push_back(record.category);
    }
  }
  call.event.count = static_cast<std::uint32_t>(filling.page.items.size());
  LETHE_TRY(desk_.CommitRead(call));
  if (more || filling.full) {
    filling.page.next_page_token = stores_.page_tokens.Seal(
        scope, {.change_counter = subject.header.change_counter, .after = filling.after});
  }
  return std::move(filling.page);
}

absl::Status RecordCalls::TakeRow(const calls::Call& call, const OpenSubject& subject,
                                  const memory::PageScope& scope, storage::Row row,
                                  Filling& filling) {
  filling.full = filling.page.items.size() == filling.size;
  if (filling.full) return absl::OkStatus();
  std::string key = row.key;
  LETHE_ASSIGN(const auto found, stores_.records.Describe(subject, std::move(row)));
  const bool wanted =
      found.has_value() && (scope.category.empty() || found->category->name == scope.category);
  filling.full = wanted && !filling.page.items.empty() &&
                 filling.bytes + found->parsed.data_bytes > limits::kPageBytesMax;
  if (filling.full) return absl::OkStatus();
  filling.after = std::move(key);
  ++filling.looked_at;
  if (!wanted) return absl::OkStatus();
  auto record = OpenAllowed(call, subject, Action::kList, *found);
  if (IsHidden(record.status())) return absl::OkStatus();
  LETHE_TRY(record.status());
  filling.bytes += record->data.size();
  filling.page.items.push_back(*std::move(record));
  return absl::OkStatus();
}

}  // namespace lethe::vault::data
