// The race of readers against an erasure.
#include <atomic>
#include <chrono>
#include <latch>
#include <mutex>
#include <thread>

#include "absl/strings/str_format.h"
#include "tests/system/race_run.h"
#include "tests/system/vault_folder.h"

namespace lethe::test {
namespace {

constexpr int kRecords = 48;
constexpr std::size_t kRecordBytes =
    60'000;  // Together far more than the network holds on its way.
// What may be on its way to a reader that does not read: gRPC's windows and one piece on each side.
constexpr std::size_t kOnItsWayMax = 1u << 20;
constexpr int kPageSize = 4;

using Instant = std::chrono::steady_clock::time_point;
Instant Now() { return std::chrono::steady_clock::now(); }

// The end of the erasure, as its caller saw it.
class Acknowledgement {
 public:
  void Come() {
    at_ = Now().time_since_epoch().count();
    came_.count_down();
  }
  void Wait() const { came_.wait(); }
  // Whether something begun at `begun` began after it.
  bool IsBefore(Instant begun) const {
    const auto at = at_.load();
    return at != 0 && begun.time_since_epoch().count() > at;
  }

 private:
  std::atomic<std::chrono::steady_clock::rep> at_ = 0;
  std::latch came_{1};
};

// Verdicts of several threads.
class Verdicts {
 public:
  void Add(Fault::Kind kind, const std::string& what) {
    const std::lock_guard lock(mutex_);
    faults_.push_back({kind, what});
  }
  const std::vector<Fault>& faults() const { return faults_; }

 private:
  std::mutex mutex_;
  std::vector<Fault> faults_;
};

// Before it began, or in its midst.
bool BrokeOff(const CallError& error) {
  return error.reason == "SUBJECT_ERASED" || error.reason == "ERASURE_IN_PROGRESS" ||
         error.code == absl::StatusCode::kAborted;
}

// A Reader does one kind of reading until it is refused; `ready` is told when it is in the midst.
struct Reader {
  const Client& client;
  const SubjectModel& subject;
  const Acknowledgement& erased;
  std::latch& ready;
  Verdicts& verdicts;

  // Judges one answer to a call begun at `begun`; false: there is no more to read.
  bool Judge(const char* what, const CallError& error, Instant begun) const {
    if (error.outcome() == Outcome::kDone) {
      if (erased.IsBefore(begun)) {
        verdicts.Add(Fault::Kind::kUndone, absl::StrFormat("%s after the acknowledgement", what));
        return false;
      }
      return true;
    }
    if (!BrokeOff(error)) {
      verdicts.Add(Fault::Kind::kLost, std::string(what) + ": " + error.ToText());
    }
    return false;
  }

  void GetAgainAndAgain() const {
    const std::string& name = subject.record_names.begin()->second;
    bool first = true;
    while (true) {
      const Instant begun = Now();
      const bool more = Judge("a get", client.GetRecord(name, kService).error(), begun);
      if (first) ready.count_down();
      first = false;
      if (!more) return;
    }
  }

  void ListAgainAndAgain() const {
    bool first = true;
    while (true) {
      const Instant begun = Now();
      const auto list = client.ListRecords(subject.name, kService, kPageSize);
      const bool more = Judge("a list", list.error(), begun);
      if (first) ready.count_down();
      first = false;
      if (!more) return;
    }
  }

  // Takes one piece, waits for the erasure to be acknowledged, and only then goes on.
  void StreamWithAPause(DocumentKind kind) const {
    const auto stream = client.OpenDocument(kind, subject.name);
    const bool begun = stream->Next().has_value();
    ready.count_down();
    erased.Wait();
    std::size_t bytes = 0;
    while (auto piece = stream->Next()) bytes += piece->size();
    const CallError end = stream->Finish();
    if (!begun) verdicts.Add(Fault::Kind::kLost, "a document did not begin");
    if (end.outcome() == Outcome::kDone) {
      verdicts.Add(Fault::Kind::kUndone, "a document was finished after the acknowledgement");
    } else if (!BrokeOff(end)) {
      verdicts.Add(Fault::Kind::kLost, "a document broke off with " + end.ToText());
    }
    if (bytes > kOnItsWayMax) {
      verdicts.Add(Fault::Kind::kUndone,
                   absl::StrFormat("%d bytes of a document after the acknowledgement", bytes));
    }
  }

  // Reads as fast as it can: the whole document before the erasure, or none of its trailer.
  void StreamAgainAndAgain(DocumentKind kind) const {
    bool first = true;
    while (true) {
      const Instant begun = Now();
      const auto document = client.Document(kind, subject.name);
      const bool more = Judge("a document", document.error(), begun);
      if (first) ready.count_down();
      first = false;
      if (!more) return;
    }
  }
};

}  // namespace

void RaceReadersAgainstErase(RaceTrack& track) {
  SubjectModel& subject = track.NewSubject("readers-erase");
  for (int i = 0; i < kRecords; ++i) track.PutOne(subject, kSupport, kRecordBytes);
  if (subject.record_names.empty()) return;  // Every put was refused, and blamed.
  const std::string erase_id = track.rng().RequestId();

  Acknowledgement erased;
  Verdicts verdicts;
  std::latch ready(6);
  const Reader reader = {track.client(), subject, erased, ready, verdicts};
  std::vector<std::thread> threads;
  threads.emplace_back([&] { reader.GetAgainAndAgain(); });
  threads.emplace_back([&] { reader.ListAgainAndAgain(); });
  threads.emplace_back([&] { reader.StreamWithAPause(DocumentKind::kReport); });
  threads.emplace_back([&] { reader.StreamWithAPause(DocumentKind::kExport); });
  threads.emplace_back([&] { reader.StreamAgainAndAgain(DocumentKind::kReport); });
  threads.emplace_back([&] { reader.StreamAgainAndAgain(DocumentKind::kExport); });
  ready.wait();
  const auto erasure = track.client().Erase(subject.name, erase_id);
  erased.Come();
  for (std::thread& thread : threads) thread.join();

  for (const Fault& fault : verdicts.faults()) track.Blame(fault.kind, subject, fault.text);
  if (!erasure.ok()) {
    return track.Blame(Fault::Kind::kLost, subject, "erase: " + erasure.error().ToText());
  }
  subject.erasure = *erasure;
  subject.Acknowledge(Erasure());
  ++track.totals().erases;
  track.CountAcknowledged(1);
}

}  // namespace lethe::test
