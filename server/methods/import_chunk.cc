#include "server/methods/import_chunk.h"

#include <algorithm>
#include <vector>

#include "base/check.h"
#include "base/reason.h"
#include "base/status_macros.h"
#include "server/convert/convert.h"
#include "server/telling/status_map.h"

namespace lethe::server {
namespace {

absl::StatusOr<vault::ImportItem> ItemFrom(const CallDesk& desk, const vault::Caller& caller,
                                           v1::ImportItem& item) {
  vault::Caller of_item = caller;  // The chunk's purpose, the line's own request id.
  LETHE_TRY(desk.access.AdmitRequest(item, of_item));
  vault::ImportItem out;
  LETHE_ASSIGN(out.subject, SubjectRefFrom(item.subject()));
  for (const auto& identifier : item.identifiers()) {
    out.identifiers.push_back(IdentifierFrom(identifier));
  }
  out.record = NewRecordFrom(std::move(*item.mutable_record()));
  out.request_id = item.request_id();
  return out;
}

// As much as an error of a call of its own would tell (status_map.h).
void AddFailure(std::int64_t line, const absl::Status& status, v1::ImportRecordsResponse& out) {
  const Reason reason = ReasonToTell(status);
  const absl::StatusCode code = CodeOf(reason);
  auto* failure = out.add_failures();
  failure->set_line(line);
  failure->set_code(static_cast<std::int32_t>(code));
  failure->set_reason(std::string(NameOf(reason)));
  if (code == absl::StatusCode::kInternal || code == absl::StatusCode::kDataLoss) return;
  failure->set_message(std::string(status.message()).substr(0, kMessageBytesMax));
  failure->set_field(FieldOf(status));
  failure->set_rule(RuleOf(status));
}

// Lines that the vault never saw and lines that it refused stand in the order of the file.
void SortFailures(v1::ImportRecordsResponse& out) {
  std::sort(out.mutable_failures()->begin(), out.mutable_failures()->end(),
            [](const auto& a, const auto& b) { return a.line() < b.line(); });
}

}  // namespace

v1::ImportRecordsResponse ImportOne(CallDesk& desk, const vault::Caller& caller,
                                    v1::ImportRecordsRequest& chunk) {
  v1::ImportRecordsResponse out;
  std::vector<vault::ImportItem> sound;
  std::vector<std::int64_t> lines;
  for (v1::ImportItem& item : *chunk.mutable_items()) {
    out.set_last_line(item.line());
    if (auto one = ItemFrom(desk, caller, item); one.ok()) {
      sound.push_back(*std::move(one));
      lines.push_back(item.line());
    } else {
      AddFailure(item.line(), one.status(), out);
    }
  }
  if (sound.empty()) return out;
  const auto results = desk.vault.data().Import(caller, sound);
  LETHE_CHECK(results.size() == sound.size());
  std::int64_t already_there = 0;
  std::int64_t imported = 0;
  for (std::size_t i = 0; i < results.size(); ++i) {
    if (!results[i].ok()) {
      AddFailure(lines[i], results[i].status(), out);
    } else {
      ++(results[i]->already_there ? already_there : imported);
    }
  }
  out.set_imported_count(imported);
  out.set_already_there_count(already_there);
  SortFailures(out);
  return out;
}

}  // namespace lethe::server
