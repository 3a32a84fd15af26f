#include "tests/system/read_person.h"

#include "base/status_macros.h"
#include "tests/system/vault_folder.h"

namespace lethe::test {
namespace {

Instant Now() { return std::chrono::steady_clock::now(); }

absl::Status Failed(const std::string& what, const CallError& error) {
  return absl::InternalError(what + ": " + error.ToText());
}

PastRead Past(const std::string& what, Instant begun, const CallError& error, bool as_stored) {
  PastRead read{.begun = begun, .ended = Now(), .result = PastRead::Result::kWrong, .what = what};
  if (error.outcome() == Outcome::kDone) {
    if (as_stored) read.result = PastRead::Result::kAnswered;
    if (!as_stored) read.what += ": answered with something else";
    return read;
  }
  if (error.reason == "SUBJECT_ERASED" || error.reason == "ERASURE_IN_PROGRESS" ||
      error.reason == "RESOURCE_NOT_FOUND") {
    read.result = PastRead::Result::kGone;
  } else if (error.IsPassing()) {
    read.result = PastRead::Result::kPutOff;
  } else {
    read.what += ": " + error.ToText();
  }
  return read;
}

}  // namespace

absl::StatusOr<ReadPerson> MakeReadPerson(const Client& client, Rng& rng) {
  ReadPerson person{.email = MakeEmail(rng.Next()),
                    .data = MakeData(rng, "erase-reads", 1),
                    .erase_id = rng.RequestId()};
  const auto made = client.CreateSubject({person.email}, rng.RequestId());
  if (!made.ok()) return Failed("create", made.error());
  person.name = *made;
  const auto put = client.CreateRecord(person.name, kAccount, person.data, rng.RequestId());
  if (!put.ok()) return Failed("put", put.error());
  person.record = *put;
  return person;
}

PastRead ReadByName(const Client& client, const ReadPerson& person) {
  const Instant begun = Now();
  const auto got = client.GetRecord(person.record, kService);
  return Past("a get", begun, got.error(), got.ok() && got->data == person.data);
}

PastRead ReadInSomeWay(const Client& client, const ReadPerson& person, Rng& rng) {
  const Instant begun = Now();
  switch (rng.Below(3)) {
    case 0: {
      const auto found = client.Lookup(person.email, kService);
      return Past("a look-up", begun, found.error(), found.ok() && *found == person.name);
    }
    case 1: {
      const auto list = client.ListRecords(person.name, kService);
      return Past("a list", begun, list.error(),
                  list.ok() && list->size() == 1 && list->front().data == person.data);
    }
    default:
      return ReadByName(client, person);
  }
}

absl::Status EraseAtLast(const Client& client, const ReadPerson& person) {
  while (true) {
    const auto erased = client.Erase(person.name, person.erase_id);
    if (erased.ok()) return absl::OkStatus();
    if (!erased.error().IsPassing()) return Failed("erase", erased.error());
  }
}

}  // namespace lethe::test
