// The races of writers.
#include <algorithm>
#include <atomic>
#include <chrono>
#include <mutex>
#include <optional>

#include "absl/strings/str_format.h"
#include "tests/system/race_run.h"
#include "tests/system/starting_line.h"
#include "tests/system/vault_folder.h"

namespace lethe::test {
namespace {

constexpr int kWriters = 64;
constexpr std::size_t kPutters = 12;
constexpr std::size_t kPutsEach = 6;
constexpr int kErasers = 8;
constexpr int kNewcomers = 24;

using Instant = std::chrono::steady_clock::time_point;
Instant Now() { return std::chrono::steady_clock::now(); }

// One put of a race, prepared before it and judged after it.
struct RacingPut {
  std::string slot;
  std::string data;
  std::string request_id;
  std::optional<Answer<std::string>> answer;
  Instant begun;
};

RacingPut Prepare(RaceTrack& track, const std::string& slot) {
  return {slot, track.NewData(slot, 100), track.rng().RequestId(), {}, {}};
}

void Send(const Client& client, const std::string& subject, RacingPut& put) {
  put.begun = Now();
  put.answer = client.CreateRecord(subject, put.slot.substr(0, put.slot.find('-')), put.data,
                                   put.request_id);
}

void Enter(SubjectModel& subject, const RacingPut& put) {
  subject.record_names[put.slot] = **put.answer;
  subject.Acknowledge(Put(put.slot, put.data));
}

bool SaysErased(const CallError& error) {
  return error.reason == "SUBJECT_ERASED" || error.reason == "ERASURE_IN_PROGRESS";
}

}  // namespace

void RaceFirstPuts(RaceTrack& track) {
  SubjectModel& subject = track.NewSubject("first-puts");
  std::vector<RacingPut> puts;
  puts.reserve(kWriters);
  for (int i = 0; i < kWriters; ++i) {
    puts.push_back(Prepare(track, absl::StrFormat("%s-first-%d", kSupport, i)));
  }
  RunTogether(kWriters, [&](int i) {
    Send(track.client(), subject.name, puts[static_cast<std::size_t>(i)]);
  });
  for (const RacingPut& put : puts) {
    if (put.answer->ok()) {
      Enter(subject, put);
      track.CountAcknowledged(1);
    } else {
      track.Blame(Fault::Kind::kLost, subject, "a first put: " + put.answer->error().ToText());
    }
  }
}

void RaceEraseAgainstPuts(RaceTrack& track) {
  SubjectModel& subject = track.NewSubject("erase-puts");
  track.PutOne(subject, kAccount);
  std::vector<RacingPut> puts;
  puts.reserve(kPutters * kPutsEach);
  for (std::size_t i = 0; i < kPutters * kPutsEach; ++i) {
    puts.push_back(
        Prepare(track, absl::StrFormat("%s-late-%d", i % 3 == 0 ? kBilling : kSupport, i)));
  }
  const std::string erase_id = track.rng().RequestId();
  std::atomic<int> acknowledged = 0;
  std::optional<Answer<ErasureView>> erasure;
  Instant erased;
  RunTogether(static_cast<int>(kPutters) + 1, [&](int i) {
    const auto at = static_cast<std::size_t>(i);
    if (at == kPutters) {
      erasure = track.client().Erase(subject.name, erase_id);
      erased = Now();
      return;
    }
    for (std::size_t k = 0; k < kPutsEach; ++k) {
      RacingPut& put = puts[at * kPutsEach + k];
      Send(track.client(), subject.name, put);
      acknowledged += put.answer->ok() ? 1 : 0;
    }
  });
  track.CountAcknowledged(acknowledged);
  for (const RacingPut& put : puts) {
    if (put.answer->ok()) {
      Enter(subject, put);
      if (put.begun > erased) {
        track.Blame(Fault::Kind::kUndone, subject, "a put after the erasure was acknowledged");
      }
    } else if (!SaysErased(put.answer->error())) {
      track.Blame(Fault::Kind::kLost, subject, "a put: " + put.answer->error().ToText());
    }
  }
  if (!erasure->ok()) {
    return track.Blame(Fault::Kind::kLost, subject, "erase: " + erasure->error().ToText());
  }
  subject.erasure = **erasure;
  subject.Acknowledge(Erasure());
  ++track.totals().erases;
}

void RaceTwoErases(RaceTrack& track) {
  SubjectModel& subject = track.NewSubject("two-erases");
  track.PutOne(subject, kAccount);
  track.PutOne(subject, kSupport);
  std::vector<std::string> ids = {track.rng().RequestId(), track.rng().RequestId()};
  std::vector<std::optional<Answer<ErasureView>>> answers(2);
  RunTogether(2, [&](int i) {
    const auto at = static_cast<std::size_t>(i);
    answers[at] = track.client().Erase(subject.name, ids[at]);
  });
  for (const auto& answer : answers) {
    if (answer->ok()) {
      subject.erasure = **answer;
      ++track.totals().erases;
      track.CountAcknowledged(1);
    } else if (!SaysErased(answer->error())) {
      track.Blame(Fault::Kind::kLost, subject, "one of two: " + answer->error().ToText());
    }
  }
  if (!subject.erasure.has_value()) {
    return track.Blame(Fault::Kind::kLost, subject, "neither of two erasures was done");
  }
  subject.Acknowledge(Erasure());
}

void RaceNewcomersAgainstErases(RaceTrack& track) {
  std::vector<SubjectModel*> leaving;
  std::vector<std::string> erase_ids;
  for (int i = 0; i < kErasers; ++i) {
    leaving.push_back(&track.NewSubject(absl::StrFormat("leaving-%d", i)));
    track.PutOne(*leaving.back(), kAccount);
    erase_ids.push_back(track.rng().RequestId());
  }
  std::vector<SubjectModel*> coming;
  std::vector<RacingPut> puts;
  for (int i = 0; i < kNewcomers; ++i) {
    coming.push_back(&track.NewSubject(absl::StrFormat("coming-%d", i)));
    puts.push_back(Prepare(track, absl::StrFormat("%s-coming-%d", kAccount, i)));
  }
  std::vector<std::optional<Answer<ErasureView>>> erasures(kErasers);
  RunTogether(kErasers + kNewcomers, [&](int i) {
    const auto at = static_cast<std::size_t>(i);
    if (i < kErasers) {
      erasures[at] = track.client().Erase(leaving[at]->name, erase_ids[at]);
    } else {
      Send(track.client(), coming[at - kErasers]->name, puts[at - kErasers]);
    }
  });
  for (std::size_t i = 0; i < puts.size(); ++i) {
    if (puts[i].answer->ok()) {
      Enter(*coming[i], puts[i]);
      track.CountAcknowledged(1);
    } else {
      track.Blame(Fault::Kind::kLost, *coming[i], "put: " + puts[i].answer->error().ToText());
    }
  }
  for (std::size_t i = 0; i < erasures.size(); ++i) {
    if (!erasures[i]->ok()) {
      track.Blame(Fault::Kind::kLost, *leaving[i], "erase: " + erasures[i]->error().ToText());
      continue;
    }
    leaving[i]->erasure = **erasures[i];
    leaving[i]->Acknowledge(Erasure());
    ++track.totals().erases;
    track.CountAcknowledged(1);
  }
}

}  // namespace lethe::test
