#include "tests/server/wire/fake_vault.h"

#include <algorithm>

#include "base/reason.h"
#include "base/status_macros.h"

namespace lethe::test {
namespace {

using vault::Caller;
using vault::SubjectRef;

// Some instant in the past, the same for everything.
const absl::Time kNow = absl::FromUnixSeconds(1'700'000'000);

class FakeArtifact final : public vault::Artifact {
 public:
  FakeArtifact(std::vector<std::string> pieces, absl::Status end)
      : pieces_(std::move(pieces)), end_(std::move(end)) {}

  absl::StatusOr<std::string> Next() override {
    if (next_ < pieces_.size()) return pieces_[next_++];
    if (!end_.ok()) return end_;
    return std::string();
  }
  std::int64_t record_count() const override { return 7; }
  const std::vector<vault::Withheld>& withheld() const override { return withheld_; }

 private:
  std::vector<std::string> pieces_;
  const absl::Status end_;
  std::size_t next_ = 0;
  const std::vector<vault::Withheld> withheld_{{"billing", "AO 147", 2, kNow}};
};

absl::Status NotFound() { return Refuse(Reason::kResourceNotFound, "there is no such thing"); }

}  // namespace

void FakeVault::FailNext(absl::Status status) {
  absl::MutexLock hold(&mutex_);
  next_failure_ = std::move(status);
}

void FakeVault::Hold() {
  absl::MutexLock hold(&mutex_);
  closed_ = true;
}

void FakeVault::Release() {
  absl::MutexLock hold(&mutex_);
  closed_ = false;
}

void FakeVault::AwaitHeld(int count) {
  absl::MutexLock hold(&mutex_);
  const auto reached = [&]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) { return held_ >= count; };
  mutex_.Await(absl::Condition(&reached));
}

void FakeVault::SetKeys(vault::KeyStatus keys) {
  absl::MutexLock hold(&mutex_);
  keys_ = std::move(keys);
}

void FakeVault::SetArtifact(std::vector<std::string> pieces, absl::Status end) {
  absl::MutexLock hold(&mutex_);
  pieces_ = std::move(pieces);
  artifact_end_ = std::move(end);
}

std::vector<FakeVault::Refusal> FakeVault::refusals() const {
  absl::MutexLock hold(&mutex_);
  return refusals_;
}

Caller FakeVault::last_caller() const {
  absl::MutexLock hold(&mutex_);
  return last_caller_;
}

int FakeVault::calls() const {
  absl::MutexLock hold(&mutex_);
  return calls_;
}

absl::Status FakeVault::Door(const Caller& caller) {
  absl::MutexLock hold(&mutex_);
  ++calls_;
  last_caller_ = caller;
  ++held_;
  const auto open = [this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) { return !closed_; };
  mutex_.Await(absl::Condition(&open));
  --held_;
  if (!next_failure_.has_value()) return absl::OkStatus();
  absl::Status failure = *std::move(next_failure_);
  next_failure_.reset();
  return failure;
}

absl::StatusOr<FakeVault::Person*> FakeVault::Find(const SubjectRef& ref) {
  if (const auto* tag = std::get_if<SubjectTag>(&ref)) {
    const auto it = people_.find(*tag);
    if (it == people_.end()) return NotFound();
    return &it->second;
  }
  const auto& wanted = std::get<vault::Identifier>(ref);
  for (auto& [tag, person] : people_) {
    for (const auto& identifier : person.identifiers) {
      if (identifier.type == wanted.type && identifier.value == wanted.value) return &person;
    }
  }
  return NotFound();
}

FakeVault::Person& FakeVault::Make(std::span<const vault::Identifier> identifiers) {
  Person person;
  person.subject.tag = SubjectTag::Draw(random_);
  person.subject.create_time = kNow;
  person.subject.etag = "s1";
  person.identifiers.assign(identifiers.begin(), identifiers.end());
  return people_[person.subject.tag] = std::move(person);
}

vault::Record& FakeVault::Put(Person& person, const vault::NewRecord& record) {
  vault::Record out;
  out.subject = person.subject.tag;
  out.tag = RecordTag::Draw(random_);
  out.category = record.category;
  out.data = record.data;
  out.media_type = record.media_type.empty() ? "application/json" : record.media_type;
  out.source = record.source;
  out.source_detail = record.source_detail;
  out.origin_time = record.origin_time.value_or(kNow);
  out.create_time = out.update_time = kNow;
  out.etag = "r1";
  return person.records[out.tag] = std::move(out);
}

absl::StatusOr<vault::Subject> FakeVault::CreateSubject(
    const Caller& caller, std::span<const vault::Identifier> identifiers) {
  LETHE_TRY(Door(caller));
  absl::MutexLock hold(&mutex_);
  return Make(identifiers).subject;
}

absl::StatusOr<vault::Subject> FakeVault::GetSubject(const Caller& caller, const SubjectRef& ref) {
  LETHE_TRY(Door(caller));
  absl::MutexLock hold(&mutex_);
  LETHE_ASSIGN(const Person* person, Find(ref));
  return person->subject;
}

absl::StatusOr<vault::Page<vault::Subject>> FakeVault::ListSubjects(
    const Caller& caller, const vault::PageRequest& request) {
  LETHE_TRY(Door(caller));
  absl::MutexLock hold(&mutex_);
  vault::Page<vault::Subject> page;
  for (const auto& [tag, person] : people_) page.items.push_back(person.subject);
  page.next_page_token = request.token + "+" + std::to_string(request.size);
  return page;
}

absl::StatusOr<vault::Subject> FakeVault::AddIdentifier(const Caller& caller, const SubjectRef& ref,
                                                        const vault::Identifier& identifier) {
  LETHE_TRY(Door(caller));
  absl::MutexLock hold(&mutex_);
  LETHE_ASSIGN(Person * person, Find(ref));
  person->identifiers.push_back(identifier);
  return person->subject;
}

absl::StatusOr<vault::Subject> FakeVault::RemoveIdentifier(const Caller& caller,
                                                           const SubjectRef& ref,
                                                           const vault::Identifier& identifier) {
  LETHE_TRY(Door(caller));
  absl::MutexLock hold(&mutex_);
  LETHE_ASSIGN(Person * person, Find(ref));
  std::erase_if(person->identifiers, [&](const vault::Identifier& one) {
    return one.type == identifier.type && one.value == identifier.value;
  });
  return person->subject;
}

absl::StatusOr<vault::Record> FakeVault::CreateRecord(const Caller& caller, const SubjectRef& ref,
                                                      const vault::NewRecord& record) {
  LETHE_TRY(Door(caller));
  absl::MutexLock hold(&mutex_);
  LETHE_ASSIGN(Person * person, Find(ref));
  return Put(*person, record);
}

absl::StatusOr<vault::Record> FakeVault::GetRecord(const Caller& caller, const SubjectTag& subject,
                                                   const RecordTag& record) {
  LETHE_TRY(Door(caller));
  absl::MutexLock hold(&mutex_);
  LETHE_ASSIGN(const Person* person, Find(subject));
  const auto it = person->records.find(record);
  if (it == person->records.end()) return NotFound();
  return it->second;
}

absl::StatusOr<vault::Page<vault::Record>> FakeVault::ListRecords(const Caller& caller,
                                                                  const SubjectRef& ref,
                                                                  const std::string& category,
                                                                  const vault::PageRequest&) {
  LETHE_TRY(Door(caller));
  absl::MutexLock hold(&mutex_);
  LETHE_ASSIGN(const Person* person, Find(ref));
  vault::Page<vault::Record> page;
  for (const auto& [tag, record] : person->records) {
    if (category.empty() || record.category == category) page.items.push_back(record);
  }
  return page;
}

absl::StatusOr<std::pair<vault::Record, vault::KeyDeath>> FakeVault::UpdateRecord(
    const Caller& caller, const SubjectTag& subject, const RecordTag& record,
    const std::string& etag, const vault::RecordPatch& patch) {
  LETHE_TRY(Door(caller));
  absl::MutexLock hold(&mutex_);
  LETHE_ASSIGN(Person * person, Find(subject));
  const auto it = person->records.find(record);
  if (it == person->records.end()) return NotFound();
  if (!etag.empty() && etag != it->second.etag) {
    return Refuse(Reason::kEtagMismatch, "the record changed since it was read");
  }
  if (patch.data.has_value()) it->second.data = *patch.data;
  it->second.etag = "r" + std::to_string(++it->second.version);
  return std::make_pair(it->second, vault::KeyDeath{kNow + absl::Seconds(60)});
}

absl::StatusOr<vault::KeyDeath> FakeVault::DeleteRecord(const Caller& caller,
                                                        const SubjectTag& subject,
                                                        const RecordTag& record,
                                                        const std::string& etag) {
  LETHE_TRY(Door(caller));
  absl::MutexLock hold(&mutex_);
  LETHE_ASSIGN(Person * person, Find(subject));
  const auto it = person->records.find(record);
  if (it == person->records.end()) return NotFound();
  if (!etag.empty() && etag != it->second.etag) {
    return Refuse(Reason::kEtagMismatch, "the record changed since it was read");
  }
  person->records.erase(it);
  return vault::KeyDeath{kNow + absl::Seconds(60)};
}

std::vector<absl::StatusOr<vault::ImportedRecord>> FakeVault::Import(
    const Caller& caller, std::span<const vault::ImportItem> items) {
  const absl::Status door = Door(caller);
  absl::MutexLock hold(&mutex_);
  std::vector<absl::StatusOr<vault::ImportedRecord>> results;
  for (const vault::ImportItem& item : items) {
    auto found = Find(item.subject);
    if (!door.ok()) {
      results.emplace_back(door);
    } else if (!found.ok() && std::holds_alternative<SubjectTag>(item.subject)) {
      results.emplace_back(found.status());
    } else {
      std::vector<vault::Identifier> own = item.identifiers;
      if (!found.ok()) own.push_back(std::get<vault::Identifier>(item.subject));
      Person& person = found.ok() ? **found : Make(own);
      const vault::Record& record = Put(person, item.record);
      results.emplace_back(vault::ImportedRecord{person.subject.tag, record.tag, found.ok()});
    }
  }
  return results;
}

absl::StatusOr<vault::Erasure> FakeVault::EraseSubject(const Caller& caller,
                                                       const vault::EraseRequest& request) {
  LETHE_TRY(Door(caller));
  absl::MutexLock hold(&mutex_);
  LETHE_ASSIGN(Person * person, Find(request.subject));
  vault::Erasure erasure;
  erasure.subject = person->subject.tag;
  erasure.ground = request.ground;
  erasure.erase_time = erasure.key_death_time = kNow;
  erasure.records_shredded = static_cast<std::int64_t>(person->records.size());
  if (request.validate_only) return erasure;
  erasure.receipt = ReceiptTag::Draw(random_);
  erasure.proof.signature = std::string(64, 's');
  people_.erase(person->subject.tag);
  return erasures_[erasure.receipt] = erasure;
}

absl::StatusOr<vault::Subject> FakeVault::UndoErasure(const Caller& caller,
                                                      const SubjectTag& subject) {
  LETHE_TRY(Door(caller));
  absl::MutexLock hold(&mutex_);
  LETHE_ASSIGN(Person * person, Find(subject));
  return person->subject;
}

absl::StatusOr<vault::Erasure> FakeVault::OffboardTenant(const Caller& caller, bool validate_only) {
  LETHE_TRY(Door(caller));
  absl::MutexLock hold(&mutex_);
  vault::Erasure erasure;
  erasure.ground = vault::ErasureGround::kNotNecessary;
  erasure.erase_time = erasure.key_death_time = kNow;
  if (validate_only) return erasure;
  erasure.receipt = ReceiptTag::Draw(random_);
  people_.clear();
  return erasures_[erasure.receipt] = erasure;
}

absl::StatusOr<vault::Erasure> FakeVault::GetErasure(const Caller& caller,
                                                     const ReceiptTag& receipt) {
  LETHE_TRY(Door(caller));
  absl::MutexLock hold(&mutex_);
  const auto it = erasures_.find(receipt);
  if (it == erasures_.end()) return NotFound();
  return it->second;
}

absl::StatusOr<vault::Subject> FakeVault::RestrictSubject(const Caller& caller,
                                                          const SubjectRef& ref,
                                                          const vault::Restriction&) {
  LETHE_TRY(Door(caller));
  absl::MutexLock hold(&mutex_);
  LETHE_ASSIGN(Person * person, Find(ref));
  person->subject.restricted = true;
  person->subject.state = vault::SubjectState::kRestricted;
  return person->subject;
}

absl::StatusOr<vault::Subject> FakeVault::UnrestrictSubject(const Caller& caller,
                                                            const SubjectRef& ref, absl::Time) {
  LETHE_TRY(Door(caller));
  absl::MutexLock hold(&mutex_);
  LETHE_ASSIGN(Person * person, Find(ref));
  if (!person->subject.restricted) return Refuse(Reason::kNotRestricted, "not restricted");
  person->subject.restricted = false;
  person->subject.state = vault::SubjectState::kActive;
  return person->subject;
}

absl::StatusOr<std::unique_ptr<vault::Artifact>> FakeVault::AccessReport(const Caller& caller,
                                                                         const SubjectRef& ref) {
  LETHE_TRY(Door(caller));
  absl::MutexLock hold(&mutex_);
  LETHE_TRY(Find(ref).status());
  return std::make_unique<FakeArtifact>(pieces_, artifact_end_);
}

absl::StatusOr<std::unique_ptr<vault::Artifact>> FakeVault::ExportSubject(const Caller& caller,
                                                                          const SubjectRef& ref) {
  return AccessReport(caller, ref);
}

absl::StatusOr<std::unique_ptr<vault::Artifact>> FakeVault::CreateBackup(
    const Caller& caller, const vault::BackupRequest& /*request*/) {
  return AccessReport(caller, SubjectTag());
}

void FakeVault::RecordRefusal(const Caller& caller, std::string_view method,
                              const absl::Status& status) {
  absl::MutexLock hold(&mutex_);
  refusals_.push_back({caller, std::string(method), status});
}

vault::VaultStatus FakeVault::Status() const {
  vault::VaultStatus status;
  status.identifiers_loaded = true;
  status.sealed = sealed_;
  status.generation = 3;
  status.assurance = vault::Assurance::kTest;
  status.public_key = std::string(32, 'k');
  return status;
}

}  // namespace lethe::test
