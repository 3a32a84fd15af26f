#include "tests/server/wire/fake_rights.h"

#include "base/reason.h"
#include "base/status_macros.h"

namespace lethe::test {

using vault::Caller;
using vault::SubjectRef;

absl::StatusOr<vault::Erasure> FakeRights::EraseSubject(const Caller& caller,
                                                        const vault::EraseRequest& request) {
  LETHE_TRY(shared_.door.Enter(caller));
  absl::MutexLock hold(&shared_.mutex);
  LETHE_ASSIGN(FakePerson * person, shared_.Find(request.subject));
  vault::Erasure erasure;
  erasure.subject = person->subject.tag;
  erasure.ground = request.ground;
  erasure.erase_time = erasure.key_death_time = kFakeNow;
  erasure.records_shredded = static_cast<std::int64_t>(person->records.size());
  if (request.validate_only) return erasure;
  erasure.receipt = ReceiptTag::Draw(shared_.random);
  erasure.proof.signature = std::string(64, 's');
  shared_.people.erase(person->subject.tag);
  return erasures_[erasure.receipt] = erasure;
}

absl::StatusOr<vault::Subject> FakeRights::UndoErasure(const Caller& caller,
                                                       const SubjectTag& subject) {
  LETHE_TRY(shared_.door.Enter(caller));
  absl::MutexLock hold(&shared_.mutex);
  LETHE_ASSIGN(FakePerson * person, shared_.Find(subject));
  return person->subject;
}

absl::StatusOr<vault::Erasure> FakeRights::OffboardTenant(const Caller& caller,
                                                          bool validate_only) {
  LETHE_TRY(shared_.door.Enter(caller));
  absl::MutexLock hold(&shared_.mutex);
  vault::Erasure erasure;
  erasure.ground = vault::ErasureGround::kNotNecessary;
  erasure.erase_time = erasure.key_death_time = kFakeNow;
  if (validate_only) return erasure;
  erasure.receipt = ReceiptTag::Draw(shared_.random);
  shared_.people.clear();
  return erasures_[erasure.receipt] = erasure;
}

absl::StatusOr<vault::Erasure> FakeRights::GetErasure(const Caller& caller,
                                                      const ReceiptTag& receipt) {
  LETHE_TRY(shared_.door.Enter(caller));
  absl::MutexLock hold(&shared_.mutex);
  const auto it = erasures_.find(receipt);
  if (it == erasures_.end()) return NoSuchThing();
  return it->second;
}

absl::StatusOr<vault::Subject> FakeRights::BeginAct(const Caller& caller, const SubjectRef& ref,
                                                    const vault::Declaration&) {
  LETHE_TRY(shared_.door.Enter(caller));
  absl::MutexLock hold(&shared_.mutex);
  LETHE_ASSIGN(FakePerson * person, shared_.Find(ref));
  person->subject.restricted = true;
  person->subject.state = vault::SubjectState::kRestricted;
  return person->subject;
}

absl::StatusOr<vault::Subject> FakeRights::EndAct(const Caller& caller, const SubjectRef& ref,
                                                  const vault::ActEnd&) {
  LETHE_TRY(shared_.door.Enter(caller));
  absl::MutexLock hold(&shared_.mutex);
  LETHE_ASSIGN(FakePerson * person, shared_.Find(ref));
  if (!person->subject.restricted) return Refuse(Reason::kNotRestricted, "not restricted");
  person->subject.restricted = false;
  person->subject.state = vault::SubjectState::kActive;
  return person->subject;
}

absl::StatusOr<std::unique_ptr<vault::Artifact>> FakeRights::AccessReport(const Caller& caller,
                                                                          const SubjectRef& ref) {
  LETHE_TRY(shared_.door.Enter(caller));
  absl::MutexLock hold(&shared_.mutex);
  LETHE_TRY(shared_.Find(ref).status());
  return shared_.OpenArtifact();
}

absl::StatusOr<std::unique_ptr<vault::Artifact>> FakeRights::ExportSubject(const Caller& caller,
                                                                           const SubjectRef& ref) {
  return AccessReport(caller, ref);
}

}  // namespace lethe::test
