#include "tests/server/wire/fake_data.h"

#include <utility>

#include "base/reason.h"
#include "base/status_macros.h"

namespace lethe::test {

using vault::Caller;
using vault::SubjectRef;

absl::StatusOr<vault::Subject> FakeData::CreateSubject(
    const Caller& caller, std::span<const vault::Identifier> identifiers) {
  LETHE_TRY(shared_.door.Enter(caller));
  absl::MutexLock hold(&shared_.mutex);
  return shared_.Make(identifiers).subject;
}

absl::StatusOr<vault::Subject> FakeData::GetSubject(const Caller& caller, const SubjectRef& ref) {
  LETHE_TRY(shared_.door.Enter(caller));
  absl::MutexLock hold(&shared_.mutex);
  LETHE_ASSIGN(const FakePerson* person, shared_.Find(ref));
  return person->subject;
}

absl::StatusOr<vault::Page<vault::Subject>> FakeData::ListSubjects(
    const Caller& caller, const vault::PageRequest& request) {
  LETHE_TRY(shared_.door.Enter(caller));
  absl::MutexLock hold(&shared_.mutex);
  vault::Page<vault::Subject> page;
  for (const auto& [tag, person] : shared_.people) page.items.push_back(person.subject);
  page.next_page_token = request.token + "+" + std::to_string(request.size);
  return page;
}

absl::StatusOr<vault::Subject> FakeData::AddIdentifier(const Caller& caller, const SubjectRef& ref,
                                                       const vault::Identifier& identifier) {
  LETHE_TRY(shared_.door.Enter(caller));
  absl::MutexLock hold(&shared_.mutex);
  LETHE_ASSIGN(FakePerson * person, shared_.Find(ref));
  person->identifiers.push_back(identifier);
  return person->subject;
}

absl::StatusOr<vault::Subject> FakeData::RemoveIdentifier(const Caller& caller,
                                                          const SubjectRef& ref,
                                                          const vault::Identifier& identifier) {
  LETHE_TRY(shared_.door.Enter(caller));
  absl::MutexLock hold(&shared_.mutex);
  LETHE_ASSIGN(FakePerson * person, shared_.Find(ref));
  std::erase_if(person->identifiers, [&](const vault::Identifier& one) {
    return one.type == identifier.type && one.value == identifier.value;
  });
  return person->subject;
}

absl::StatusOr<vault::Record> FakeData::CreateRecord(const Caller& caller, const SubjectRef& ref,
                                                     vault::NewRecord record) {
  LETHE_TRY(shared_.door.Enter(caller));
  absl::MutexLock hold(&shared_.mutex);
  LETHE_ASSIGN(FakePerson * person, shared_.Find(ref));
  return shared_.Put(*person, record);
}

absl::StatusOr<vault::Record> FakeData::GetRecord(const Caller& caller, const SubjectTag& subject,
                                                  const RecordTag& record) {
  LETHE_TRY(shared_.door.Enter(caller));
  absl::MutexLock hold(&shared_.mutex);
  LETHE_ASSIGN(const FakePerson* person, shared_.Find(subject));
  const auto it = person->records.find(record);
  if (it == person->records.end()) return NoSuchThing();
  return it->second;
}

absl::StatusOr<vault::Page<vault::Record>> FakeData::ListRecords(const Caller& caller,
                                                                 const SubjectRef& ref,
                                                                 const std::string& category,
                                                                 const vault::PageRequest&) {
  LETHE_TRY(shared_.door.Enter(caller));
  absl::MutexLock hold(&shared_.mutex);
  LETHE_ASSIGN(const FakePerson* person, shared_.Find(ref));
  vault::Page<vault::Record> page;
  for (const auto& [tag, record] : person->records) {
    if (category.empty() || record.category == category) page.items.push_back(record);
  }
  return page;
}

absl::StatusOr<std::pair<vault::Record, vault::KeyDeath>> FakeData::UpdateRecord(
    const Caller& caller, const SubjectTag& subject, const RecordTag& record,
    const std::string& etag, vault::RecordPatch patch) {
  LETHE_TRY(shared_.door.Enter(caller));
  absl::MutexLock hold(&shared_.mutex);
  LETHE_ASSIGN(FakePerson * person, shared_.Find(subject));
  const auto it = person->records.find(record);
  if (it == person->records.end()) return NoSuchThing();
  if (!etag.empty() && etag != it->second.etag) {
    return Refuse(Reason::kEtagMismatch, "the record changed since it was read");
  }
  if (patch.data.has_value()) it->second.data = *patch.data;
  it->second.etag = "r" + std::to_string(++it->second.version);
  return std::make_pair(it->second, vault::KeyDeath{kFakeNow + absl::Seconds(60)});
}

absl::StatusOr<vault::KeyDeath> FakeData::DeleteRecord(const Caller& caller,
                                                       const SubjectTag& subject,
                                                       const RecordTag& record,
                                                       const std::string& etag) {
  LETHE_TRY(shared_.door.Enter(caller));
  absl::MutexLock hold(&shared_.mutex);
  LETHE_ASSIGN(FakePerson * person, shared_.Find(subject));
  const auto it = person->records.find(record);
  if (it == person->records.end()) return NoSuchThing();
  if (!etag.empty() && etag != it->second.etag) {
    return Refuse(Reason::kEtagMismatch, "the record changed since it was read");
  }
  person->records.erase(it);
  return vault::KeyDeath{kFakeNow + absl::Seconds(60)};
}

std::vector<absl::StatusOr<vault::ImportedRecord>> FakeData::Import(
    const Caller& caller, std::span<const vault::ImportItem> items) {
  const absl::Status door = shared_.door.Enter(caller);
  absl::MutexLock hold(&shared_.mutex);
  std::vector<absl::StatusOr<vault::ImportedRecord>> results;
  for (const vault::ImportItem& item : items) {
    auto found = shared_.Find(item.subject);
    if (!door.ok()) {
      results.emplace_back(door);
    } else if (!found.ok() && std::holds_alternative<SubjectTag>(item.subject)) {
      results.emplace_back(found.status());
    } else {
      std::vector<vault::Identifier> own = item.identifiers;
      if (!found.ok()) own.push_back(std::get<vault::Identifier>(item.subject));
      FakePerson& person = found.ok() ? **found : shared_.Make(own);
      const vault::Record& record = shared_.Put(person, item.record);
      results.emplace_back(vault::ImportedRecord{person.subject.tag, record.tag, found.ok()});
    }
  }
  return results;
}

}  // namespace lethe::test
