// What the fakes of one vault share: its door, its people, and the document that it hands out.
#ifndef LETHE_TESTS_SERVER_WIRE_FAKE_SHARED_H_
#define LETHE_TESTS_SERVER_WIRE_FAKE_SHARED_H_

#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "base/ids.h"
#include "base/random.h"
#include "tests/server/wire/fake_door.h"
#include "vault/model/artifact.h"
#include "vault/model/record.h"
#include "vault/model/subject.h"

namespace lethe::test {

// Some instant in the past, the same for everything.
inline const absl::Time kFakeNow = absl::FromUnixSeconds(1'700'000'000);

struct FakePerson {
  vault::Subject subject;
  std::vector<vault::Identifier> identifiers;
  std::map<RecordTag, vault::Record> records;
};

struct FakeShared {
  absl::StatusOr<FakePerson*> Find(const vault::SubjectRef& ref)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex);
  FakePerson& Make(std::span<const vault::Identifier> identifiers)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex);
  vault::Record& Put(FakePerson& person, const vault::NewRecord& record)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex);
  std::unique_ptr<vault::Artifact> OpenArtifact() const ABSL_SHARED_LOCKS_REQUIRED(mutex);

  FakeDoor door;
  mutable absl::Mutex mutex;
  SystemRandom random;
  std::map<SubjectTag, FakePerson> people ABSL_GUARDED_BY(mutex);
  std::vector<std::string> pieces ABSL_GUARDED_BY(mutex){"{\"a\":", "1}"};
  absl::Status artifact_end ABSL_GUARDED_BY(mutex);
};

absl::Status NoSuchThing();

}  // namespace lethe::test

#endif  // LETHE_TESTS_SERVER_WIRE_FAKE_SHARED_H_
